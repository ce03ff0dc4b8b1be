// SPDX-License-Identifier: Apache-2.0
// No target but a planted bug: what the engine, the stream mutator and the dictionary must find, from
// nothing, within the number of runs that campaign.py gives them. Not finding it is a failure of the
// campaign.
//
// Three conditions, each like one of a real claim's: an Authorizer's request that arrives whole, a host's
// name that was sent twice with the last value counting, and a wanted cookie with a value in the same
// request.
#include "fuzz/claim.hpp"
#include "fuzz/fastcgi_stream_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twinlock::fastcgi;
  trace::Tracer tracer({.requests_max = 3, .parameters_bytes_max = 4'096, .body_bytes_max = 512});
  tracer.feed(Bytes(data, size));
  for (const std::string& request : tracer.requests()) {
    const bool authorizer = request.starts_with("role 2 fault 0");
    const bool twice = request.find("TWINLOCK_ACCOUNT=alice (repeated)") != std::string::npos;
    const auto cookie = request.find("cookie __Host-");
    twinlock::fuzz::claim(!authorizer || !twice || cookie == std::string::npos);  // the bug
  }
  return 0;
}
