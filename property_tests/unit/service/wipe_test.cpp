// SPDX-License-Identifier: Apache-2.0
// K11: secrets that the adapters hold are overwritten when they are no longer needed.
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "adapters/keys/secret_bytes.hpp"
#include "adapters/service/prepare.hpp"
#include "adapters/service/service.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

namespace {

constexpr std::uint8_t mark = 0xA7;

Token marked_token() {
  Token t;
  std::memset(t.b, mark, sizeof t.b);
  return t;
}

// Hides the object from the optimizer, so that the test reads what the destructor really left in memory.
template <typename T>
[[gnu::noinline]] void destroy(T* object) {
  std::destroy_at(object);
  __asm__ volatile("" : : "r"(object) : "memory");
}

// Counts the bytes of the mark in runs of four or more. Single ones do not count, because a pointer may hold
// such a byte by chance.
std::size_t marked_in(std::span<const std::uint8_t> bytes) {
  std::size_t marked = 0;
  for (auto at = bytes.begin(); at != bytes.end();) {
    const auto begin = std::find(at, bytes.end(), mark);
    at = std::find_if(begin, bytes.end(), [](std::uint8_t byte) { return byte != mark; });
    if (at - begin >= 4) marked += static_cast<std::size_t>(at - begin);
  }
  return marked;
}

// Returns how much of the mark is left where the object was.
template <typename T, typename Fill>
std::size_t left_of(const Fill& fill) {
  alignas(T) static std::uint8_t place[sizeof(T)];
  std::memset(place, 0, sizeof place);
  fill(place);
  EXPECT_GE(marked_in(place), 16U);
  destroy(reinterpret_cast<T*>(place));
  return marked_in(place);
}

TEST(Wiped, k11_an_answers_tokens) {
  const auto answer = [](Token Decision::*token, std::optional<Token> Decision::*perhaps) {
    return left_of<Decision>([&](void* place) {
      auto* made = new (place) Decision;
      if (token) made->*token = marked_token();
      if (perhaps) made->*perhaps = marked_token();
    });
  };
  EXPECT_EQ(answer(&Decision::epoch, nullptr), 0U);
  for (auto perhaps :
       {&Decision::enrollment_id, &Decision::recovery_code, &Decision::asker, &Decision::grant})
    EXPECT_EQ(answer(nullptr, perhaps), 0U);
}

TEST(Wiped, k11_what_an_operation_carries) {
  const auto operation = [](const auto& fill) {
    return left_of<Operation>(
        [&](void* place) { fill(*new (place) Operation{.account = Account::from("alice").value()}); });
  };
  for (auto token : {&Event::enrollment_id, &Event::grant, &Event::recovery_code, &Event::link, &Event::asker,
                     &Event::epoch})
    EXPECT_EQ(operation([&](Operation& o) { o.event.*token = marked_token(); }), 0U);
  EXPECT_EQ(operation([](Operation& o) { o.pass_epoch = marked_token(); }), 0U);
}

// Runs the work on a stack that outlives its thread, and returns how much of the mark is left there.
std::size_t left_on_the_stack(std::function<void()> work) {
  alignas(4096) static std::uint8_t stack[1 << 20];
  std::memset(stack, 0, sizeof stack);
  pthread_attr_t attributes;
  pthread_t thread{};
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstack(&attributes, stack, sizeof stack), 0);
  const auto start = [](void* what) -> void* {
    (*static_cast<std::function<void()>*>(what))();
    return nullptr;
  };
  EXPECT_EQ(pthread_create(&thread, &attributes, start, &work), 0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
  return marked_in(stack);
}

TEST(Wiped, k11_the_copy_of_the_event_that_the_kernel_is_given) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "locals do not live on the stack here";
#endif
  World world("memory");
  const Person person = world.enroll("alice", "alice@example.org");
  auto operation = operation_of(person.account, Kind::request_recovery);
  operation.event.recovery_code = marked_token();
  const Context context{world.store(), world.keys(), world.environment(), {}};
  EXPECT_EQ(left_on_the_stack([&] {
              const auto prepared = prepare(context, operation);
              ASSERT_TRUE(prepared);
              EXPECT_EQ(prepared->decision.verdict, Verdict::rejected);
            }),
            0U);
}

TEST(Wiped, k11_a_pending_secret) {
  EXPECT_EQ(
      left_of<Pending>([](void* place) { std::memset((new (place) Pending)->secret.b, mark, secret_bytes); }),
      0U);
}

TEST(Wiped, k11_bytes_that_were_opened) {
  std::vector<std::uint8_t> bytes(300, mark);
  { const keys::WipeAtEnd wipe(bytes); }
  EXPECT_EQ(std::count(bytes.begin(), bytes.end(), mark), 0);
}

}  // namespace

}  // namespace twinlock::service::test
