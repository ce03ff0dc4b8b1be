// SPDX-License-Identifier: Apache-2.0
// K13: handle(), view(), encode() and decode() use no heap, nor does BoringSSL when they call it.
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "property_tests/bounds/heap_hook.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

template <typename T>
void keep(const T& value) {
  __asm__ volatile("" : : "r"(&value) : "memory");
}

// Shows that the hook notices allocations in this program, in the C++ library and in BoringSSL.
TEST(Heap, TheHookNoticesAnAllocation) {
  std::size_t before = heap_calls();
  void* const p = std::malloc(1);
  keep(p);
  EXPECT_EQ(heap_calls() - before, 1U);
  std::free(p);
  EXPECT_EQ(heap_calls() - before, 2U);

  before = heap_calls();
  int* const number = new int(7);
  keep(number);
  EXPECT_EQ(heap_calls() - before, 1U);
  delete number;

  before = heap_calls();
  std::string text(100, 'x');
  keep(text);
  EXPECT_GE(heap_calls() - before, 1U);

  before = heap_calls();
  std::uint8_t mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EXPECT_NE(HMAC(EVP_sha1(), "key", 3, mac, 3, mac, &length), nullptr);
  EXPECT_GE(heap_calls() - before, 1U);  // why the kernel builds its HMAC over SHA-1 contexts
}

// Returns how many heap calls one event makes, together with view(), encode() and decode() of its result.
std::size_t asked(const World& w, const Event& e, const Fresh& fresh, Verdict& verdict) {
  const std::size_t before = heap_calls();
  const Outcome o = handle(w.record, e, {w.clock(), w.rules, w.account, fresh});
  const View v = view(o.record, w.clock(), HostWord::unsaid, w.rules);
  Encoded bytes;
  Record again;
  const bool stored = encode(o.record, bytes) && decode(bytes, again);
  const std::size_t calls = heap_calls() - before;
  EXPECT_TRUE(v.sound && stored);
  verdict = o.verdict;
  return calls;
}

TEST(Heap, NoEventAsksForAnything) {
  World enrolling, on, replacing;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  on.enroll();
  on.now += 300;
  on.unlock();
  World recovering = on, imported;
  recovering.recover();
  ASSERT_EQ(imported.send(import_of(64)), Verdict::accepted);
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(replacing.send(reset), Verdict::accepted);
  unsigned events = 0, accepted = 0;
  for (World w : {World{}, enrolling, on, imported, recovering, replacing}) {
    for (unsigned kind = 0; kind < kinds_count; ++kind) {
      for (Event e : {w.right(static_cast<Kind>(kind)), w.wrong(static_cast<Kind>(kind))}) {
        if (e.kind == Kind::verify) e.ticket = w.ticket;
        Verdict verdict{};
        EXPECT_EQ(asked(w, e, draw_fresh(w.random), verdict), 0U) << name(w.record.state) << " kind " << kind;
        ++events;
        accepted += verdict == Verdict::accepted;
      }
    }
  }
  EXPECT_GE(accepted, 40U);
  std::printf("figure: heap: 0 calls in %u events (%u accepted), each seen, encoded and decoded\n", events,
              accepted);
}

}  // namespace
}  // namespace twinlock::test
