// SPDX-License-Identifier: Apache-2.0
// Every page: a FastCGI request becomes a typed event, the service decides and commits, the answer goes back.
// See spec 5.4 (the host's word) and spec 6 (pages).
#pragma once

#include <memory>

#include "adapters/fastcgi/message.hpp"
#include "adapters/http/tools.hpp"

namespace twinlock::pages {

class App {
 public:
  explicit App(const http::Tools& tools);  // which outlive the app
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();

  // Answers at once or from the service's writer thread; callable from any thread. Blocks on a read of the
  // store only.
  void handle(fastcgi::Request request, fastcgi::Reply reply);

  // Wipes the answers that are kept for a double click and whose time is up. Call it about once a second and
  // at every request that does not come to handle(), which calls it too.
  void tidy();

  // The parameters and cookies that handle() reads; it looks at nothing else.
  fastcgi::Wanted wanted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace twinlock::pages
