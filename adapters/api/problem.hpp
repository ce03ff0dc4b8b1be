// SPDX-License-Identifier: Apache-2.0
// The API's answers: JSON, or problem details (RFC 9457) for whatever is not a success.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/response.hpp"
#include "kernel/limits.hpp"

namespace twinlock::api {

// Writes one JSON object member by member. Names must need no escaping.
class Json {
 public:
  Json& text(std::string_view name, std::string_view value);
  Json& number(std::string_view name, std::uint64_t value);
  Json& number_or_null(std::string_view name, std::uint64_t value);  // 0: null
  Json& flag(std::string_view name, bool value);
  Json& null(std::string_view name);
  Json& object(std::string_view name, const Json& value);
  std::string done() const { return out_.empty() ? "{}" : out_ + "}"; }

 private:
  std::string& member(std::string_view name);
  std::string out_;
};

http::Response json_answer(int status, const Json& json);
http::Response no_content();

// What `type` says; each has one status and one title (docs/api.md has the table).
enum class Problem : std::uint8_t {
  malformed,       // 400
  unauthorized,    // 401
  scope,           // 403
  host_secret,     // 403
  forbidden,       // 403: policy
  locked,          // 403
  stale_sign_in,   // 403: the first factor is to be proved anew
  not_found,       // 404
  method,          // 405
  wrong_state,     // 409
  undeliverable,   // 409
  look_alike,      // 409: another spelling of the account needs a code
  body_too_large,  // 413
  media_type,      // 415
  misformed,       // 422: never evaluated
  rejected,        // 422
  throttled,       // 429
  head_too_large,  // 431
  unavailable      // 503
};

struct ProblemFacts {
  std::string_view detail = {};  // a sentence; "": the problem's own
  std::string_view field = {};   // "": none is at fault
  Seconds retry_after_s = 0;     // 0: not said
};
http::Response problem_answer(Problem problem, const ProblemFacts& facts = {});

}  // namespace twinlock::api
