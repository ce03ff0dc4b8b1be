// SPDX-License-Identifier: Apache-2.0
// Claim: whatever is accepted as the next page, a browser reads as a path of the same site; whatever is not
// comes out empty.
#include "adapters/pages/next_path.hpp"

#include <cstdint>
#include <string>

#include "fuzz/claim.hpp"
#include "fuzz/local_path.hpp"

using namespace twinlock::pages;
using twinlock::fuzz::claim;
using twinlock::fuzz::stays_on_the_site;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const bool local = is_local_path(text);
  if (local) claim(stays_on_the_site(text));
  std::string next;
  claim(read_next("next=" + text, next));
  claim(next == (local ? text : std::string()));
  const std::size_t half = size / 2;
  const std::string joined = to_local_path(text.substr(0, half), text.substr(half));
  claim(joined.empty() || (is_local_path(joined) && stays_on_the_site(joined)));
  return 0;
}
