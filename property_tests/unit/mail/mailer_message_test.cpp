// SPDX-License-Identifier: Apache-2.0
// A mail as it travels, and the command that may carry it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "adapters/mail/clean.hpp"
#include "adapters/mail/mailer/message.hpp"

namespace twinlock::mail::mailer {
namespace {

const std::string id = "0123456789abcdef0123456789abcdef";

int hex_value(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

// Decodes "=XX" and, where `underscore_is_blank`, "_".
std::string unquoted(std::string_view text, bool underscore_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=') {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += underscore_is_blank && text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::string> lines_of(std::string text) {
  std::vector<std::string> lines;
  for (std::size_t end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n")) {
    lines.push_back(text.substr(0, end));
    text.erase(0, end + 2);
  }
  lines.push_back(text);
  return lines;
}

std::string any_text(const char* characters) {
  return *rc::gen::container<std::string>(rc::gen::elementOf(std::string(characters)));
}

RC_GTEST_PROP(QuotedPrintable, decodes_to_the_text_on_short_plain_lines, ()) {
  const std::string text =
      any_text("abc. =\t\n\n\xC3\xA4\x7F") + std::string(*rc::gen::inRange<std::size_t>(0, 200), '.');
  std::string joined;
  for (const std::string& line : lines_of(quoted_printable(text))) {
    RC_ASSERT(line.size() <= 76U);
    for (const char c : line) RC_ASSERT(c >= 0x20 && c <= 0x7E);
    RC_ASSERT(!line.starts_with('.'));
    RC_ASSERT(!line.ends_with(' '));
    const bool soft = !line.empty() && line.back() == '=';
    joined += soft ? line.substr(0, line.size() - 1) : line + "\n";
  }
  std::string expected = text;
  if (!expected.empty() && expected.back() != '\n') expected += '\n';
  RC_ASSERT(unquoted(joined, false) == expected + "\n");
}

RC_GTEST_PROP(Subject, decodes_to_the_text_in_words_that_mail_allows, ()) {
  std::string subject = any_text("ab c=?_\r\n");
  for (std::size_t n = *rc::gen::inRange<std::size_t>(0, 60); n > 0; --n)
    subject += *rc::gen::element("\xC3\xA4", "x", "\xE2\x82\xAC");
  std::string decoded;
  for (std::string line : lines_of(encoded_subject(subject))) {
    if (!decoded.empty()) RC_ASSERT(line.front() == ' ');
    if (line.starts_with(' ')) line.erase(0, 1);
    RC_ASSERT(line.size() <= 76U);
    const bool word = line.starts_with("=?UTF-8?Q?") && line.ends_with("?=");
    const std::string part = word ? unquoted(line.substr(10, line.size() - 12), true) : line;
    RC_ASSERT(!word || clean(part, 200).find("\xEF\xBF\xBD") == std::string::npos);
    decoded += part;
  }
  RC_ASSERT(decoded == subject);
}

TEST(Message, has_the_headers_and_nothing_injected) {
  const wire::Request request{id, "alice@example.org", "a\r\nBcc: eve@example.net", "text\r\nmore\n"};
  const std::vector<std::string> lines =
      lines_of(internet_message(request, "twinlock@example.org", 1795492882));
  const std::vector<std::string> expected = {"Date: Tue, 24 Nov 2026 04:01:22 +0000",
                                             "From: twinlock@example.org",
                                             "To: alice@example.org",
                                             "Subject: =?UTF-8?Q?a=0D=0ABcc=3A_eve=40example=2Enet?=",
                                             "Message-ID: <" + id + "@example.org>",
                                             "Auto-Submitted: auto-generated",
                                             "MIME-Version: 1.0",
                                             "Content-Type: text/plain; charset=utf-8",
                                             "Content-Transfer-Encoding: quoted-printable",
                                             "",
                                             "text=0D",
                                             "more",
                                             ""};
  EXPECT_EQ(lines, expected);
}

}  // namespace
}  // namespace twinlock::mail::mailer
