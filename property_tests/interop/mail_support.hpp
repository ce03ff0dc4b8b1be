// SPDX-License-Identifier: Apache-2.0
// What the mail tests run: a real SMTP server in a process of its own, with a folder for each test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::mail::test {

// A fresh folder, removed at the end.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// docs/examples/demo/smtp_sink.py on a free port; ends with this object, and with this process however that
// ends.
class Sink {
 public:
  explicit Sink(std::vector<std::string> options);
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink();

  std::string port() const { return port_; }
  std::vector<std::string> mails() const;  // whole files, in the order of their arrival, LF endings

 private:
  Folder folder_;
  std::string port_;
  pid_t pid_ = -1;
  int input_ = -1;  // the sink stops when this is closed
};

// A key and a self-signed certificate for "localhost" and 127.0.0.1, made for the run.
struct Certificate {
  std::string certificate_file;
  std::string key_file;
};
Certificate make_certificate(const Folder& folder);

void write_file(const std::string& path, std::string_view text, unsigned mode);

// The value of a header of a mail; "": there is none.
std::string header(const std::string& mail, std::string_view name);

// Looks again and again until `condition` holds; false after `at_most`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds at_most = std::chrono::seconds(20));

}  // namespace twinlock::mail::test
