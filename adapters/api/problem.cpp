// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/problem.hpp"

#include "adapters/service/public_text.hpp"
#include "adapters/text/json.hpp"

namespace twinlock::api {
namespace {

constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view type_prefix = "urn:twinlock:problem:";
constexpr Seconds unavailable_retry_s = 5;

struct ProblemWords {
  std::string_view name;
  int status;
  std::string_view title;
  std::string_view detail;
};

// In the order of Problem.
constexpr ProblemWords problems[] = {
    {"malformed", 400, "Malformed request", "The request cannot be read."},
    {"unauthorized", 401, "No valid key", "This needs a key of the API as a bearer token."},
    {"scope", 403, "Key of another scope", "This key may not do that."},
    {"host_secret", 403, "Not through the web server", "The request did not come through the web server."},
    {"forbidden", 403, "Forbidden by policy", "This account must have a second factor."},
    {"locked", 403, "Locked",
     "100 wrong codes in a row: no code is evaluated. Only recovery or a reset leads out."},
    {"stale_sign_in", 403, "Sign in again first",
     "The person proved the first factor too long ago; ask for it anew, then begin again."},
    {"not_found", 404, "Not found", "There is nothing at this address."},
    {"method", 405, "Method not allowed",
     "This address does not know that method; Allow says which it knows."},
    {"wrong_state", 409, "Wrong state", "The account's state has nothing for this."},
    {"undeliverable", 409, "No address on file",
     "The recovery code is right, but there is no address to send the link to."},
    {"look_alike", 409, "Another spelling needs a code",
     "Another spelling of this account needs a code: never a yes. Ask for the account as it was set up."},
    {"body_too_large", 413, "Body too large", "The body is larger than 16 KiB."},
    {"media_type", 415, "Not JSON", "The body must be application/json, in UTF-8."},
    {"misformed", 422, "Misformed value",
     "The value cannot be what this member takes; nothing was evaluated."},
    {"rejected", 422, "Rejected", "Wrong, used before, or out of time."},
    {"throttled", 429, "Too many attempts",
     "Nothing was evaluated; try again after the time in Retry-After."},
    {"head_too_large", 431, "Header too large", "The request's header is larger than what is kept of one."},
    {"unavailable", 503, "Unavailable",
     "Nothing can be decided now; the reason is in the server's log. Try again."},
};
static_assert(std::size(problems) == static_cast<std::size_t>(Problem::unavailable) + 1);

// Returns whether a problem is the kernel's decision.
bool is_verdict(Problem problem) {
  return problem == Problem::forbidden || problem == Problem::locked || problem == Problem::wrong_state ||
         problem == Problem::undeliverable || problem == Problem::look_alike ||
         problem == Problem::rejected || problem == Problem::throttled;
}

}  // namespace

std::string& Json::member(std::string_view name) {
  out_ += out_.empty() ? "{\"" : ",\"";
  return out_.append(name).append("\":");
}

Json& Json::text(std::string_view name, std::string_view value) {
  member(name) += text::json_string(service::public_text(value, value.size()));
  return *this;
}

Json& Json::number(std::string_view name, std::uint64_t value) {
  member(name) += std::to_string(value);
  return *this;
}

Json& Json::number_or_null(std::string_view name, std::uint64_t value) {
  return value == 0 ? null(name) : number(name, value);
}

Json& Json::flag(std::string_view name, bool value) {
  member(name) += value ? "true" : "false";
  return *this;
}

Json& Json::null(std::string_view name) {
  member(name) += "null";
  return *this;
}

Json& Json::object(std::string_view name, const Json& value) {
  member(name) += value.done();
  return *this;
}

http::Response json_answer(int status, const Json& json) {
  http::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = json.done() + "\n";
  return response;
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

http::Response problem_answer(Problem problem, const ProblemFacts& facts) {
  const ProblemWords& kind = problems[static_cast<std::size_t>(problem)];
  const Seconds retry_s =
      problem == Problem::unavailable && facts.retry_after_s == 0 ? unavailable_retry_s : facts.retry_after_s;
  Json json;
  json.text("type", std::string(type_prefix).append(kind.name)).text("title", kind.title);
  json.number("status", static_cast<std::uint64_t>(kind.status));
  json.text("detail", facts.detail.empty() ? kind.detail : facts.detail);
  if (is_verdict(problem)) json.text("verdict", kind.name);
  if (!facts.field.empty()) json.text("field", facts.field);
  if (retry_s != 0) json.number("retry_after_s", retry_s);
  http::Response response = json_answer(kind.status, json);
  response.content_type = problem_type;
  if (kind.status == 429 || kind.status == 503) response.add("Retry-After", std::to_string(retry_s));
  return response;
}

}  // namespace twinlock::api
