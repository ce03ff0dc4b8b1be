// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/readers.hpp"

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/writer.hpp"

namespace twinlock::sqlite {

store::Result<std::unique_ptr<Connection>> Readers::take() {
  if (!database_.files.database_in_place()) return tl::unexpected(moved(database_.options.path));
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return open_known(database_, Connection::Role::reader);
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < database_.options.idle_readers_max) idle_.push_back(std::move(connection));
}

}  // namespace twinlock::sqlite
