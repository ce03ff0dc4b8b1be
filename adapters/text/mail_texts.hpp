// SPDX-License-Identifier: Apache-2.0
// What the mails say. In every text {issuer} stands for the site's name and {contact} for whom to tell; other
// names are given beside the text. One "\n\n" parts paragraphs; lines are wrapped when a mail is composed.
#pragma once

#include "adapters/text/text.hpp"

namespace twinlock::text {

struct TopicTexts {
  Text subject;
  Text what;    // what happened
  Text advice;  // what to do now, and what if it was not you
};

struct MailTexts {
  Text greeting;
  Text account_label;
  Text time_label;
  Text source_label;
  Text new_address_label;
  Text nobody;  // stands for {contact} where the configuration names none
  Text link_label;
  Text never_elsewhere;  // below the link
  Text footer;

  TopicTexts enabled;
  TopicTexts disabled;
  TopicTexts recovery_code_renewed;
  TopicTexts recovery_asked;
  TopicTexts recovery_confirmed;
  TopicTexts recovery_cancelled;
  TopicTexts reset;
  TopicTexts address_changed;
  TopicTexts ten_failures;
  TopicTexts locked;
  TopicTexts ticket_issued;
  TopicTexts imported;
};

}  // namespace twinlock::text
