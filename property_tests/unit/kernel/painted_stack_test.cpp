// SPDX-License-Identifier: Apache-2.0
// K11: after handle() no secret, pending secret, token or HMAC midstate is left on the stack below the
// caller. 16 KiB are painted, handle() runs, the area is copied and searched for any eight bytes in a row of
// anything secret.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "property_tests/support/reference_totp.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

constexpr std::size_t area_bytes = 16384;
constexpr std::uint8_t paint_byte = 0xC6;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool instrumented = true;
#elif defined(__has_feature)
constexpr bool instrumented = __has_feature(address_sanitizer);
#else
constexpr bool instrumented = false;
#endif

std::uint8_t area_copy[area_bytes];

// Everything that handle() reads and writes lives here, off the stack.
struct Call {
  Record record;
  Event event;
  Situation situation;
  alignas(Outcome) unsigned char outcome[sizeof(Outcome)];
};
Call call_data;

[[gnu::noinline]] void paint() {
  std::uint8_t area[area_bytes];
  std::memset(area, paint_byte, area_bytes);
  __asm__ volatile("" : : "r"(&area[0]) : "memory");
}

// Copies what lies below this frame's base: the same bytes that paint() and handle() used.
[[gnu::noinline]] void copy_area() {
  const auto* top = static_cast<const volatile std::uint8_t*>(__builtin_frame_address(0));
  __asm__ volatile("" : "+r"(top));
  for (std::size_t i = 0; i < area_bytes; ++i) area_copy[i] = *(top - area_bytes + i);
}

[[gnu::noinline]] void run() {
  paint();
  new (call_data.outcome) Outcome(handle(call_data.record, call_data.event, call_data.situation));
  copy_area();
}

struct Needle {
  std::string what;
  std::vector<std::uint8_t> bytes;
};

Needle needle(const char* what, const std::uint8_t* p, std::size_t n) { return {what, {p, p + n}}; }

std::uint32_t rotate(std::uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

// The SHA-1 state after one block of the key, padded: what an attacker could compute every code from. In the
// order of memory on this machine.
std::vector<std::uint8_t> midstate(const TotpKey& key, std::uint8_t pad) {
  std::uint8_t block[64];
  std::memset(block, pad, sizeof block);
  for (std::size_t i = 0; i < totp_key_bytes_max; ++i)
    block[i] = static_cast<std::uint8_t>(block[i] ^ key.b[i]);
  std::uint32_t w[80];
  for (std::size_t t = 0; t < 16; ++t)
    w[t] = std::uint32_t{block[4 * t]} << 24 | std::uint32_t{block[4 * t + 1]} << 16 |
           std::uint32_t{block[4 * t + 2]} << 8 | block[4 * t + 3];
  for (std::size_t t = 16; t < 80; ++t) w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  const std::uint32_t start[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::uint32_t h[5];
  std::memcpy(h, start, sizeof h);
  for (std::size_t t = 0; t < 80; ++t) {
    std::uint32_t f = h[1] ^ h[2] ^ h[3], k = t < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
    if (t < 20) f = (h[1] & h[2]) | (~h[1] & h[3]), k = 0x5A827999;
    if (t >= 40 && t < 60) f = (h[1] & h[2]) | (h[1] & h[3]) | (h[2] & h[3]), k = 0x8F1BBCDC;
    const std::uint32_t next = rotate(h[0], 5) + f + h[4] + k + w[t];
    h[4] = h[3], h[3] = h[2], h[2] = rotate(h[1], 30), h[1] = h[0], h[0] = next;
  }
  std::vector<std::uint8_t> bytes(20);
  for (std::size_t i = 0; i < 5; ++i) h[i] += start[i];
  std::memcpy(bytes.data(), h, sizeof h);
  return bytes;
}

// `length`: the bytes of the key that are random; a padding alone is no secret.
void add_secret(std::vector<Needle>& all, const char* what, const TotpKey& key, std::size_t length) {
  all.push_back(needle(what, key.b, length));
  for (const std::uint8_t pad : {std::uint8_t{0x36}, std::uint8_t{0x5C}}) {
    all.push_back({std::string(what) + " midstate", midstate(key, pad)});
    TotpKey mixed = key;
    for (std::uint8_t& b : mixed.b) b = static_cast<std::uint8_t>(b ^ pad);
    all.push_back(needle("padded key", mixed.b, length));
    for (std::size_t i = 0; i + 4 <= length; i += 4) {  // as SHA-1 loads it: each word turned round
      std::swap(mixed.b[i], mixed.b[i + 3]);
      std::swap(mixed.b[i + 1], mixed.b[i + 2]);
    }
    all.push_back(needle("padded key, as words", mixed.b, length));
  }
}

std::vector<Needle> needles(Step step) {
  std::vector<Needle> all;
  const Call& c = call_data;
  std::vector<TotpKey> keys;
  if (c.record.secret_length != 0) {
    add_secret(all, "secret", c.record.secret, c.record.secret_length);
    keys.push_back(c.record.secret);
  }
  if (c.event.key_length != 0) add_secret(all, "imported key", c.event.key, c.event.key_length);
  for (const Secret* s : {&c.record.pending, &c.situation.fresh.secret})
    if (s->b[0] != 0 || s->b[1] != 0) {
      add_secret(all, "secret", padded(*s), secret_bytes);
      keys.push_back(padded(*s));
    }
  const Fresh& fresh = c.situation.fresh;
  const Event& e = c.event;
  for (const Token* t :
       {&fresh.recovery_code, &fresh.link, &fresh.asker, &fresh.grant, &fresh.ticket, &fresh.epoch,
        &fresh.enrollment_id, &e.recovery_code, &e.link, &e.asker, &e.grant, &e.ticket, &e.epoch,
        &e.enrollment_id, &c.record.recovery_hash, &c.record.voucher_hash})
    if (t->b[0] != 0 || t->b[1] != 0) all.push_back(needle("token", t->b, token_bytes));
  for (const TotpKey& key : keys) {
    for (Step at = step - 1; at <= step + 1; ++at) {
      reference::Bytes counter;
      for (int shift = 56; shift >= 0; shift -= 8) counter.push_back(static_cast<std::uint8_t>(at >> shift));
      all.push_back({"HMAC value", reference::hmac_sha1({key.b, key.b + totp_key_bytes_max}, counter)});
    }
  }
  return all;
}

std::string leftovers(Step step) {
  std::string found;
  for (const Needle& n : needles(step))
    for (std::size_t i = 0; i + 8 <= n.bytes.size(); ++i)
      if (const void* at = memmem(area_copy, area_bytes, n.bytes.data() + i, 8))
        found += n.what + " +" + std::to_string(i) + " at " +
                 std::to_string(area_copy + area_bytes - static_cast<const std::uint8_t*>(at)) + " below\n";
  return found;
}

std::size_t deepest_touched() {
  std::size_t i = 0;
  while (i < area_bytes && area_copy[i] == paint_byte) ++i;
  return area_bytes - i;
}

std::size_t deepest_of_all = 0;

Verdict run_in(World& w, const Event& e) {
  call_data.record = w.record;
  call_data.event = e;
  call_data.situation.clock = w.clock();
  call_data.situation.rules = w.rules;
  call_data.situation.account = w.account;
  call_data.situation.fresh = draw_fresh(w.random);
  run();
  EXPECT_EQ(leftovers(w.step()), "");
  deepest_of_all = std::max(deepest_of_all, deepest_touched());
  EXPECT_GT(deepest_touched(), 4096U);         // the paint was where handle() ran
  EXPECT_LT(deepest_touched(), 4096U + 512U);  // nothing ran below the scrubbed area
  return reinterpret_cast<const Outcome*>(call_data.outcome)->verdict;
}

TEST(PaintedStack, TheSearchFindsWhatIsThere) {
  World w;
  w.enroll();
  call_data.record = w.record;
  std::memset(area_copy, paint_byte, area_bytes);
  EXPECT_EQ(leftovers(w.step()), "");
  std::memcpy(area_copy + 4001, w.record.secret.b + 12, 8);
  EXPECT_NE(leftovers(w.step()), "");
  std::memset(area_copy, paint_byte, area_bytes);
  const std::vector<std::uint8_t> inner = midstate(w.record.secret, 0x36);
  std::memcpy(area_copy + 8001, inner.data(), 20);
  EXPECT_NE(leftovers(w.step()), "");
}

[[gnu::noinline]] void run_decode(const Encoded& in, Record& out) {
  paint();
  const bool good = decode(in, out);
  copy_area();
  EXPECT_TRUE(good);
}

TEST(PaintedStack, TheDecoderLeavesNothing) {
  if (instrumented) GTEST_SKIP() << "an instrumented stack is another stack";
  World w;
  w.enroll();
  w.recover();
  static Encoded in;
  static Record out;
  ASSERT_TRUE(encode(w.record, in));
  call_data = Call{};
  call_data.record = w.record;
  run_decode(in, out);
  EXPECT_EQ(leftovers(w.step()), "");
  EXPECT_GT(deepest_touched(), record_bytes);  // the paint was where decode() ran
}

TEST(PaintedStack, EveryEventLeavesNothing) {
  if (instrumented) GTEST_SKIP() << "an instrumented stack is another stack";
  World off;
  World enrolling = off;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  World on = off;
  on.enroll();
  on.unlock();
  World imported = off;
  ASSERT_EQ(imported.send(import_of(64)), Verdict::accepted);
  World recovering = on;
  recovering.recover();
  World replacing = on;
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(replacing.send(reset), Verdict::accepted);
  unsigned accepted = 0;
  for (World* w : {&off, &enrolling, &on, &imported, &recovering, &replacing}) {
    w->now += 60;
    for (unsigned kind = 0; kind < kinds_count; ++kind) {
      SCOPED_TRACE(std::string(name(w->record.state)) + " kind " + std::to_string(kind));
      Event right = w->right(static_cast<Kind>(kind));
      right.has_recovery_code = true;
      if (static_cast<Kind>(kind) == Kind::verify) right.ticket = w->ticket;
      if (run_in(*w, right) == Verdict::accepted) ++accepted;
      Event wrong = w->wrong(static_cast<Kind>(kind));
      for (Token* t : {&wrong.enrollment_id, &wrong.grant, &wrong.recovery_code, &wrong.link, &wrong.asker,
                       &wrong.ticket, &wrong.epoch})
        t->b[8] ^= 1U;
      run_in(*w, wrong);
    }
  }
  EXPECT_GE(accepted, 35U);
  std::printf(
      "figure: painted stack: %zu bytes touched below the caller, the 4096 of the scrubbed area included\n",
      deepest_of_all);
}

}  // namespace
}  // namespace twinlock::test
