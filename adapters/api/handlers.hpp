// SPDX-License-Identifier: Apache-2.0
// Handles each operation. Every handler answers its exchange exactly once, now or when the service has
// decided; it runs only after key, scope, method, query and body were found good.
#pragma once

#include "adapters/api/exchange.hpp"

namespace twinlock::api {

// account.cpp
void get_account(const ApiExchangePtr& exchange);
void post_verify(const ApiExchangePtr& exchange);
void post_disable(const ApiExchangePtr& exchange);
void post_recovery_code(const ApiExchangePtr& exchange);
void post_recovery_code_saved(const ApiExchangePtr& exchange);
void post_revoke_passes(const ApiExchangePtr& exchange);

// enrollment.cpp
void post_enrollment(const ApiExchangePtr& exchange);
void post_enrollment_confirm(const ApiExchangePtr& exchange);
void delete_enrollment(const ApiExchangePtr& exchange);

// recovery.cpp
void post_recovery(const ApiExchangePtr& exchange);
void post_recovery_confirm(const ApiExchangePtr& exchange);

// operators.cpp
void post_reset(const ApiExchangePtr& exchange);
void post_unlock(const ApiExchangePtr& exchange);
void get_audit(const ApiExchangePtr& exchange);
void get_metrics(const ApiExchangePtr& exchange);

// Shared by several of them; common.cpp.

// Answers every verdict except `accepted`; `field` is the member that held the proof.
ApiExchange::Then refuse(const ApiExchangePtr& exchange, std::string_view field, Lane lane = Lane::other);
// Answers 409 with its own sentence.
void wrong_state(const ApiExchangePtr& exchange, State state, std::string_view field = {},
                 std::string_view detail = {});
// Each reads a member of the body into `out`; false: misformed, answered 422.
bool take_code(const ApiExchangePtr& exchange, Event& out);
bool take_email(const ApiExchangePtr& exchange, std::string& out);
bool take_token(const ApiExchangePtr& exchange, std::string_view field, Token& out);  // 32 hexadecimal digits
bool take_printed(const ApiExchangePtr& exchange, std::string_view field,
                  Token& out);  // as people read it (Crockford's base32)

}  // namespace twinlock::api
