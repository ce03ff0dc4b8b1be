// SPDX-License-Identifier: Apache-2.0
// What each operation does. Every handler answers its turn exactly once, now or when the service has decided;
// it runs only after key, scope, method, query and body were found good.
#pragma once

#include "adapters/api/turn.hpp"

namespace twinlock::api {

// account.cpp
void get_account(const Turn& turn);
void post_verify(const Turn& turn);
void post_disable(const Turn& turn);
void post_recovery_code(const Turn& turn);
void post_revoke_passes(const Turn& turn);

// enrollment.cpp
void post_enrollment(const Turn& turn);
void post_enrollment_confirm(const Turn& turn);
void delete_enrollment(const Turn& turn);

// recovery.cpp
void post_recovery(const Turn& turn);
void post_recovery_confirm(const Turn& turn);

// operators.cpp
void post_reset(const Turn& turn);
void post_unlock(const Turn& turn);
void get_audit(const Turn& turn);
void get_metrics(const Turn& turn);

// Shared by several of them; common.cpp.

// Every verdict but `accepted`; `field` is the member that held the proof.
Exchange::Then refuse(const Turn& turn, std::string_view field, Lane lane = Lane::other);
// 409 with a sentence of its own.
void wrong_state(const Turn& turn, State state, std::string_view field = {}, std::string_view detail = {});
// The body's code, address, token: into `out`; false: misformed, answered 422.
bool take_code(const Turn& turn, Event& out);
bool take_email(const Turn& turn, std::string& out);
bool take_token(const Turn& turn, std::string_view field, Token& out);  // 32 hexadecimal digits
bool take_printed(const Turn& turn, std::string_view field,
                  Token& out);  // as people read it (Crockford's base32)

}  // namespace twinlock::api
