// SPDX-License-Identifier: Apache-2.0
// A program of ours as a child: run to its end, or watched while it runs. Bounded in time; stopped by its
// pid.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace twinlock::test {

struct Result {
  int code = -1;  // 128 + signal where one ended it
  std::string out;
  std::string err;
};

class Child {
 public:
  // `folder`: where it runs. Its standard input is empty, its environment ours.
  Child(const std::vector<std::string>& command, const std::string& folder);
  ~Child();  // kills
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Reads what it writes until a line of standard error contains `word`; false: it ended, or 30 s were over.
  bool wait_for(const std::string& word);
  Result finish();  // waits for its end, at most 30 s; then kills it

 private:
  bool read_some(int wait_ms);
  void reap();

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::optional<int> code_;
  Result result_;
};

Result run(const std::vector<std::string>& command, const std::string& folder);

std::uint16_t free_port();  // of 127.0.0.1: nobody listens on it now

// A folder of one's own, removed with all that is in it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  unsigned mode(const std::string& name) const;  // permission bits; 07777: no such file
  bool has(const std::string& name) const { return mode(name) != 07777U; }

 private:
  std::string path_;
};

}  // namespace twinlock::test
