// SPDX-License-Identifier: Apache-2.0
// Lends read-only connections, one to each call, so that no read waits for the writer or for another read.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/database.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

class Readers {
 public:
  explicit Readers(const Database& database) : database_(database) {}

  // read calls `body` with a connection. A connection on which a call failed is closed and not used again.
  template <typename Body>
  auto read(Body&& body) -> decltype(body(std::declval<Connection&>())) {
    auto connection = take();
    if (!connection) return tl::unexpected(connection.error());
    auto result = std::forward<Body>(body)(**connection);
    if (result) give_back(std::move(*connection));
    return result;
  }

 private:
  store::Result<std::unique_ptr<Connection>> take();
  void give_back(std::unique_ptr<Connection> connection);

  const Database& database_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace twinlock::sqlite
