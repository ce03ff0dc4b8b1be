// SPDX-License-Identifier: Apache-2.0
// Claim: the API's reader of bodies takes exactly the objects that a plain reading takes: known members, each
// once and of its own type, the required ones there; and it reads the same values. What it names as the field
// at fault is printable.
#include <simdjson.h>

#include <string>

#include "adapters/api/body.hpp"
#include "adapters/service/public_text.hpp"
#include "fuzz/claim.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

constexpr api::Member known[] = {
    {"code", api::Type::text, true}, {"email", api::Type::text, false}, {"known", api::Type::flag, false}};

struct Plain {
  bool good = false;
  std::string code, email;
  bool flag = false;
};

// The same, by counting.
Plain plain_reading(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  Plain out;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) return out;
  int codes = 0, emails = 0, flags = 0, others = 0;
  for (const auto& [name, value] : object) {
    std::string_view text;
    const bool is_text = value.get(text) == simdjson::SUCCESS;
    if (name == "code" && is_text) {
      ++codes;
      out.code = text;
    } else if (name == "email" && is_text) {
      ++emails;
      out.email = text;
    } else if (name == "known" && value.get(out.flag) == simdjson::SUCCESS) {
      ++flags;
    } else {
      ++others;
    }
  }
  out.good = codes == 1 && emails <= 1 && flags <= 1 && others == 0;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string json(reinterpret_cast<const char*>(data), size);
  const auto body = api::read_body(json, known);
  const Plain plain = plain_reading(json);
  claim(body.has_value() == plain.good);
  if (!body) {
    const std::string& field = body.error().field;
    claim(!body.error().detail.empty() && service::public_text(field, 40) == field);
    return 0;
  }
  claim(body->text("code") == plain.code && body->text("email") == plain.email);
  claim(body->flag("known") == plain.flag && body->has("code") && !body->has("other"));
  return 0;
}
