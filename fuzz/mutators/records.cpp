// SPDX-License-Identifier: Apache-2.0
#include "fuzz/mutators/records.hpp"

#include <algorithm>

namespace twinlock::fuzz {
namespace {

constexpr std::size_t content_bytes_max = 65'535;

bool take_length(std::string_view& in, std::size_t& out) {
  if (in.empty()) return false;
  const std::size_t bytes = (in[0] & 0x80) != 0 ? 4 : 1;
  if (in.size() < bytes) return false;
  out = static_cast<std::uint8_t>(in[0]) & 0x7FU;
  for (std::size_t i = 1; i < bytes; ++i) out = out << 8U | static_cast<std::uint8_t>(in[i]);
  in.remove_prefix(bytes);
  return true;
}

void add_length(std::string& out, std::size_t length) {
  if (length >= 0x80)
    for (const unsigned shift : {24U, 16U, 8U})
      out += static_cast<char>((shift == 24U ? 0x80U : 0U) | length >> shift);
  out += static_cast<char>(length);
}

}  // namespace

Records read_records(const std::uint8_t* data, std::size_t size) {
  Records out;
  for (std::size_t at = 0; at + 8 <= size;) {
    const std::uint8_t* h = data + at;
    const std::size_t content = std::size_t{h[4]} << 8U | h[5];
    const std::size_t taken = std::min(content, size - at - 8);
    out.push_back({h[1], static_cast<std::uint16_t>(h[2] << 8U | h[3]),
                   std::string(reinterpret_cast<const char*>(h) + 8, taken), h[6], h[7]});
    at += 8 + content + h[6];
  }
  return out;
}

std::string write_records(const Records& records) {
  std::string out;
  for (const Record& r : records) {
    const std::size_t size = std::min(r.content.size(), content_bytes_max);
    for (const std::size_t byte :
         {std::size_t{1}, std::size_t{r.type}, std::size_t{r.id} >> 8U, std::size_t{r.id}, size >> 8U, size,
          std::size_t{r.padding}, std::size_t{r.reserved}})
      out += static_cast<char>(byte);
    out.append(r.content, 0, size).append(r.padding, '\0');
  }
  return out;
}

Pairs read_pairs(const std::string& content) {
  Pairs out;
  std::string_view in = content;
  std::size_t name = 0, value = 0;
  while (take_length(in, name) && take_length(in, value)) {
    const std::string_view first = in.substr(0, name);
    in.remove_prefix(first.size());
    const std::string_view second = in.substr(0, value);
    in.remove_prefix(second.size());
    out.emplace_back(first, second);
  }
  return out;
}

std::string write_pairs(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    add_length(out, name.size());
    add_length(out, value.size());
    out += name + value;
  }
  return out;
}

}  // namespace twinlock::fuzz
