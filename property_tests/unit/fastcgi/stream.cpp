// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/fastcgi/stream.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace twinlock::fastcgi::test {
namespace {

char low(std::size_t number) { return static_cast<char>(number & 0xFF); }

std::string length_of(std::size_t length) {
  if (length < 128) return {low(length)};
  return {static_cast<char>(0x80 | (length >> 24)), low(length >> 16), low(length >> 8), low(length)};
}

int byte_at(std::string_view stream, std::size_t at) { return static_cast<unsigned char>(stream[at]); }

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + " is missing");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string record(int type, int id, std::string_view content, std::size_t padding) {
  std::string out{1,
                  static_cast<char>(type),
                  low(static_cast<std::size_t>(id) >> 8),
                  low(static_cast<std::size_t>(id)),
                  low(content.size() >> 8),
                  low(content.size()),
                  low(padding),
                  0};
  out += content;
  return out + std::string(padding, '\x5a');
}

std::string begin(int id, int role, bool keep) {
  std::string body(8, '\0');
  body[0] = low(static_cast<std::size_t>(role) >> 8);
  body[1] = low(static_cast<std::size_t>(role));
  body[2] = keep ? 1 : 0;
  return record(1, id, body);
}

std::string pair(std::string_view name, std::string_view value) {
  return length_of(name.size()) + length_of(value.size()) + std::string(name) + std::string(value);
}

std::string request(int id, const Parameters& parameters, std::string_view body, int role, bool keep) {
  std::string pairs;
  for (const auto& [name, value] : parameters) pairs += pair(name, value);
  std::string out = begin(id, role, keep);
  for (std::string_view rest = pairs; !rest.empty();
       rest.remove_prefix(std::min<std::size_t>(rest.size(), 65'535)))
    out += record(4, id, rest.substr(0, 65'535));
  out += record(4, id);
  if (role != 1) return out;
  for (; !body.empty(); body.remove_prefix(std::min<std::size_t>(body.size(), 8'000)))
    out += record(5, id, body.substr(0, 8'000));
  return out + record(5, id);
}

Bytes bytes_of(std::string_view stream) {
  return {reinterpret_cast<const std::uint8_t*>(stream.data()), stream.size()};
}

std::vector<Record> take_records(std::string& stream) {
  std::vector<Record> out;
  std::size_t at = 0;
  while (stream.size() - at >= 8) {
    const auto content = static_cast<std::size_t>(byte_at(stream, at + 4) * 256 + byte_at(stream, at + 5));
    const auto padding = static_cast<std::size_t>(byte_at(stream, at + 6));
    if (stream.size() - at < 8 + content + padding) break;
    const int id = byte_at(stream, at + 2) * 256 + byte_at(stream, at + 3);
    out.push_back({byte_at(stream, at + 1), id, stream.substr(at + 8, content), static_cast<int>(padding)});
    at += 8 + content + padding;
  }
  stream.erase(0, at);
  return out;
}

std::vector<Capture> captures() {
  const std::filesystem::path folder = TWINLOCK_CAPTURES;
  std::istringstream index(read_file(folder / "INDEX.txt"));
  std::vector<Capture> out;
  for (std::string line; std::getline(index, line);) {
    std::istringstream fields(line);
    std::string name;
    std::size_t size = 0;
    fields >> name >> size >> std::ws;
    std::string records;
    std::getline(fields, records);
    out.push_back({name, read_file(folder / name), records});
    if (out.back().stream.size() != size)
      throw std::runtime_error(name + " has another size than its index says");
  }
  return out;
}

Capture capture(std::string_view name) {
  for (Capture& one : captures())
    if (one.name == std::string(name) + ".bin") return std::move(one);
  throw std::runtime_error("no capture " + std::string(name));
}

}  // namespace twinlock::fastcgi::test
