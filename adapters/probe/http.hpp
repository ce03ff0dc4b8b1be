// SPDX-License-Identifier: Apache-2.0
// One HTTP(S) request at a time, over libcurl, with nothing made better than it was asked for.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "adapters/probe/wire.hpp"

namespace twinlock::probe {

struct HttpOptions {
  std::string ca_file;    // PEM; "": the system's
  bool insecure = false;  // any certificate will do
};

class Http {
 public:
  static tl::expected<Http, std::string> open(HttpOptions options);

  Http(Http&&) noexcept;
  Http& operator=(Http&&) = delete;
  ~Http();

  // No redirect is followed, no cookie kept, no proxy asked; connections are kept between calls. HTTP/1.1:
  // what is written is what is sent. Takes 15 s at most.
  Reply send(const Request& request);

 private:
  struct Session;
  explicit Http(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace twinlock::probe
