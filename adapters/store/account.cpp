// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/store/port.hpp"

namespace twinlock::store {

namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::optional<Account> Account::from(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > account_bytes_max) return std::nullopt;
  if (std::any_of(bytes.begin(), bytes.end(), is_control)) return std::nullopt;
  return Account(bytes);
}

}  // namespace twinlock::store
