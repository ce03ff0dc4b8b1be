// SPDX-License-Identifier: Apache-2.0
// Handles each page. Every handler answers its exchange exactly once, now or when the service has decided.
// A `post` handler runs only after the method, origin, form and form token were found good.
#pragma once

#include "adapters/pages/exchange.hpp"

namespace twinlock::pages {

// security.cpp
void get_security(const PageExchangePtr& exchange);
void get_disable(const PageExchangePtr& exchange);
void post_disable(const PageExchangePtr& exchange);
void get_renew(const PageExchangePtr& exchange);
void post_renew(const PageExchangePtr& exchange);
void get_saved(const PageExchangePtr& exchange);
void post_saved(const PageExchangePtr& exchange);
void post_sign_out(const PageExchangePtr& exchange);
void post_sign_out_everywhere(const PageExchangePtr& exchange);

// challenge.cpp
void get_challenge(const PageExchangePtr& exchange);
void post_challenge(const PageExchangePtr& exchange);

// enrollment.cpp
void get_enroll(const PageExchangePtr& exchange);
void post_enroll(const PageExchangePtr& exchange);
void post_enroll_confirm(const PageExchangePtr& exchange);
void post_enroll_cancel(const PageExchangePtr& exchange);

// recovery.cpp
void get_recover(const PageExchangePtr& exchange);
void post_recover(const PageExchangePtr& exchange);
void get_recover_confirm(const PageExchangePtr& exchange);
void post_recover_confirm(const PageExchangePtr& exchange);

// cancel_recovery.cpp
void get_recover_cancel(const PageExchangePtr& exchange);
void post_recover_cancel(const PageExchangePtr& exchange);

// Shared by several of them; common.cpp.

// Returns where the person goes afterwards: `next`, or the Security page.
std::string landing(const PageExchangePtr& exchange);
// Returns the challenge's URL, which leads back to our `route`.
std::string challenge_for(const PageExchangePtr& exchange, std::string_view route);
// Shows a page with one code field; the prompt also has one for a ticket.
void show_code_page(const PageExchangePtr& exchange, Page page, int status, std::string_view error = {},
                    http::Response with = {}, std::string_view ticket_error = {});
// Answers every verdict on a code except `accepted`.
void refuse_code(const PageExchangePtr& exchange, Page page, const service::Decision& decision);
// Reads the typed code into the event; false: misformed, answered 422 on `page`.
bool take_code(const PageExchangePtr& exchange, Page page, Event& event);
void show_recovery_code(const PageExchangePtr& exchange, const service::Decision& decision,
                        bool just_enabled);
void show_locked(const PageExchangePtr& exchange);
void show_replacing(const PageExchangePtr& exchange, int status, bool grant_here, std::string_view error = {},
                    http::Response with = {});
// Where a recovery runs that the person may not have begun: says so on whatever page is shown next.
void tell_of_recovery(const PageExchangePtr& exchange, const View& view);
// Asks for the code that cancels it.
void show_cancel_recovery(const PageExchangePtr& exchange, int status, const View& view);
// Answers 409, or shows how to continue if the account is replacing.
void wrong_state(const PageExchangePtr& exchange, const View& view);
http::Response retry_after(Seconds s);

}  // namespace twinlock::pages
