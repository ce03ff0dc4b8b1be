// SPDX-License-Identifier: Apache-2.0
// Holds every sentence that a person reads, one table for each language.
#pragma once

#include "adapters/text/language.hpp"
#include "adapters/text/mail_texts.hpp"
#include "adapters/text/page_texts.hpp"

namespace twinlock::text {

struct Texts {
  PageTexts page;
  MailTexts mail;
};

extern const Texts english;  // en.cpp
extern const Texts german;   // de.cpp

const Texts& texts(Language language);

}  // namespace twinlock::text
