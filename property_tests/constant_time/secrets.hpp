// SPDX-License-Identifier: Apache-2.0
// What memcheck is told: which bytes are secret (it takes them for undefined) and which single facts about
// them may be known, each with its reason. memcheck then reports every branch and every address that depends
// on a secret byte.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinlock::ct {

// Every place where something derived from a secret becomes public. There is no other: no suppressions.
enum class Fact : std::uint8_t { tokens, code, same, absent, key_ends, well_formed, mac_agrees };
inline constexpr std::size_t facts_max = 7;

struct Declassification {
  const char* what;
  const char* reason;
};
extern const Declassification declassifications[facts_max];

void make_secret(void* p, std::size_t n);
void make_public(Fact fact, void* p, std::size_t n);

// How often a fact was made public so far.
[[nodiscard]] std::size_t uses(Fact fact);

// Says whether any bit of the n bytes depends on a secret. Reports nothing itself.
[[nodiscard]] bool depends_on_secret(const void* p, std::size_t n);

// Branches and addresses reported so far.
[[nodiscard]] unsigned reports();
[[nodiscard]] bool watched();  // under valgrind

template <typename T>
void make_secret(T& value) {
  make_secret(&value, sizeof value);
}
template <typename T>
bool depends_on_secret(const T& value) {
  return depends_on_secret(&value, sizeof value);
}

}  // namespace twinlock::ct
