// SPDX-License-Identifier: Apache-2.0
// Claim: any split of any stream gives the same events and the same requests, and every event stays within
// its bounds.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "fuzz/fastcgi_stream_trace.hpp"

namespace {

using namespace twinlock::fastcgi;

// Pieces of 1 to `longest` bytes, drawn from the stream itself so that a finding repeats.
void feed_in_pieces(trace::Tracer& tracer, Bytes stream, std::uint32_t seed, std::size_t longest) {
  while (!stream.empty()) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    const std::size_t size = std::min<std::size_t>(1 + (seed >> 16) % longest, stream.size());
    tracer.feed(stream.first(size));
    stream = stream.subspan(size);
  }
}

std::uint32_t digest(Bytes stream) {
  std::uint32_t hash = 2'166'136'261U;
  for (const std::uint8_t byte : stream) hash = (hash ^ byte) * 16'777'619U;
  return hash;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes stream(data, size);
  const std::uint32_t seed = digest(stream);
  for (const bool answer_at_once : {true, false}) {
    const trace::Settings settings{.requests_max = 3,
                                   .parameters_bytes_max = 4'096,
                                   .body_bytes_max = 512,
                                   .answer_at_once = answer_at_once,
                                   .gather = true};
    trace::Tracer whole(settings);
    whole.feed(stream);
    for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, std::size_t{300}}) {
      trace::Tracer pieces(settings);
      feed_in_pieces(pieces, stream, seed, longest);
      trace::require(pieces == whole, "any split gives the same events");
    }
  }
  return 0;
}
