// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/fresh.hpp"

namespace twinlock::http {

bool comes_from_replacing(const View& view) {
  return view.state == State::replacing ||
         (view.state == State::enrolling && !view.passes_without && !view.second_factor_required);
}

bool sign_in_is_stale(const config::Config& config, std::optional<Seconds> fresh_s, const View& view) {
  const Seconds limit_s = config.policy.fresh_s;
  return limit_s != 0 && fresh_s && *fresh_s > limit_s && !comes_from_replacing(view);
}

}  // namespace twinlock::http
