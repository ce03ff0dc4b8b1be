// SPDX-License-Identifier: Apache-2.0
#include "property_tests/constant_time/secrets.hpp"

#include <valgrind/memcheck.h>

#include <cstdlib>

namespace twinlock::ct {

const Declassification declassifications[facts_max] = {
    {"the result of gather_tokens()",
     "whether each 128-bit value that was sent is the one that is kept: what the decision rests on, and so "
     "the "
     "verdict that the person is told."},
    {"the result of gather_code()",
     "whether one of the three candidates matched, and at which step of the (public) clock: the verdict says "
     "it."},
    {"the result of same()",
     "one bit: whether a presented digest, id or epoch is the one that is kept. It is the verdict "
     "(wrong_holder, "
     "rejected) or goes into it with the other proofs."},
    {"the result of absent()",
     "one bit: whether a field is all zero. The account's state, which every page shows, says which fields "
     "are "
     "there; a digest or a drawn secret is never all zero."},
    {"whether zeros follow a key",
     "one bit: whether an imported key, or a record's, ends where its public length says. A record that is "
     "kept and an import that is accepted always do."},
    {"the result of is_code()",
     "one bit: whether what was sent is six digits. It is answered as such (malformed), before any secret is "
     "looked at, and whoever sent it knows it."},
    {"whether CRYPTO_memcmp() found a difference",
     "one bit: whether a pass, form token, known-browser cookie, shared secret or API key is right. The "
     "answer says "
     "it."},
};

namespace {
std::size_t used[facts_max];
}

void make_secret(void* p, std::size_t n) { static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(p, n)); }

void make_public(Fact fact, void* p, std::size_t n) {
  ++used[static_cast<std::size_t>(fact)];
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(p, n));
}

std::size_t uses(Fact fact) { return used[static_cast<std::size_t>(fact)]; }

bool depends_on_secret(const void* p, std::size_t n) {
  const auto* bytes = static_cast<const std::uint8_t*>(p);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t undefined = 0;
    if (VALGRIND_GET_VBITS(bytes + i, &undefined, 1) != 1) std::abort();
    if (undefined != 0) return true;
  }
  return false;
}

unsigned reports() { return static_cast<unsigned>(VALGRIND_COUNT_ERRORS); }

bool watched() { return RUNNING_ON_VALGRIND != 0; }

}  // namespace twinlock::ct
