// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "adapters/text/utf8.hpp"

namespace twinlock::mail::mailer {
namespace {

constexpr std::size_t plain_subject_bytes_max = 60;
constexpr std::size_t encoded_word_bytes_max = 75;  // RFC 2047, 2
constexpr std::size_t quoted_line_bytes_max = 75;   // 76 with the soft break's "="
constexpr std::string_view word_begin = "=?UTF-8?Q?";
constexpr std::string_view word_end = "?=";

std::string hex_escape(char c) {
  return fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
}

// One byte in a Q word (RFC 2047, 4.2 and 5 (3): the strictest set, good in any header).
std::string q_encoded(char c) {
  const bool safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c == ' ') return "_";
  return safe ? std::string{c} : hex_escape(c);
}

bool plain(std::string_view subject) {
  for (const char c : subject) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  const bool blank_edge = subject.starts_with(' ') || subject.ends_with(' ');
  return subject.size() <= plain_subject_bytes_max && !blank_edge &&
         subject.find("=?") == std::string_view::npos;
}

// One line of the text without its end.
void quote_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool safe = c >= 0x20 && c <= 0x7E && c != '=' && !(c == ' ' && last) && !(c == '.' && column == 0);
    const std::string piece = safe ? std::string{c} : hex_escape(c);
    if (column + piece.size() > quoted_line_bytes_max) {
      out += "=\r\n";
      column = 0;
      if (c == '.') {
        out += hex_escape(c);
        column = 3;
        continue;
      }
    }
    out += piece;
    column += piece.size();
  }
}

}  // namespace

std::string encoded_subject(std::string_view utf8) {
  if (plain(utf8)) return std::string(utf8);
  std::string out{word_begin};
  std::size_t used = word_begin.size() + word_end.size();
  while (!utf8.empty()) {
    // A whole character, so that no word splits one.
    const std::string_view character =
        utf8.substr(0, std::max<std::size_t>(text::first_character(utf8).bytes, 1));
    std::string piece;
    for (const char c : character) piece += q_encoded(c);
    if (used + piece.size() > encoded_word_bytes_max) {
      out.append(word_end).append("\r\n ").append(word_begin);
      used = word_begin.size() + word_end.size();
    }
    out += piece;
    used += piece.size();
    utf8.remove_prefix(character.size());
  }
  return out.append(word_end);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    quote_line(out, text.substr(0, end));
    out += "\r\n";
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string message_date(std::uint64_t now_s) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<std::time_t>(now_s);
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days[static_cast<std::size_t>(utc.tm_wday)],
                     utc.tm_mday, months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string internet_message(const wire::Request& request, std::string_view from, std::uint64_t now_s) {
  const std::string_view domain = from.substr(from.find('@') + 1);
  return fmt::format(
      "Date: {}\r\n"
      "From: {}\r\n"
      "To: {}\r\n"
      "Subject: {}\r\n"
      "Message-ID: <{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n"
      "{}",
      message_date(now_s), from, request.to, encoded_subject(request.subject), request.id, domain,
      quoted_printable(request.text));
}

}  // namespace twinlock::mail::mailer
