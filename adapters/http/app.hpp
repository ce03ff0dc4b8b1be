// Every page and the gate: a FastCGI request becomes a typed event, the service decides and commits, the
// answer goes back. See spec 5.4 (the host's word), spec 6 (pages) and spec 7 (gate).
#pragma once

#include <memory>
#include <string>

#include "adapters/config/config.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/keys/key_ring.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::http {

class App {
 public:
  // All references outlive the app. `shared_secret`: what the parameter config.host.secret_name must hold on
  // every request; "": none is required (the caller refuses to listen on TCP then).
  App(service::Service& service, const keys::KeyRing& keys, const config::Config& config,
      service::Environment& environment, std::string shared_secret = {});
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();

  // Answers at once or from the service's writer thread; callable from any thread. Blocks on a read of the
  // store only.
  void handle(fastcgi::Request request, fastcgi::Reply reply);

  // Wipes what is kept for a double click and whose time is up. Call about once a second: handle() does so
  // too, but a quiet site has nobody who asks.
  void tidy();

  // The parameters and cookies that handle() reads; it looks at nothing else.
  fastcgi::Wanted wanted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace twinlock::http
