// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/texts.hpp"

namespace twinlock::text {

const Texts& texts(Language language) {
  switch (language) {
    case Language::english:
      return english;
    case Language::german:
      return german;
  }
  return english;
}

}  // namespace twinlock::text
