// SPDX-License-Identifier: Apache-2.0
// A message in the outbox comes out as it went in.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "adapters/mail/compose.hpp"

namespace twinlock::mail {
namespace {

std::string any_text() { return *rc::gen::container<std::string>(rc::gen::arbitrary<char>()); }

RC_GTEST_PROP(Pack, unpacks_to_the_same, ()) {
  const Message message{any_text(), any_text(), any_text()};
  Message out;
  RC_ASSERT(unpack(pack(message), out));
  RC_ASSERT(out.to == message.to && out.subject == message.subject && out.text == message.text);
}

RC_GTEST_PROP(Pack, takes_exactly_what_it_gives, ()) {
  const std::string bytes = *rc::gen::element(std::string(), std::string("\x01", 1)) + any_text();
  Message out;
  if (unpack(bytes, out)) RC_ASSERT(pack(out) == bytes);
}

TEST(Pack, refuses_what_is_cut_or_longer) {
  const std::string packed = pack({"a@b", "subject", "text"});
  Message out;
  for (std::size_t length = 0; length < packed.size(); ++length)
    EXPECT_FALSE(unpack(packed.substr(0, length), out));
  EXPECT_FALSE(unpack(packed + "x", out));
  EXPECT_FALSE(unpack("\x02" + packed.substr(1), out));
}

}  // namespace
}  // namespace twinlock::mail
