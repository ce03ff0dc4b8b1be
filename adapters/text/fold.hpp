// SPDX-License-Identifier: Apache-2.0
// Says which names are spellings of one another: what directories (LDAP, PAM, SQL, Active Directory) take for
// one person.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace twinlock::text {

// Returns the key that all spellings of `name` share: Unicode NFKC case folding without combining marks,
// without ignorable, control and format characters and without outer blanks; inner blanks become one space
// (RFC 4518, 2). Of a name of nothing but these: one space. A name that is not UTF-8: ASCII letters in lower
// case, and the same for its spaces. Total, and fold(fold(x)) == fold(x). At most 20 bytes for each byte of a
// `name` that is not empty.
std::string fold(std::string_view name);

// Names the rules and the library's Unicode tables, as "1 15.0.0 2.8.0": the number of the rules above,
// Unicode's version, the library's. Keys of two editions cannot be compared.
std::string fold_edition();

// Compares two editions by their numbers. nullopt: one of them is none.
std::optional<std::strong_ordering> compare_editions(std::string_view a, std::string_view b);

}  // namespace twinlock::text
