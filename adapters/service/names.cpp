// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/names.hpp"

#include <cstddef>

namespace twinlock::service {

namespace {

template <typename E, std::size_t N>
std::string_view look_up(const std::string_view (&names)[N], E value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "unknown";
}

constexpr std::string_view states[] = {"off", "enrolling", "on", "recovering", "replacing"};
constexpr std::string_view policies[] = {"inherit", "optional", "required"};
constexpr std::string_view lanes[] = {"known", "other"};
constexpr std::string_view host_words[] = {"unsaid", "not_required", "required"};
constexpr std::string_view kinds[] = {
    "begin_enrollment", "confirm_enrollment",  "cancel_enrollment", "verify",
    "disable",          "renew_recovery_code", "revoke_passes",     "request_recovery",
    "confirm_recovery", "operator_reset",      "operator_unlock",   "set_policy",
    "confirm_saved",    "operator_import",     "operator_restored"};
constexpr std::string_view verdicts[] = {
    "bad_clock",    "bad_record", "bad_entropy",  "malformed", "wrong_state",   "forbidden", "locked",
    "wrong_holder", "waiting",    "proof_needed", "rejected",  "undeliverable", "accepted"};
constexpr std::string_view notices[] = {"none",
                                        "enabled",
                                        "disabled",
                                        "recovery_code_renewed",
                                        "recovery_asked",
                                        "recovery_confirmed",
                                        "recovery_cancelled",
                                        "reset",
                                        "ten_failures",
                                        "locked",
                                        "ticket_issued",
                                        "imported"};
static_assert(std::size(host_words) == host_words_count);
static_assert(std::size(kinds) == kinds_count);
static_assert(std::size(verdicts) == static_cast<std::size_t>(Verdict::accepted) + 1);
static_assert(std::size(notices) == static_cast<std::size_t>(Notice::imported) + 1);

}  // namespace

std::string_view name(State state) { return look_up(states, state); }
std::string_view name(Policy policy) { return look_up(policies, policy); }
std::string_view name(Lane lane) { return look_up(lanes, lane); }
std::string_view name(HostWord host_word) { return look_up(host_words, host_word); }
std::string_view name(Kind kind) { return look_up(kinds, kind); }
std::string_view name(Verdict verdict) { return look_up(verdicts, verdict); }
std::string_view name(Notice notice) { return look_up(notices, notice); }

}  // namespace twinlock::service
