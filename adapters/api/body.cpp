// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/body.hpp"

#include <fmt/format.h>
#include <openssl/mem.h>
#include <simdjson.h>

#include <algorithm>

#include "adapters/service/public_text.hpp"
#include "adapters/text/ascii.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::api {
namespace {

using Document = simdjson::dom::object;

constexpr std::size_t json_bytes_max = 65'536;  // the server's bound on a body is lower
constexpr std::size_t depth_max = 8;            // our objects are flat; deeper nesting is refused unread
constexpr std::size_t field_bytes_max = 40;

std::string shown(std::string_view name) { return service::public_text(name, field_bytes_max); }

// Holds a parser and the padded copy that it reads; wipes both.
class Parsed {
 public:
  explicit Parsed(std::string_view json) : padded_(json), parser_(json_bytes_max) {
    error_ = parser_.allocate(std::max<std::size_t>(json.size(), 1), depth_max);
    simdjson::dom::element root;
    if (error_ == simdjson::SUCCESS) error_ = parser_.parse(padded_).get(root);
    if (error_ == simdjson::SUCCESS) error_ = root.get(object_);
  }
  ~Parsed() {
    OPENSSL_cleanse(padded_.data(), padded_.size());
    if (!parser_.doc.string_buf) return;
    const std::size_t capacity = parser_.doc.capacity();  // the buffer is at least 5/3 of it
    OPENSSL_cleanse(parser_.doc.string_buf.get(), 5 * capacity / 3);
  }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  simdjson::error_code error() const { return error_; }
  const Document& object() const { return object_; }

 private:
  simdjson::padded_string padded_;
  simdjson::dom::parser parser_;
  simdjson::error_code error_ = simdjson::SUCCESS;
  Document object_;
};

// `text` with each byte that is not UTF-8 replaced.
std::string mended(std::string_view text, char with) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = text::first_character(text).bytes;
    out += bytes == 0 ? std::string_view(&with, 1) : text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

// Finds the member with the bytes that are not UTF-8: replaces them in two ways and looks which member
// differs.
std::string broken_member(std::string_view json) {
  const Parsed one(mended(json, '?'));
  const Parsed other(mended(json, '!'));
  if (one.error() != simdjson::SUCCESS || other.error() != simdjson::SUCCESS) return {};
  auto right = other.object().begin();
  for (const auto& [name, value] : one.object()) {
    if (!(right != other.object().end())) break;
    if (name != right.key() || simdjson::minify(value) != simdjson::minify(right.value())) return shown(name);
    ++right;
  }
  return {};
}

BodyFault syntax_fault(simdjson::error_code error, std::string_view json) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return {"The body is not UTF-8.", broken_member(json)};
    case simdjson::INCORRECT_TYPE:
      return {"The body is not a JSON object.", {}};
    case simdjson::DEPTH_ERROR:
      return {"The body is nested too deeply.", {}};
    default:
      return {"The body is not well-formed JSON.", {}};
  }
}

}  // namespace

// Fills a Body from a parsed object.
class BodyReader {
 public:
  explicit BodyReader(std::span<const Member> known) : known_(known) {}

  tl::expected<Body, BodyFault> read(const Document& object) {
    for (const auto& [name, value] : object) {
      if (auto fault = take(name, value)) return tl::unexpected(std::move(*fault));
    }
    for (const Member& member : known_) {
      if (member.required && !body_.has(member.name))
        return tl::unexpected(BodyFault{"This member is missing.", std::string(member.name)});
    }
    return std::move(body_);
  }

 private:
  std::optional<BodyFault> take(std::string_view name, const simdjson::dom::element& value) {
    const auto member = std::ranges::find(known_, name, &Member::name);
    if (member == known_.end()) return BodyFault{"This operation knows no such member.", shown(name)};
    if (body_.has(name)) return BodyFault{"This member is there twice.", shown(name)};
    Body::Value kept{member->name, {}, false, 0};
    std::string_view text;
    if (member->type == Type::flag) {
      if (value.get(kept.flag) != simdjson::SUCCESS)
        return BodyFault{"This member takes true or false.", shown(name)};
    } else if (member->type == Type::number) {
      if (value.get(kept.number) != simdjson::SUCCESS)
        return BodyFault{"This member takes a whole number that is not negative.", shown(name)};
    } else {
      if (value.get(text) != simdjson::SUCCESS) return BodyFault{"This member takes a string.", shown(name)};
      kept.text = text;
    }
    body_.values_.push_back(std::move(kept));
    return std::nullopt;
  }

  std::span<const Member> known_;
  Body body_;
};

Body::~Body() {
  for (Value& value : values_) OPENSSL_cleanse(value.text.data(), value.text.size());
}

const Body::Value* Body::find(std::string_view name) const {
  const auto found = std::ranges::find(values_, name, &Value::name);
  return found == values_.end() ? nullptr : &*found;
}

std::string_view Body::text(std::string_view name) const {
  const Value* value = find(name);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

bool Body::flag(std::string_view name) const {
  const Value* value = find(name);
  return value != nullptr && value->flag;
}

std::optional<std::uint64_t> Body::number(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  return value->number;
}

tl::expected<Body, BodyFault> read_body(std::string_view json, std::span<const Member> known) {
  const Parsed parsed(json);
  if (parsed.error() != simdjson::SUCCESS) return tl::unexpected(syntax_fault(parsed.error(), json));
  return BodyReader(known).read(parsed.object());
}

bool is_json_type(std::string_view content_type) {
  std::string plain;
  for (const char c : content_type) {
    if (c == ' ' || c == '\t') continue;
    plain += text::lower(c);
  }
  return plain == "application/json" || plain == "application/json;charset=utf-8" ||
         plain == "application/json;charset=\"utf-8\"";
}

}  // namespace twinlock::api
