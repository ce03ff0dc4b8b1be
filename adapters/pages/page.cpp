// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/page.hpp"

#include <openssl/base64.h>
#include <openssl/sha.h>

#include <array>
#include <ctime>

#include "twinlock_embedded_pages.hpp"

namespace twinlock::pages {
namespace {

// Makes each page a constant of its own, because compilers limit the work for one constant.
constexpr Template security_page = sound(embedded::security);
constexpr Template enroll_start_page = sound(embedded::enroll_start);
constexpr Template enroll_page = sound(embedded::enroll);
constexpr Template recovery_code_page = sound(embedded::recovery_code);
constexpr Template challenge_page = sound(embedded::challenge);
constexpr Template disable_page = sound(embedded::disable);
constexpr Template renew_page = sound(embedded::renew);
constexpr Template saved_page = sound(embedded::saved);
constexpr Template recover_page = sound(embedded::recover);
constexpr Template recover_sent_page = sound(embedded::recover_sent);
constexpr Template no_address_page = sound(embedded::no_address);
constexpr Template recover_confirm_page = sound(embedded::recover_confirm);
constexpr Template recovered_page = sound(embedded::recovered);
constexpr Template cancel_recovery_page = sound(embedded::cancel_recovery);
constexpr Template replacing_page = sound(embedded::replacing);
constexpr Template locked_page = sound(embedded::locked);
constexpr Template message_page = sound(embedded::message);

struct PageEntry {
  const Template& page;
  text::Text text::PageTexts::*title;  // nullptr: the answer brings its own
};

// In the order of enum Page.
constexpr std::array<PageEntry, pages_max> entries{{
    {security_page, &text::PageTexts::security_title},
    {enroll_start_page, &text::PageTexts::start_title},
    {enroll_page, &text::PageTexts::enroll_title},
    {recovery_code_page, &text::PageTexts::shown_title},
    {challenge_page, &text::PageTexts::challenge_title},
    {disable_page, &text::PageTexts::disable_title},
    {renew_page, &text::PageTexts::renew_title},
    {saved_page, &text::PageTexts::saved_title},
    {recover_page, &text::PageTexts::recover_title},
    {recover_sent_page, &text::PageTexts::sent_title},
    {no_address_page, &text::PageTexts::no_address_title},
    {recover_confirm_page, &text::PageTexts::confirm_title},
    {recovered_page, &text::PageTexts::recovered_title},
    {cancel_recovery_page, &text::PageTexts::recovering_title},
    {replacing_page, &text::PageTexts::replacing_title},
    {locked_page, &text::PageTexts::locked_title},
    {message_page, nullptr},
}};

std::string counted(const text::Text& one, const text::Text& many, Seconds n) {
  return n == 1 ? std::string(one.view()) : fill(many, "n", std::to_string(n));
}

std::string format_time(Seconds time, const char* format) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace

std::string render_page(Page page, const text::PageTexts& texts, Values& values) {
  const PageEntry& entry = entries[static_cast<std::size_t>(page)];
  if (entry.title != nullptr && values[Value::title].empty())
    values[Value::title] = (texts.*entry.title).view();
  if (!values[Value::error].empty() || !values[Value::ticket_error].empty())
    values[Value::title].insert(0, texts.error_prefix.view());
  return render(entry.page, texts, values, embedded::style_css);
}

std::string_view style_sheet() { return embedded::style_css; }

// The hash lets the style sheet stand in the page (CSP 3, 2.3.1); "data:" is the empty icon that keeps a
// browser from asking for one.
std::string_view style_of_page() {
  static const std::string sources = [] {
    const std::string_view sheet = style_sheet();
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const std::uint8_t*>(sheet.data()), sheet.size(), digest.data());
    std::array<std::uint8_t, 48> text{};  // four for every three bytes begun, and a zero
    const std::size_t size = EVP_EncodeBlock(text.data(), digest.data(), digest.size());
    return "style-src 'sha256-" + std::string(reinterpret_cast<const char*>(text.data()), size) +
           "'; img-src data:";
  }();
  return sources;
}

std::string_view script() { return embedded::script_js; }
std::string_view icon() { return embedded::icon_svg; }

std::string fill(std::string_view sentence, std::string_view name, std::string_view value) {
  const std::string hole = "{" + std::string(name) + "}";
  std::string out(sentence);
  for (std::size_t at = out.find(hole); at != std::string::npos; at = out.find(hole, at + value.size())) {
    out.replace(at, hole.size(), value);
  }
  return out;
}

std::string say_wait(const text::PageTexts& texts, Seconds s) {
  if (s < 60) return counted(texts.one_second, texts.seconds, s);
  const Seconds minutes = (s + 59) / 60;
  if (minutes < 60) return counted(texts.one_minute, texts.minutes, minutes);
  return counted(texts.one_hour, texts.hours, (s + 3599) / 3600);
}

std::string say_time(Seconds time) { return format_time(time, "%Y-%m-%d %H:%M UTC"); }
std::string iso_time(Seconds time) { return format_time(time, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace twinlock::pages
