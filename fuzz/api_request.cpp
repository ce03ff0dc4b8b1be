// SPDX-License-Identifier: Apache-2.0
// Claim: every request to the API gets exactly one well-formed answer; without the right key and scope it is
// no success and nothing changes; what asks for a code succeeds for nobody whose right code is not in the
// body; only POST and DELETE change anything; no answer says the secret of who is on.
//
// Input: lines "NAME=value" are parameters, "!" in front of a name repeats it, ":down" (the store),
// ":authorizer" and ":fault=N" are what they say; an empty line, then the body. Words in angle brackets stand
// for what only their holders have: <app> and <operator> are keys, everything else is world.hpp's words in
// braces.
#include <simdjson.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "adapters/api/api.hpp"
#include "adapters/api/target.hpp"
#include "adapters/http/response.hpp"
#include "adapters/text/encoding.hpp"
#include "fuzz/claim.hpp"
#include "fuzz/world.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

constexpr const char* names[] = {"alice", "bob", "carol", "dave", "erin"};
const std::string app_key = "twl_" + std::string(64, 'a');
const std::string operator_key = "twl_" + std::string(64, 'b');

// A folder with the keys' file in it, for as long as the program runs.
class KeysFolder {
 public:
  KeysFolder() {
    std::string name = std::filesystem::temp_directory_path() / "twinlock-fuzz-XXXXXX";
    claim(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream file(path());
    file << "twinlock-api-keys 1\n"
         << "key app " << text::to_hex(api::hash_of(app_key)) << " 1 \n"
         << "key operator " << text::to_hex(api::hash_of(operator_key)) << " 1 \n";
    file.close();
    std::filesystem::permissions(path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  ~KeysFolder() { std::filesystem::remove_all(folder_); }
  KeysFolder(const KeysFolder&) = delete;
  KeysFolder& operator=(const KeysFolder&) = delete;
  std::string path() const { return folder_ + "/keys"; }

 private:
  std::string folder_;
};

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::EncodedResponse> promise;
  void deliver(fastcgi::EncodedResponse answer) override {
    promise.set_value(std::move(answer));
  }  // throws the second time
};

std::string filled(const fuzz::World& world, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('<'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.substr(0, 64).find('>');
    if (close == std::string_view::npos) return out.append(text);
    const std::string word(text.substr(1, close - 1));
    std::string value = word == "app"        ? app_key
                        : word == "operator" ? operator_key
                                             : world.fill("{" + word + "}");
    std::ranges::replace(value, '+', ' ');  // a code is filled up with a form's blanks
    out += value;
    text.remove_prefix(close + 1);
  }
  return out;
}

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
  const bool repeated = line.starts_with('!');
  const std::string name = line.substr(repeated ? 1 : 0, equals - (repeated ? 1 : 0));
  if (in.request.find(name) == nullptr) in.request.parameters.push_back({name, value, repeated});
}

// A request without SCRIPT_NAME has the one that a server would make of its target.
void decode_path(fastcgi::Request& request) {
  if (request.find("SCRIPT_NAME") != nullptr) return;
  const std::string_view target = request.value("REQUEST_URI");
  if (auto path = text::percent_decode(target.substr(0, target.find('?'))))
    request.parameters.push_back({"SCRIPT_NAME", std::move(*path), false});
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
  decode_path(in.request);
  return in;
}

bool shows(const fastcgi::Request& request, const std::string& key) {
  const fastcgi::Parameter* shown = request.find("HTTP_AUTHORIZATION");
  return shown != nullptr && !shown->repeated && shown->value.ends_with(" " + key);
}

bool for_operators(std::string_view path) {
  return path.ends_with("/reset") || path.ends_with("/unlock") || path.ends_with("/audit") ||
         path.ends_with("/metrics");
}

// What the body's member "code" says, read without the API; "": nothing.
std::string digits_of(const std::string& body) {
  simdjson::dom::parser parser;
  std::string_view code;
  if (parser.parse(body)["code"].get(code) != simdjson::SUCCESS) return {};
  std::string digits(code);
  std::erase_if(digits, [](char c) { return c == ' ' || c == '-'; });
  return digits;
}

bool holds_right_code(const fuzz::World& world, std::string_view path, const std::string& body) {
  const std::string digits = digits_of(body);
  for (const char* name : names) {
    if (path.find("/accounts/" + std::string(name) + "/") == std::string_view::npos) continue;
    for (const char* step : {"-1", "0", "1"}) {
      const std::string right = world.fill("{code " + std::string(name) + " " + step + "}");
      if (digits.size() == code_digits && right.starts_with(digits)) return true;
    }
  }
  return false;
}

void claim_sound(const fastcgi::EncodedResponse& answer, bool head_only) {
  claim(answer.head.starts_with("Status: ") && answer.head.ends_with("\r\n\r\n"));
  claim(answer.head.size() < http::head_bytes_limit &&
        answer.head.find("\r\n\r\n") == answer.head.size() - 4);
  claim(answer.head.find("Cache-Control: no-store\r\n") != std::string::npos);
  const bool success = answer.head[8] == '2';
  const bool problem = answer.head.find("Content-Type: application/problem+json\r\n") != std::string::npos;
  claim(success != problem);
  if (head_only) return claim(answer.body.empty());
  if (answer.head.starts_with("Status: 204")) return claim(answer.body.empty());
  claim(answer.head.find("Content-Length: " + std::to_string(answer.body.size()) + "\r\n") !=
        std::string::npos);
  if (answer.head.find("json\r\n") == std::string::npos || answer.head.find("ndjson") != std::string::npos)
    return;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  claim(parser.parse(answer.body).get(object) == simdjson::SUCCESS);
  std::int64_t status = 0;
  if (problem)
    claim(object["status"].get(status) == simdjson::SUCCESS &&
          std::to_string(status) == answer.head.substr(8, 3));
}

void claim_unsaid(const fuzz::World& world, const fastcgi::EncodedResponse& answer) {
  for (const char* name : {"alice", "carol"}) {
    std::string key = world.shown_key(name);
    std::erase(key, ' ');
    claim(!key.empty() && answer.body.find(key) == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::World world;
  static const KeysFolder folder;
  static api::KeyWatch keys(folder.path());
  static api::Api api(world.service(), world.store(), world.config(), keys,
                      [] { return std::string("counted 1\n"); });
  world.restore();
  Input in = read_input(filled(world, {reinterpret_cast<const char*>(data), size}));
  const std::string method(in.request.value("REQUEST_METHOD"));
  const std::string path = std::string(in.request.value("SCRIPT_NAME")).append(in.request.value("PATH_INFO"));
  const bool let_in = shows(in.request, for_operators(path) ? operator_key : app_key);
  const bool by_code = path.ends_with("/verify") || path.ends_with("/disable") ||
                       path.ends_with("/recovery-code") || path.ends_with("/enrollment/confirm");
  const bool right = holds_right_code(world, path, in.request.body);
  const bool store_down = in.store_down;
  std::array<store::Version, std::size(names)> before{};
  std::transform(std::begin(names), std::end(names), before.begin(),
                 [](const char* name) { return world.version(name); });
  if (store_down) world.break_store();

  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  api.handle(std::move(in.request), fastcgi::Reply(catcher));
  const fastcgi::EncodedResponse answer = future.get();

  claim_sound(answer, method == "HEAD");
  claim_unsaid(world, answer);
  const bool success = answer.head[8] == '2';
  const bool writes = method == "POST" || method == "DELETE";
  if (success) claim(let_in && (!by_code || right) && (!store_down || path.ends_with("/metrics")));
  world.mend_store();
  if (writes && let_in) return 0;
  for (std::size_t i = 0; i < before.size(); ++i) claim(world.version(names[i]) == before[i]);
  return 0;
}
