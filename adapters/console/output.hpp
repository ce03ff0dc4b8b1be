// SPDX-License-Identifier: Apache-2.0
// Prints tables and records for people, JSON for programs, and progress of long work.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::console {

// Exit codes; --help lists them.
inline constexpr int exit_ok = 0;
inline constexpr int exit_refused = 1;        // refused, or a negative finding
inline constexpr int exit_configuration = 2;  // usage or configuration
inline constexpr int exit_store = 3;          // database or key unavailable

// Holds one value in two forms: text for people and JSON for programs.
struct Value {
  std::string text;
  std::string json;
};

Value words(std::string_view bytes);  // anything from outside; made printable
Value number(std::uint64_t n);
Value yes_no(bool b);
Value moment(std::uint64_t seconds);    // since the epoch; 0: "-" and null
Value duration(std::uint64_t seconds);  // "1 h 5 min", and the number
Value nothing();                        // "-" and null

struct Field {
  std::string name;  // JSON's; people see it with blanks for underscores
  Value value;
};
using Fields = std::vector<Field>;

// One line each, names aligned; or one JSON object.
std::string record_text(const Fields& fields, bool json);

// A table with a header; or a JSON array of objects. `rows` all have the same names, `columns`.
std::string table_text(const std::vector<std::string>& columns, const std::vector<std::vector<Value>>& rows,
                       bool json);

void print(std::string_view text);       // standard output
void remark(std::string_view what);      // the same, of what is no error
void complain(std::string_view reason);  // "twinlock: ..." on standard error

// Shows a count on standard error, redrawn at most ten times a second; shows nothing if that is not a
// terminal.
class Progress {
 public:
  explicit Progress(std::string_view what);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step();
  void show(std::uint64_t count, std::uint64_t of);

 private:
  void draw(const std::string& count);

  std::string what_;
  std::uint64_t count_ = 0;
  std::int64_t drawn_ms_ = 0;
  bool terminal_;
};

}  // namespace twinlock::console
