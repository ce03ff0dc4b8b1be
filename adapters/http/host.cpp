// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/host.hpp"

#include <openssl/mem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/text/mail_address.hpp"

namespace twinlock::http {
namespace {

constexpr std::string_view from_browser = "HTTP_";

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

Digest digest(std::string_view text) {
  Digest out{};
  SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), out.data());
  return out;
}

// Takes the same time for every value and every length that was sent.
bool equal(std::string_view a, std::string_view b) {
  const Digest left = digest(a);
  const Digest right = digest(b);
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view value(const fastcgi::Request& request, const std::string& name) {
  return name.starts_with(from_browser) ? std::string_view() : request.value(name);
}

bool repeated(const fastcgi::Request& request, const std::string& name) {
  const fastcgi::Parameter* parameter = request.find(name);
  return parameter != nullptr && parameter->repeated;
}

bool secret_holds(const fastcgi::Request& request, const std::string& name, std::string_view shared_secret) {
  if (shared_secret.empty()) return true;
  const bool right = equal(value(request, name), shared_secret);
  return right && !repeated(request, name);
}

// nullopt: sent, and neither "0" nor "1". An empty value is none of these either: a web server that was to
// send the word and lost it must not pass for one that says nothing.
std::optional<HostWord> read_required(const fastcgi::Request& request, const std::string& name) {
  if (name.empty() || name.starts_with(from_browser) || request.find(name) == nullptr)
    return HostWord::unsaid;
  const std::string_view sent = request.value(name);
  if (sent == "0") return HostWord::not_required;
  if (sent == "1") return HostWord::required;
  return std::nullopt;
}

// Digits alone, at most ten. False: anything else, the empty value too, for the same reason as above.
bool read_fresh(const fastcgi::Request& request, const std::string& name, std::optional<Seconds>& out) {
  if (name.empty() || name.starts_with(from_browser) || request.find(name) == nullptr) return true;
  const std::string_view sent = request.value(name);
  if (sent.empty() || sent.size() > 10) return false;
  Seconds seconds = 0;
  const auto [end, fault] = std::from_chars(sent.data(), sent.data() + sent.size(), seconds);
  out = seconds;
  return fault == std::errc{} && end == sent.data() + sent.size();
}

}  // namespace

std::vector<std::string> host_names(const config::Host& names) {
  std::vector<std::string> out;
  for (const std::string& name : {names.account, names.email, names.label, names.session, names.required,
                                  names.fresh, names.secret_name}) {
    if (!name.empty() && !name.starts_with(from_browser)) out.push_back(name);
  }
  return out;
}

HostFault read_host(const fastcgi::Request& request, const config::Host& names,
                    std::string_view shared_secret, HostPerson& out) {
  if (!secret_holds(request, names.secret_name, shared_secret)) return HostFault::secret;
  for (const std::string& name :
       {names.account, names.email, names.label, names.session, names.required, names.fresh}) {
    if (repeated(request, name)) return HostFault::repeated;
  }
  const auto required = read_required(request, names.required);
  if (!required || !read_fresh(request, names.fresh, out.fresh_s)) return HostFault::malformed;
  const std::string_view account = value(request, names.account);
  if (!account.empty()) {
    out.required = *required;
    out.account = store::Account::from(account);
    if (!out.account) return HostFault::malformed;
  }
  if (const std::string_view email = value(request, names.email); text::valid_mail_address(email))
    out.email = email;
  out.session = value(request, names.session);
  const std::string_view label = value(request, names.label);
  const bool sound = !label.empty() && label.size() <= label_bytes_max &&
                     std::none_of(label.begin(), label.end(), is_control);
  out.label = sound ? label : account;
  return HostFault::none;
}

}  // namespace twinlock::http
