// SPDX-License-Identifier: Apache-2.0
// Runs twinlock-probe for doctor: sends it a request and returns its reply.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "adapters/helper/child.hpp"
#include "adapters/helper/frames.hpp"
#include "adapters/probe/wire.hpp"

namespace twinlock::doctor {

class Prober {
 public:
  // `options`: the program's own. The error is one line that says what to do.
  static tl::expected<Prober, std::string> start(const std::vector<std::string>& options);

  // Waits for the reply, 20 s at most; a probe that is gone is trouble with the connection.
  probe::Reply ask(const probe::Request& request);

 private:
  explicit Prober(helper::Child child) : child_(std::move(child)) {}

  bool receive();

  helper::Child child_;
  helper::Frames in_;
};

}  // namespace twinlock::doctor
