// SPDX-License-Identifier: Apache-2.0
// A case is one call with every secret in it undefined. What it returns is what went wrong besides what
// memcheck reports: another result than expected, a public field that depends on a secret, or a secret that
// was not one (then nothing was watched). "": nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace twinlock::ct {

struct Case {
  std::string name;  // "code ...", "token ...", "mac ..." (a twin says by it which cases must notice it)
  std::function<std::string()> run;
};

// Whether derived bytes are marked as secret too: the key ring's subkeys, the hash of a presented API key.
extern bool derived_is_secret;

[[nodiscard]] const std::vector<Case>& event_cases();  // handle()
[[nodiscard]] const std::vector<Case>& layer_cases();  // what handle() is made of, one function a case
[[nodiscard]] const std::vector<Case>&
adapter_cases();  // passes, form tokens, the host's shared secret, API keys

}  // namespace twinlock::ct
