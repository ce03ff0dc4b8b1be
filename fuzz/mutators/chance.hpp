// SPDX-License-Identifier: Apache-2.0
// A mutator's choices, all drawn from the one seed that the engine hands it, so that a run repeats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace twinlock::fuzz {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  // Below `limit`; 0 when that is 0.
  std::size_t below(std::size_t limit) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);  // splitmix64
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return limit == 0 ? 0 : static_cast<std::size_t>((z ^ (z >> 31U)) % limit);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <typename T, std::size_t N>
  const T& of(const T (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace twinlock::fuzz

// The engine's own change of bytes.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
