// Claim: every request gets exactly one answer, with a sound head below 4 KiB; without a pass the gate of an
// account that is on stays shut; what is no POST changes nothing; and no answer says the account's secret.
//
// Input: lines "NAME=value" are parameters, "Cookie:name=value" cookies, "!" in front of a name repeats it;
// an empty line, then the body. In the body "@" stands for a form token that is right for the browser cookie
// below.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>

#include "adapters/http/app.hpp"
#include "adapters/http/encoding.hpp"
#include "adapters/http/form_token.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/http/response.hpp"
#include "adapters/memory_store/memory_store.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace {

using namespace twinlock;

constexpr const char* key_text =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";
constexpr http::Nonce browser{{1, 2, 3}};

void claim(bool holds) {
  if (!holds) std::abort();
}

class StillEnvironment final : public service::Environment {
 public:
  bool clock(Clock& out) override {
    out = {1'700'000'010, 1'700'000'010 / step_s};
    return true;
  }
  bool random(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(++count_ * 37U);
    return true;
  }

 private:
  std::atomic<std::uint32_t> count_{0};
};

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::Answer> promise;
  void deliver(fastcgi::Answer answer) override {
    promise.set_value(std::move(answer));
  }  // throws the second time
};

// "alice", who is on and whose secret nobody may hear.
struct World {
  keys::KeyRing keys = std::move(*keys::KeyRing::parse(key_text));
  StillEnvironment environment;
  store::MemoryStore store;
  config::Config config;
  service::Service service{store, keys, environment, {}};
  http::App app{service, keys, config, environment};
  store::Account alice = store::Account::from("alice").value();
  Secret secret{};

  World() {
    Event begin{};
    begin.kind = Kind::begin_enrollment;
    const auto begun = service.run({alice, begin, std::nullopt, "a@example.org", {}, {}, {}});
    const auto id = begun->value().enrollment_id.value();
    secret = service.pending(alice, id).value()->secret;
    Event confirm{};
    confirm.kind = Kind::confirm_enrollment;
    confirm.enrollment_id = id;
    Clock now{};
    environment.clock(now);
    const std::string code = reference::totp({std::begin(secret.b), std::end(secret.b)}, now.step);
    std::copy(code.begin(), code.end(), confirm.code.digit);
    claim(service.run({alice, confirm, std::nullopt, "a@example.org", {}, {}, {}})->value().verdict ==
          Verdict::accepted);
    service.start();
  }
  store::Version version() { return store.load(alice).value()->version; }
};

void set(fastcgi::Request& request, std::string name, std::string value) {
  const bool repeated = name.starts_with('!');
  if (repeated) name.erase(0, 1);
  if (request.find(name) == nullptr)
    request.parameters.push_back({std::move(name), std::move(value), repeated});
}

fastcgi::Request read_request(const std::string& input, const keys::KeyRing& keys) {
  fastcgi::Request request;
  std::size_t at = 0;
  while (at < input.size() && input[at] != '\n') {
    const std::size_t end = std::min(input.find('\n', at), input.size());
    const std::string line = input.substr(at, end - at);
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string value = line.substr(std::min(equals + 1, line.size()));
    if (line.starts_with("Cookie:")) {
      request.cookies.push_back({line.substr(7, equals - 7), value});
    } else {
      set(request, line.substr(0, equals), value);
    }
    at = end + 1;
  }
  request.body = input.substr(std::min(at + 1, input.size()));
  const std::string route(
      request.value("SCRIPT_NAME").substr(std::min<std::size_t>(4, request.value("SCRIPT_NAME").size())));
  const auto place = request.body.find('@');
  if (place != std::string::npos) {
    const std::string subject = "account:" + std::string(request.value("TWINLOCK_ACCOUNT"));
    request.body.replace(place, 1, http::make_form_token(keys, {browser, subject, route}, 1'700'000'010, {}));
  }
  request.cookies.push_back({"__Host-twinlock-browser", http::to_hex(browser)});
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<World> kept;  // until a form was sent to it, so that every finding repeats alone
  if (!kept) kept = std::make_unique<World>();
  World& world = *kept;
  const std::string input(reinterpret_cast<const char*>(data), size);
  fastcgi::Request request = read_request(input, world.keys);
  if (size % 5 == 0) request.role = fastcgi::Role::authorizer;
  const auto before = world.version();
  const bool posts = request.value("REQUEST_METHOD") == "POST";
  const bool gate = request.role == fastcgi::Role::authorizer && request.value("TWINLOCK_ACCOUNT") == "alice";

  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  world.app.handle(std::move(request), fastcgi::Reply(catcher));
  const fastcgi::Answer answer = future.get();

  claim(answer.head.starts_with("Status: ") && answer.head.ends_with("\r\n\r\n"));
  claim(answer.head.size() < http::head_bytes_limit &&
        answer.head.find("\r\n\r\n") == answer.head.size() - 4);
  if (gate) claim(!answer.head.starts_with("Status: 200"));
  if (!posts) claim(world.version() == before);
  const std::string key = http::grouped_key(world.secret);
  claim(answer.body.find(key) == std::string::npos || input.find(key) != std::string::npos);
  if (posts) kept.reset();
  return 0;
}
