// SPDX-License-Identifier: Apache-2.0
// Claim: a form is read as a second, plain reader reads it: known fields only, each once, each decoded once,
// and refused where that one refuses; a refusal names bytes of the form; and what is a code in it has six
// digits.
#include "adapters/http/form.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/http/code.hpp"
#include "fuzz/claim.hpp"

namespace {

using namespace twinlock::http;
using twinlock::fuzz::claim;
using Fields = std::map<std::string, std::string>;

constexpr FieldNames known{"form", "code", "recovery_code", "next"};

// '+' is a blank, "%" and two hexadecimal digits a byte; any other '%' is a fault.
std::optional<std::string> decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const std::string digits = text.substr(i + 1, 2);
      if (digits.size() != 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        return std::nullopt;
      out += static_cast<char>(std::stoi(digits, nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::optional<Fields> plainly_read(const std::string& body) {
  Fields fields;
  if (body.ends_with('&')) return std::nullopt;
  std::istringstream stream(body);
  for (std::string pair; std::getline(stream, pair, '&');) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) return std::nullopt;
    const auto name = decoded(pair.substr(0, equals)), value = decoded(pair.substr(equals + 1));
    const bool ours = name && !name->empty() && std::find(known.begin(), known.end(), *name) != known.end();
    if (!ours || !value || !fields.emplace(*name, *value).second) return std::nullopt;
  }
  return fields;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto form = parse_form(body, known);
  const auto plain = plainly_read(body);
  claim(form.has_value() == plain.has_value());
  if (!form) {
    claim(body.find(form.error()) != std::string::npos);
    return 0;
  }
  for (const std::string_view name : known) {
    const auto field = plain->find(std::string(name));
    claim(form->has(name) == (field != plain->end()));
    claim(form->get(name) == (field != plain->end() ? field->second : ""));
  }
  if (const auto code = read_code(form->get("code"))) {
    for (const std::uint8_t digit : code->digit) claim(digit >= '0' && digit <= '9');
  }
  return 0;
}
