// SPDX-License-Identifier: Apache-2.0
// The code check against the RFCs' own tables, against oathtool and against a second implementation.
#include "kernel/totp.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstring>
#include <random>
#include <sstream>

#include "property_tests/support/reference_totp.hpp"

namespace twinlock {
namespace {

TotpKey rfc_secret() {
  Secret s{};
  std::memcpy(s.b, "12345678901234567890", secret_bytes);
  return totp_key(s);
}

// Appendix D: counters 0 to 9. The kernel shows counters in threes: each is seen at all of its places.
TEST(Totp, Rfc4226AppendixD) {
  const std::uint32_t expected[] = {755224, 287082, 359152, 969429, 338314,
                                    254676, 287922, 162583, 399871, 520489};
  for (Step now = 1; now <= 8; ++now) {
    const Codes codes = totp_codes(rfc_secret(), now);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(codes.c[i], expected[now - 1 + i]) << now << " " << i;
  }
}

// Appendix B, the SHA-1 rows; its eight digits end in our six.
TEST(Totp, Rfc6238AppendixB) {
  struct Row {
    Seconds time;
    std::uint32_t eight_digits;
  };
  const Row rows[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                      {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
  for (const Row& row : rows)
    EXPECT_EQ(totp_codes(rfc_secret(), row.time / 30).c[1], row.eight_digits % 1000000) << row.time;
}

// A key of `length` bytes; zeros follow it.
TotpKey random_key(std::mt19937_64& random, std::size_t length) {
  TotpKey k{};
  for (std::size_t i = 0; i < length; ++i) k.b[i] = static_cast<std::uint8_t>(random());
  return k;
}

constexpr std::size_t lengths[] = {16, 20, 32, 64};

// HMAC's input is padded, so the length of a key is not told, only its bytes: RFC 6238, appendix B, with the
// 32 and 64 bytes that it gives for other hash functions, and 16 of the same row, by Python's hmac.
TEST(Totp, KeysOfEveryLength) {
  struct Row {
    std::size_t length;
    std::uint32_t at_59, at_20000000000;
  };
  const Row rows[] = {{16, 970934, 605270},
                      {20, 287082, 353130},
                      {32, 599872, 573920},
                      {63, 720350, 586339},
                      {64, 779409, 487110}};
  for (const Row& row : rows) {
    TotpKey key{};
    for (std::size_t i = 0; i < row.length; ++i) key.b[i] = static_cast<std::uint8_t>('0' + (i + 1) % 10);
    EXPECT_EQ(totp_codes(key, 59 / 30).c[1], row.at_59) << row.length;
    EXPECT_EQ(totp_codes(key, 20000000000 / 30).c[1], row.at_20000000000) << row.length;
  }
}

TEST(Totp, AgreesWithTheReference) {
  std::mt19937_64 random(6238);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t length = lengths[round % 4];
    const TotpKey key = random_key(random, length);
    const Step now = round < 1500 ? 1 + random() % 100000000 : 1 + random() % (step_limit - 1);
    const Codes codes = totp_codes(key, now);
    const reference::Bytes bytes(key.b, key.b + length);
    for (Step i = 0; i < 3; ++i)
      ASSERT_EQ(codes.c[i], reference::hotp(bytes, now - 1 + i)) << "step " << now << " of " << length;
  }
}

std::string hex(const TotpKey& key, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", key.b[i]);
    text += two;
  }
  return text;
}

// One shell runs them all: each line is one oathtool and gives the codes of eleven steps.
TEST(Totp, AgreesWithOathtool) {
  if (std::system("command -v oathtool >/dev/null") != 0)
    GTEST_SKIP() << "Debian package oathtool is missing";
  std::mt19937_64 random(4226);
  std::string script;
  std::ostringstream expected;
  for (int i = 0; i < 200; ++i) {
    const std::size_t length = lengths[i % 4];
    const TotpKey key = random_key(random, length);
    const Step step = 2 + random() % 120000000;  // to the year 2084
    script += "oathtool --totp -w 10 --now=@" + std::to_string(step * 30) + " " + hex(key, length) + "\n";
    for (Step s = step; s <= step + 10; ++s) {
      char line[8];
      std::snprintf(line, sizeof line, "%06u\n", totp_codes(key, s).c[1]);
      expected << line;
    }
  }
  std::FILE* const pipe = popen(script.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string got;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) got.append(buffer, n);
  ASSERT_EQ(pclose(pipe), 0);
  EXPECT_EQ(got, expected.str());
}

Code code_of(const char* text) {
  Code code{};
  std::memcpy(code.digit, text, code_digits);
  return code;
}

TEST(Totp, ValueIsWhatTheDigitsSpell) {
  EXPECT_EQ(code_value(code_of("000000")), 0U);
  EXPECT_EQ(code_value(code_of("000009")), 9U);
  EXPECT_EQ(code_value(code_of("123456")), 123456U);
  EXPECT_EQ(code_value(code_of("999999")), 999999U);
}

// Every byte at every place: a code is six bytes from '0' to '9', nothing else.
TEST(Totp, OnlyAsciiDigitsAreACode) {
  for (std::size_t place = 0; place < code_digits; ++place) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      Code code = code_of("907531");
      code.digit[place] = static_cast<std::uint8_t>(byte);
      EXPECT_EQ(is_code(code), byte >= '0' && byte <= '9') << place << " " << byte;
    }
  }
}

// Every pattern of equal and unequal candidates, every last step near the window, strict and not.
TEST(Totp, MatchTakesTheHighestOpenStep) {
  const Step now = 1000;
  for (unsigned pattern = 0; pattern < 8; ++pattern) {
    Codes codes{};
    for (unsigned i = 0; i < 3; ++i) codes.c[i] = (pattern >> i & 1U) != 0 ? 424242 : 424241;
    for (Step last : {Step{0}, Step{997}, Step{998}, Step{999}, Step{1000}, Step{1001}, Step{1002}}) {
      for (const bool strict : {false, true}) {
        Step best = 0;
        for (unsigned i = 0; i < 3; ++i)
          if ((pattern >> i & 1U) != 0 && now - 1 + i > last && (!strict || i == 1)) best = now - 1 + i;
        const CodeMatch m = match_code(codes, 424242, now, last, strict);
        EXPECT_EQ(m.match, best != 0) << pattern << " last " << last << " strict " << strict;
        EXPECT_EQ(m.step, best) << pattern << " last " << last << " strict " << strict;
      }
    }
  }
}

}  // namespace
}  // namespace twinlock
