// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/key_watch.hpp"

#include <openssl/mem.h>

#include <algorithm>

#include "adapters/text/ascii.hpp"

namespace twinlock::api {
namespace {

constexpr std::string_view bearer_scheme = "bearer ";

// RFC 6750, 2.1; the scheme's name in any case (RFC 9110, 11.1). "": not a bearer's.
std::string_view bearer_key(std::string_view authorization) {
  if (!text::equal_ignoring_case(authorization.substr(0, bearer_scheme.size()), bearer_scheme)) return {};
  authorization.remove_prefix(bearer_scheme.size());
  const std::size_t start = std::min(authorization.find_first_not_of(' '), authorization.size());
  return authorization.substr(start);
}

}  // namespace

KeyWatch::KeyWatch(std::string path, std::function<void(const std::string&)> say)
    : path_(std::move(path)), say_(std::move(say)) {}

KeyWatch::Stamp KeyWatch::stamp() const {
  struct stat status {};
  if (path_.empty() || ::stat(path_.c_str(), &status) != 0) return {};
  return {true, status.st_dev, status.st_ino, status.st_size, status.st_ctim};
}

KeyWatch::Keys KeyWatch::current() {
  const std::lock_guard lock(mutex_);
  const Stamp now = stamp();  // before reading: a change while it is read shows at the next look
  if (read_ && *read_ == now) return keys_;
  auto found = path_.empty() ? std::vector<ApiKey>{} : read_api_keys(path_);
  keys_ = found ? std::make_shared<const std::vector<ApiKey>>(std::move(*found)) : nullptr;
  read_ = found ? std::optional(now) : std::nullopt;  // what failed is tried again
  const std::string fault = found ? "" : found.error();
  if (say_ && fault != fault_)
    say_(fault.empty() ? "the API's keys are readable again" : "the API lets nobody in: " + fault);
  fault_ = fault;
  return keys_;
}

KeyWatch::Standing KeyWatch::standing() {
  const Keys keys = current();
  if (!keys) return Standing::unreadable;
  return keys->empty() ? Standing::off : Standing::on;
}

std::optional<KeyWatch::Caller> KeyWatch::caller(std::string_view authorization) {
  const Keys keys = current();
  const std::string_view shown = bearer_key(authorization);
  if (!keys || shown.empty()) return std::nullopt;
  const KeyHash hash = hash_of(shown);
  std::optional<Caller> out;
  for (const ApiKey& key : *keys) {
    if (CRYPTO_memcmp(hash.data(), key.hash.data(), hash.size()) == 0) out = Caller{key.scope, key.id()};
  }
  return out;
}

}  // namespace twinlock::api
