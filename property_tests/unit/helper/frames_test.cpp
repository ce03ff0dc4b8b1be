// SPDX-License-Identifier: Apache-2.0
// Messages cut out of a stream.
#include "adapters/helper/frames.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace twinlock::helper {
namespace {

RC_GTEST_PROP(Frames, AnySplitOfTheStreamGivesTheSameMessages, ()) {
  const auto bodies = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
  std::string stream;
  for (const std::string& body : bodies) stream += frame(body);
  Frames frames;
  std::vector<std::string> out;
  while (!stream.empty()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, stream.size() + 1);
    frames.feed(stream.substr(0, size));
    stream.erase(0, size);
    while (auto body = frames.next()) out.push_back(*body);
  }
  RC_ASSERT(out == bodies);
  RC_ASSERT(!frames.broken());
}

TEST(Frames, AnOverlongMessageBreaksTheStream) {
  Frames frames;
  frames.feed(std::string_view("\x00\x04\x00\x01", 4));
  EXPECT_TRUE(frames.broken());
  EXPECT_FALSE(frames.next());
  Frames allowed;
  allowed.feed(std::string_view("\x00\x04\x00\x00", 4));
  EXPECT_FALSE(allowed.broken());
}

}  // namespace
}  // namespace twinlock::helper
