// SPDX-License-Identifier: Apache-2.0
// Reads and writes the outbox's tables: mail that waits to be sent.
#pragma once

#include <cstddef>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/places.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

// any_due returns whether a lease would find something; it takes no lock.
store::Result<bool> any_due(Connection& connection, store::Seconds now, store::Places& places);

// lease leases the mail that is due and that `places` takes. Requires: a transaction is open.
store::Result<std::vector<store::LeasedMail>> lease(Connection& connection, store::Seconds now,
                                                    store::Seconds lease_s, store::Places& places);

store::Result<void> delete_mail(Connection& connection, const store::MailId& id);
store::Result<void> retry_mail(Connection& connection, const store::MailId& id, store::Seconds not_before,
                               std::string_view reason);
store::Result<store::OutboxCounts> count_mail(Connection& connection);
store::Result<std::vector<store::LeasedMail>> list_mail(Connection& connection, std::size_t limit);

}  // namespace twinlock::sqlite
