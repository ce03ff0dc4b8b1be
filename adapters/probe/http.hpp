// SPDX-License-Identifier: Apache-2.0
// Sends one HTTP(S) request at a time with libcurl, exactly as it was given.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "adapters/probe/wire.hpp"

namespace twinlock::probe {

struct HttpOptions {
  std::string ca_file;    // PEM; "": the system's
  bool insecure = false;  // accept any certificate
};

class Http {
 public:
  static tl::expected<Http, std::string> open(HttpOptions options);

  Http(Http&&) noexcept;
  Http& operator=(Http&&) = delete;
  ~Http();

  // Follows no redirect, keeps no cookie, uses no proxy; keeps connections between calls. HTTP/1.1, so that
  // the request is sent as it is written. Takes 15 s at most.
  Reply send(const Request& request);

 private:
  struct Session;
  explicit Http(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace twinlock::probe
