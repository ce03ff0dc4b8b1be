// SPDX-License-Identifier: Apache-2.0
// Builds streams of FastCGI records, reads them from the captures, and takes them apart with a reader that
// shares nothing with the parser under test.
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

// Returns a whole request: BEGIN, PARAMS and, for a Responder, STDIN.
std::string request(int id, const Parameters& parameters, std::string_view body = {}, int role = 1,
                    bool keep = true);

Bytes bytes_of(std::string_view stream);

// Takes every whole record off the front of `stream` and leaves the rest.
std::vector<Record> take_records(std::string& stream);

struct Capture {
  std::string name;
  std::string stream;
  std::string index_line;  // the records as INDEX.txt lists them; ends with "..." where the list was cut
};
std::vector<Capture> captures();
Capture capture(std::string_view name);

}  // namespace twinlock::fastcgi::test
