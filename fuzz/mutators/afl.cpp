// SPDX-License-Identifier: Apache-2.0
// The same mutators under AFL++: a library for AFL_CUSTOM_MUTATOR_LIBRARY, linked with history.cpp or
// stream.cpp. AFL++'s own stages run beside it.
#include <algorithm>
#include <cstring>

#include "fuzz/mutators/chance.hpp"

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed);

namespace {

using twinlock::fuzz::Chance;

struct Mutator {
  Chance chance;
  std::vector<std::uint8_t> out;
};

Chance& byte_chance() {
  static Chance chance(1);
  return chance;
}

unsigned int seed(Chance& chance) { return static_cast<unsigned int>(chance.below(1U << 31U)); }

}  // namespace

// libFuzzer brings its own.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  Chance& chance = byte_chance();
  const std::size_t at = chance.below(size + 1);
  const std::size_t how = size == 0 ? 0 : chance.below(3);
  if (how == 0 && size < max_size) {
    std::memmove(data + at + 1, data + at, size - at);
    data[at] = static_cast<std::uint8_t>(chance.below(256));
    return size + 1;
  }
  if (size == 0) return 0;
  const std::size_t place = std::min(at, size - 1);
  if (how == 1) {
    std::memmove(data + place, data + place + 1, size - place - 1);
    return size - 1;
  }
  data[place] = static_cast<std::uint8_t>(data[place] ^ 1U << chance.below(8));
  return size;
}

extern "C" void* afl_custom_init(void* /*afl*/, unsigned int seed) { return new Mutator{Chance(seed), {}}; }

extern "C" void afl_custom_deinit(void* mutator) { delete static_cast<Mutator*>(mutator); }

extern "C" std::size_t afl_custom_fuzz(void* mutator, std::uint8_t* data, std::size_t size,
                                       std::uint8_t** out, std::uint8_t* other, std::size_t other_size,
                                       std::size_t max_size) {
  Mutator& self = *static_cast<Mutator*>(mutator);
  self.out.assign(data, data + size);
  self.out.resize(max_size);
  *out = self.out.data();
  if (other != nullptr && self.chance.one_in(8))
    return LLVMFuzzerCustomCrossOver(data, size, other, other_size, *out, max_size, seed(self.chance));
  return LLVMFuzzerCustomMutator(*out, std::min(size, max_size), max_size, seed(self.chance));
}
