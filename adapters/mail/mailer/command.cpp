// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer/command.hpp"

namespace twinlock::mail::mailer {

std::optional<std::vector<std::string>> split_command(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    const bool blank = (c == ' ' || c == '\t') && quote == 0;
    if (blank) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = 0;
      continue;
    }
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      continue;
    }
    if (c == '\\' && quote != '\'') {
      if (++i == line.size()) return std::nullopt;
      c = line[i];
    }
    words.back() += c;
  }
  if (quote != 0 || words.empty()) return std::nullopt;
  return words;
}

}  // namespace twinlock::mail::mailer
