// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/compose.hpp"

#include <fmt/format.h>

#include "adapters/mail/clean.hpp"
#include "adapters/text/mail_address.hpp"
#include "adapters/text/texts.hpp"

namespace twinlock::mail {
namespace {

constexpr std::size_t columns_max = 76;
constexpr std::size_t issuer_characters_max = 60;
constexpr std::size_t account_characters_max = 128;
constexpr std::size_t source_characters_max = 64;
constexpr std::size_t contact_characters_max = 200;
constexpr std::size_t link_characters_max =
    900;  // one line, and a line has at most 998 bytes (RFC 5322, 2.1.1)

const text::TopicTexts& topic_texts(const text::MailTexts& t, Topic topic) {
  switch (topic) {
    case Topic::enabled:
      return t.enabled;
    case Topic::disabled:
      return t.disabled;
    case Topic::recovery_code_renewed:
      return t.recovery_code_renewed;
    case Topic::recovery_asked:
      return t.recovery_asked;
    case Topic::recovery_confirmed:
      return t.recovery_confirmed;
    case Topic::recovery_cancelled:
      return t.recovery_cancelled;
    case Topic::reset:
      return t.reset;
    case Topic::address_changed:
      return t.address_changed;
    case Topic::ten_failures:
      return t.ten_failures;
    case Topic::locked:
      return t.locked;
    case Topic::ticket_issued:
      return t.ticket_issued;
    case Topic::imported:
      break;
  }
  return t.imported;
}

// The year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days, for days not below
// zero.
struct Date {
  std::uint64_t year;
  std::uint64_t month;
  std::uint64_t day;
};

Date date_of(std::uint64_t days) {
  const std::uint64_t z = days + 719468;
  const std::uint64_t era = z / 146097;
  const std::uint64_t day_of_era = z % 146097;
  const std::uint64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::uint64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::uint64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  return {year_of_era + era * 400 + (month <= 2 ? 1U : 0U), month, day};
}

std::string utc(std::uint64_t time) {
  const Date d = date_of(time / 86400);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", d.year, d.month, d.day, time / 3600 % 24,
                     time / 60 % 60, time % 60);
}

struct Names {
  std::string issuer;
  std::string contact;
};

// Puts the names in for "{issuer}" and "{contact}", once: a name that looks like a placeholder stays as it
// is.
std::string filled(std::string_view text, const Names& names) {
  constexpr std::string_view issuer = "{issuer}";
  constexpr std::string_view contact = "{contact}";
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = text.find('{');
    out += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace);
    const bool is_issuer = text.starts_with(issuer);
    const bool is_contact = text.starts_with(contact);
    out += is_issuer ? std::string_view(names.issuer) : is_contact ? std::string_view(names.contact) : "{";
    text.remove_prefix(is_issuer ? issuer.size() : is_contact ? contact.size() : 1);
  }
  return out;
}

Names names_of(const Facts& facts, const text::MailTexts& t) {
  Names names{clean(facts.issuer, issuer_characters_max), clean(facts.contact, contact_characters_max)};
  if (names.contact.empty()) names.contact = filled(t.nobody, names);
  return names;
}

std::string line(std::string_view label, std::string_view value) {
  return value.empty() ? std::string() : fmt::format("{}: {}\n", label, value);
}

std::string fact_lines(const Facts& facts, const text::MailTexts& t) {
  std::string out = line(t.account_label, clean(facts.account, account_characters_max));
  out += line(t.time_label, utc(facts.time));
  out += line(t.source_label, clean(facts.source_address, source_characters_max));
  if (facts.topic == Topic::address_changed) {
    out += line(t.new_address_label, clean(facts.new_address, text::mail_address_bytes_max));
  }
  return out;
}

std::string link_paragraphs(const Facts& facts, const text::MailTexts& t, const Names& names) {
  if (facts.topic != Topic::recovery_asked) return {};
  return fmt::format("{}\n\n{}\n\n{}\n\n", wrap(t.link_label, columns_max),
                     clean(facts.link, link_characters_max),
                     wrap(filled(t.never_elsewhere, names), columns_max));
}

}  // namespace

Message compose(const Facts& facts) {
  const text::MailTexts& t = text::texts(facts.language).mail;
  const text::TopicTexts& topic = topic_texts(t, facts.topic);
  const Names names = names_of(facts, t);
  Message message;
  if (text::valid_mail_address(facts.to)) message.to = facts.to;
  message.subject = filled(topic.subject, names);
  message.text = fmt::format("{}\n\n{}\n\n{}\n{}{}\n\n-- \n{}\n", t.greeting.view(),
                             wrap(filled(topic.what, names), columns_max), fact_lines(facts, t),
                             link_paragraphs(facts, t, names), wrap(filled(topic.advice, names), columns_max),
                             wrap(t.footer, columns_max));
  return message;
}

}  // namespace twinlock::mail
