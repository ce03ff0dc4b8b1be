// What the pages say.
#pragma once

#include "adapters/text/text.hpp"

namespace twinlock::text {

struct PageTexts {
  Text language_name;
};

}  // namespace twinlock::text
