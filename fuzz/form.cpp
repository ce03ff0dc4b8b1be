// Claim: every form that is read means the same when it is written again, holds known fields only, each once;
// every refusal names bytes of the form.
#include "adapters/http/form.hpp"

#include <cstdint>
#include <string>

#include "adapters/http/code.hpp"
#include "adapters/http/encoding.hpp"
#include "fuzz/claim.hpp"

namespace {

using namespace twinlock::http;
using twinlock::fuzz::claim;

constexpr FieldNames known{"form", "code", "recovery_code", "next"};

std::string written(const Form& form) {
  std::string out;
  for (const std::string_view name : known) {
    if (!form.has(name)) continue;
    if (!out.empty()) out += '&';
    out += std::string(name) + "=" + percent_encode(form.get(name));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto form = parse_form(body, known);
  if (!form) {
    claim(body.find(form.error()) != std::string::npos);
    return 0;
  }
  const auto again = parse_form(written(*form), known);
  claim(again.has_value());
  for (const std::string_view name : known) {
    claim(again->has(name) == form->has(name));
    claim(again->get(name) == form->get(name));
  }
  if (const auto code = read_code(form->get("code"))) {
    for (const std::uint8_t digit : code->digit) claim(digit >= '0' && digit <= '9');
  }
  return 0;
}
