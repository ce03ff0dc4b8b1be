// SPDX-License-Identifier: Apache-2.0
// The adapters' compares: of a MAC under keys that are secret, of the host's shared secret, of an API
// key's hash. Reading a cookie's text is not part of it: whoever sends it knows it.
#include <filesystem>

#include "adapters/api/key_watch.hpp"
#include "adapters/config/config.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/pass.hpp"
#include "adapters/pages/form_token.hpp"
#include "adapters/system/private_file.hpp"
#include "adapters/text/encoding.hpp"
#include "property_tests/constant_time/cases.hpp"
#include "property_tests/constant_time/secrets.hpp"

namespace twinlock::ct {
namespace {

constexpr Seconds now = 1700000000;
constexpr Seconds life_s = 3600;
constexpr char key_text[] = "twinlock-keys 1\nkey 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= current\n";

// The same keys twice: known ones make what a browser holds, secret ones check it.
keys::KeyRing ring_of(bool secret) {
  derived_is_secret = secret;
  auto made = keys::KeyRing::parse(key_text);
  derived_is_secret = false;
  return std::move(*made);
}

std::string judged(bool let_in, bool right) {
  if (let_in == right) return "";
  return let_in ? "let in what is wrong" : "refused what is right";
}

// Another last digit: agrees with the right one up to its last half byte.
std::string spoiled(std::string stamp) {
  stamp.back() = stamp.back() == '0' ? '1' : '0';
  return stamp;
}

constexpr http::Nonce nonce{{9, 8, 7}};

std::string pass(bool right) {
  Token epoch{{1, 2, 3}};
  const http::PassFacts facts{"alice", "session", epoch};
  const std::string cookie = http::make_pass(ring_of(false), facts, now, life_s, nonce);
  const keys::KeyRing keys = ring_of(true);
  make_secret(epoch);
  return judged(http::check_pass(keys, facts, now, life_s, right ? cookie : spoiled(cookie)), right);
}

std::string known_browser(bool right) {
  Token epoch{{1, 2, 3}};
  const http::KnownFacts facts{"alice", epoch};
  const std::string cookie = http::make_known(ring_of(false), facts, now, life_s, nonce);
  const keys::KeyRing keys = ring_of(true);
  make_secret(epoch);
  return judged(http::check_known(keys, facts, now, life_s, right ? cookie : spoiled(cookie)), right);
}

std::string form_token(bool right) {
  http::Nonce browser = nonce;
  const pages::FormFacts facts{browser, "account:alice", "/2fa/challenge"};
  const std::string token = pages::make_form_token(ring_of(false), facts, now, nonce);
  const keys::KeyRing keys = ring_of(true);
  make_secret(browser);
  return judged(pages::check_form_token(keys, facts, now, right ? token : spoiled(token)).has_value(), right);
}

// Marks the presented MAC as secret too: only its sender may learn from the time whether it is right.
std::string mac(bool right) {
  const std::vector<std::uint8_t> message = {1, 2, 3};
  keys::Mac presented = ring_of(false).mac(keys::MacPurpose::pass, message);
  if (!right) presented.back() ^= 1U;
  const keys::KeyRing keys = ring_of(true);
  make_secret(presented);
  if (!depends_on_secret(keys.mac(keys::MacPurpose::pass, message))) return "the keys were no secret";
  return judged(keys.check_mac(keys::MacPurpose::pass, keys.current(), message, presented), right);
}

std::string host_secret(bool right) {
  std::string kept = "a shared secret of the web server";
  const config::Host names;
  fastcgi::Request request;
  request.parameters = {{names.secret_name, right ? kept : spoiled(kept), false},
                        {names.account, "alice", false}};
  make_secret(kept.data(), kept.size());
  std::string& sent = request.parameters.front().value;
  make_secret(sent.data(), sent.size());
  http::HostPerson word;
  return judged(http::read_host(request, names, kept, word) == http::HostFault::none, right);
}

// A temporary folder; the destructor deletes it.
struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "twinlock-ct-XXXXXX").string();
  Folder() {
    if (::mkdtemp(path.data()) == nullptr) path.clear();
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string api_key(bool right) {
  const Folder folder;
  const std::string key = "twl_0123456789";
  const std::string path = folder.path + "/api.keys";
  const std::string text =
      "twinlock-api-keys 1\nkey app " + text::to_hex(api::hash_of(key)) + " 1700000000 test\n";
  if (folder.path.empty() || !system::write_new_file(path, {text.begin(), text.end()}))
    return "cannot write " + path;
  api::KeyWatch watch(path);
  derived_is_secret = true;
  const bool let_in = watch.caller("Bearer " + (right ? key : spoiled(key))).has_value();
  derived_is_secret = false;
  return judged(let_in, right);
}

}  // namespace

bool derived_is_secret = false;

const std::vector<Case>& adapter_cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> out;
    const auto both = [&out](const std::string& name, std::string (*run)(bool)) {
      out.push_back({name + " right", [run] { return run(true); }});
      out.push_back({name + " wrong", [run] { return run(false); }});
    };
    both("mac pass", pass);
    both("mac known browser", known_browser);
    both("mac form token", form_token);
    both("mac alone", mac);
    both("mac host secret", host_secret);
    both("mac of an API key", api_key);
    return out;
  }();
  return all;
}

}  // namespace twinlock::ct
