// Streams of FastCGI records for the tests: built, read from the captures, and taken apart by a reader of
// their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/fastcgi/pairs.hpp"

namespace twinlock::fastcgi::test {

struct Record {
  int type = 0;
  int id = 0;
  std::string content;
  int padding = 0;
};

std::string record(int type, int id, std::string_view content = {}, std::size_t padding = 0);
std::string begin(int id, int role = 1, bool keep = true);
std::string pair(std::string_view name, std::string_view value);

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A whole request: BEGIN, PARAMS and, of a Responder, STDIN.
std::string request(int id, const Parameters& parameters, std::string_view body = {}, int role = 1,
                    bool keep = true);

Bytes bytes_of(std::string_view stream);

// Every whole record at the front of `stream`; what is left is cut off it.
std::vector<Record> take_records(std::string& stream);

struct Capture {
  std::string name;
  std::string stream;
  std::string index_line;  // the records as INDEX.txt lists them; ends with "..." where the list was cut
};
std::vector<Capture> captures();
Capture capture(std::string_view name);

}  // namespace twinlock::fastcgi::test
