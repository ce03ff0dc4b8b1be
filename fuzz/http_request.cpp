// SPDX-License-Identifier: Apache-2.0
// Claim: every request gets exactly one answer, with a sound head below 4 KiB; the gate says yes to nobody
// but who is off and need not have a factor, or shows the pass that was made for this account; nothing
// changes but by a POST of this very site with a form that was minted; no answer sends a browser elsewhere or
// says a secret that is not its own.
//
// Input: lines "NAME=value" are parameters, "Cookie:name=value" cookies, "!" in front of a name repeats it,
// ":authorizer", ":down" (the store) and ":fault=N" are what they say; an empty line, then the body. Words in
// braces stand for what only their holders have (world.hpp).
#include <algorithm>
#include <array>
#include <future>
#include <memory>
#include <string>

#include "adapters/http/response.hpp"
#include "fuzz/claim.hpp"
#include "fuzz/local_path.hpp"
#include "fuzz/world.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

constexpr const char* names[] = {"alice", "bob", "carol", "dave", "erin"};

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::EncodedResponse> promise;
  void deliver(fastcgi::EncodedResponse answer) override {
    promise.set_value(std::move(answer));
  }  // throws the second time
};

struct Input {
  fastcgi::Request request;
  bool store_down = false;
};

void read_line(const std::string& line, Input& in) {
  const std::size_t equals = std::min(line.find('='), line.size());
  const std::string value = line.substr(std::min(equals + 1, line.size()));
  if (line == ":authorizer") in.request.role = fastcgi::Role::authorizer;
  if (line == ":down") in.store_down = true;
  if (line.starts_with(":fault=")) in.request.fault = static_cast<fastcgi::RequestFault>(value.size() % 4);
  if (line.starts_with(':')) return;
  if (line.starts_with("Cookie:")) {
    in.request.cookies.push_back({line.substr(7, equals - std::min<std::size_t>(7, equals)), value});
    return;
  }
  const bool repeated = line.starts_with('!');
  const std::string name = line.substr(repeated ? 1 : 0, equals - (repeated ? 1 : 0));
  if (in.request.find(name) == nullptr) in.request.parameters.push_back({name, value, repeated});
}

Input read_input(const std::string& text) {
  Input in;
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\n') {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    read_line(text.substr(at, end - at), in);
    at = end + 1;
  }
  in.request.body = text.substr(std::min(at + 1, text.size()));
  return in;
}

bool shows_pass(const fastcgi::Request& request, const std::string& pass) {
  const auto is_it = [&pass](const fastcgi::Cookie& c) { return c.value == pass; };
  return !pass.empty() && std::any_of(request.cookies.begin(), request.cookies.end(), is_it);
}

// Whether the gate may say yes: not asked of the gate's own code.
bool may_pass(fuzz::World& world, const Input& in) {
  const std::string account(in.request.value("TWINLOCK_ACCOUNT"));
  if (in.store_down || in.request.fault != fastcgi::RequestFault::none || account.empty()) return false;
  if (account == "dave") return false;
  const fastcgi::Parameter* required = in.request.find("TWINLOCK_REQUIRED");
  if (required != nullptr && (required->repeated || (required->value != "0" && required->value != "1")))
    return false;
  if (const fastcgi::Parameter* fresh = in.request.find("TWINLOCK_FRESH"); fresh != nullptr) {
    const bool digits = fresh->value.find_first_not_of("0123456789") == std::string::npos;
    if (fresh->repeated || fresh->value.empty() || fresh->value.size() > 10 || !digits) return false;
  }
  if (account != "alice" && account != "carol")  // off, or enrolling from off
    return required == nullptr || required->value == "0";
  return in.request.value("TWINLOCK_SESSION").empty() && shows_pass(in.request, world.pass(account));
}

// Whether it must, with a pass: nothing is odd about this request.
bool must_pass(fuzz::World& world, const Input& in) {
  return may_pass(world, in) && in.request.value("TWINLOCK_ACCOUNT") == "alice" &&
         in.request.cookies.size() == 1 &&
         in.request.cookies[0].name == "__Host-twinlock-pass-2bd806c97f0e00af" &&
         std::none_of(in.request.parameters.begin(), in.request.parameters.end(),
                      [](const fastcgi::Parameter& p) { return p.repeated; });
}

bool asks_gate(const fastcgi::Request& request) {
  const std::string path = std::string(request.value("SCRIPT_NAME")).append(request.value("PATH_INFO"));
  return request.role == fastcgi::Role::authorizer || path == "/2fa/gate";
}

// Whether anything may change.
bool may_write(const fastcgi::Request& request, const std::string& text) {
  const fastcgi::Parameter* site = request.find("HTTP_SEC_FETCH_SITE");
  const bool ours = site != nullptr ? site->value == "same-origin"
                                    : request.value("HTTP_ORIGIN") == config::Site{}.base_url;
  return ours && request.value("REQUEST_METHOD") == "POST" && text.find("{form ") != std::string::npos;
}

void claim_sound(const fastcgi::EncodedResponse& answer) {
  claim(answer.head.starts_with("Status: ") && answer.head.ends_with("\r\n\r\n"));
  claim(answer.head.size() < http::head_bytes_limit &&
        answer.head.find("\r\n\r\n") == answer.head.size() - 4);
  for (std::size_t at = 0; (at = answer.head.find("\r\nLocation: ", at)) != std::string::npos; at += 2) {
    const std::string path = answer.head.substr(at + 12, answer.head.find('\r', at + 12) - at - 12);
    claim(fuzz::stays_on_the_site(path));
  }
}

// A set-up page shows its key to the browser that began alone.
void claim_unsaid(const fuzz::World& world, const std::string& input,
                  const fastcgi::EncodedResponse& answer) {
  const bool began = input.find(world.fill("{enrollment erin}")) != std::string::npos;
  for (const char* name : names) {
    const std::string key = world.shown_key(name);
    claim(key.empty() || answer.body.find(key) == std::string::npos ||
          (began && std::string_view(name) == "erin") || input.find(key) != std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::World world;
  world.restore();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string input = world.fill(text);
  Input in = read_input(input);
  const bool gate = asks_gate(in.request), may = may_pass(world, in), must = must_pass(world, in);
  const bool writes = may_write(in.request, text);
  std::array<store::Version, std::size(names)> before{};
  std::transform(std::begin(names), std::end(names), before.begin(),
                 [](const char* name) { return world.version(name); });
  if (in.store_down) world.break_store();

  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  world.router().handle(std::move(in.request), fastcgi::Reply(catcher));
  const fastcgi::EncodedResponse answer = future.get();

  claim_sound(answer);
  const bool yes = answer.head.starts_with("Status: 200");
  if (gate) claim((!yes || may) && (yes || !must));
  claim_unsaid(world, input, answer);
  if (in.store_down) claim(!answer.head.starts_with("Status: 303"));
  if (writes) return 0;
  world.mend_store();
  for (std::size_t i = 0; i < before.size(); ++i) claim(world.version(names[i]) == before[i]);
  return 0;
}
