// SPDX-License-Identifier: Apache-2.0
// How a mail address is shown to people.
#pragma once

#include <string>
#include <string_view>

namespace twinlock::mail {

// "a***@e***.org": enough for the owner to recognise, too little for others. "***" for what is no valid
// address.
std::string masked(std::string_view address);

}  // namespace twinlock::mail
