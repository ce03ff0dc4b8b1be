// SPDX-License-Identifier: Apache-2.0
// Changes histories (history.hpp) by whole events: one added, dropped, moved, repeated, or one of its four
// choices changed to another that means something.
#include <algorithm>
#include <array>
#include <cstring>

#include "fuzz/mutators/chance.hpp"

namespace twinlock::fuzz {
namespace {

using Move = std::array<std::uint8_t, 4>;
using Moves = std::vector<Move>;

constexpr std::size_t moves_max = 96;

// Events that lead on: set up, come in a step later, fail at every wait, ask for and settle a recovery, and
// the operator's.
constexpr Move words[] = {{0x00, 0, 0, 2},    {0x01, 0, 0, 2},    {0x02, 0, 0, 2},    {0x03, 2, 1, 2},
                          {0xF3, 7, 0, 7},    {0x43, 7, 0, 0x17}, {0x03, 10, 1, 2},   {0x03, 7, 1, 7},
                          {0x07, 3, 1, 2},    {0x08, 0, 0, 2},    {0x08, 0, 0, 0x40}, {0x04, 2, 1, 2},
                          {0x05, 2, 1, 2},    {0x06, 0, 0, 2},    {0x09, 0, 0, 0x42}, {0x0A, 0, 0, 2},
                          {0x0B, 0, 2, 2},    {0x03, 6, 1, 7},    {0x01, 15, 1, 2},   {0x41, 0, 0, 7},
                          {0x77, 3, 1, 0x22}, {0x03, 2, 1, 6},    {0x03, 0, 0, 10},   {0x03, 0x12, 1, 2},
                          {0x33, 0x10, 0, 7}, {0x00, 0x80, 0, 2}, {0x03, 9, 30, 2},   {0x0C, 0, 0, 2},
                          {0x0D, 0, 5, 3},    {0x0E, 0, 0, 2},    {0x0B, 0, 2, 0x82}};
constexpr std::uint8_t proofs[] = {0, 1, 2, 3, 4, 6, 7, 0x12, 0x17, 0x22, 0x42, 0x82, 0xC2, 0x0A};
constexpr std::uint8_t amounts[] = {0, 1, 2, 3, 4, 10, 29, 30, 31, 60, 255};

Moves read(const std::uint8_t* data, std::size_t size) {
  Moves moves((size - 1) / sizeof(Move));
  if (!moves.empty()) std::memcpy(moves.data(), data + 1, moves.size() * sizeof(Move));
  return moves;
}

std::size_t write(const Moves& moves, std::uint8_t start, std::uint8_t* out, std::size_t max_size) {
  const std::size_t count = std::min({moves.size(), (max_size - 1) / sizeof(Move), moves_max});
  out[0] = start;
  if (count > 0) std::memcpy(out + 1, moves.data(), count * sizeof(Move));
  return 1 + count * sizeof(Move);
}

auto place(Moves& moves, Chance& chance) {
  return moves.begin() + static_cast<std::ptrdiff_t>(chance.below(moves.size()));
}

void change_one(Move& m, Chance& chance) {
  switch (chance.below(5)) {
    case 0:
      m[0] = static_cast<std::uint8_t>((m[0] & 0xF0U) | chance.below(15));
      break;
    case 1:
      m[0] = static_cast<std::uint8_t>((m[0] & 0x0FU) | chance.below(16) << 4U);
      break;
    case 2:
      m[1] = static_cast<std::uint8_t>(chance.below(chance.one_in(3) ? 256 : 16));
      break;
    case 3:
      m[2] = chance.of(amounts);
      break;
    default:
      m[3] = chance.of(proofs);
  }
}

void change(Moves& moves, Chance& chance) {
  if (moves.empty() || chance.one_in(4)) {
    moves.insert(moves.begin() + static_cast<std::ptrdiff_t>(chance.below(moves.size() + 1)),
                 chance.of(words));
    return;
  }
  const auto at = place(moves, chance);
  switch (chance.below(5)) {
    case 0:
      moves.erase(at);
      break;
    case 1: {
      const Move again = *at;
      moves.insert(place(moves, chance), again);
      break;
    }
    case 2:
      std::iter_swap(at, place(moves, chance));
      break;
    default:
      change_one(*at, chance);
  }
}

}  // namespace
}  // namespace twinlock::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  using namespace twinlock::fuzz;
  Chance chance(seed);
  if (size == 0 || chance.one_in(8)) return LLVMFuzzerMutate(data, size, max_size);
  Moves moves = read(data, size);
  for (std::size_t times = 1 + chance.below(4); times > 0; --times) change(moves, chance);
  const auto start = chance.one_in(8) ? static_cast<std::uint8_t>(chance.below(128)) : data[0];
  return write(moves, start, data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  using namespace twinlock::fuzz;
  if (one_size == 0 || other_size == 0) return 0;
  Chance chance(seed);
  Moves moves = read(one, one_size);
  const Moves more = read(other, other_size);
  moves.resize(chance.below(moves.size() + 1));
  moves.insert(moves.end(), more.begin() + static_cast<std::ptrdiff_t>(chance.below(more.size() + 1)),
               more.end());
  return write(moves, one[0], out, max_size);
}
