// SPDX-License-Identifier: Apache-2.0
// What each page does. Every handler answers its turn exactly once, now or when the service has decided. A
// `post` handler runs only after the method, origin, form and form token were found good.
#pragma once

#include "adapters/pages/exchange.hpp"

namespace twinlock::pages {

// security.cpp
void get_security(const Turn& turn);
void get_disable(const Turn& turn);
void post_disable(const Turn& turn);
void get_renew(const Turn& turn);
void post_renew(const Turn& turn);
void post_sign_out(const Turn& turn);
void post_sign_out_everywhere(const Turn& turn);

// challenge.cpp
void get_challenge(const Turn& turn);
void post_challenge(const Turn& turn);

// enrollment.cpp
void get_enroll(const Turn& turn);
void post_enroll(const Turn& turn);
void post_enroll_confirm(const Turn& turn);
void post_enroll_cancel(const Turn& turn);

// recovery.cpp
void get_recover(const Turn& turn);
void post_recover(const Turn& turn);
void get_recover_confirm(const Turn& turn);
void post_recover_confirm(const Turn& turn);

// Shared by several of them; common.cpp.

// Where the person goes on: `next`, or the Security page.
std::string landing(const Turn& turn);
// The challenge, coming back to `route` of ours.
std::string challenge_for(const Turn& turn, std::string_view route);
// A page with the one code field.
void show_code_page(const Turn& turn, Page page, int status, std::string_view error = {},
                    http::Response with = {});
// Every verdict on a code but `accepted`.
void refuse_code(const Turn& turn, Page page, const service::Answer& answer);
// The code as it was typed, into the event; false: misformed, answered 422 on `page`.
bool take_code(const Turn& turn, Page page, Event& event);
void show_recovery_code(const Turn& turn, const service::Answer& answer, bool just_enabled);
void show_locked(const Turn& turn);
void show_replacing(const Turn& turn, int status, bool grant_here, std::string_view error = {});
// 409, or how to go on where the account turned out to be replacing.
void wrong_state(const Turn& turn, const View& view);
http::Response retry_after(Seconds s);

}  // namespace twinlock::pages
