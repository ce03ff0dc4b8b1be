// SPDX-License-Identifier: Apache-2.0
// Knows whether a main file and the -wal beside it belong together (spec 4.2). SQLite itself does not: it
// takes a main file whose -wal is lost, and puts the pages of any -wal with matching checksums over it.
//
// Every commit counts itself in the mark, a row of fixed size that is alone on page 2. So the mark of the
// main file can be read without the -wal, and the newest one through the -wal. They fit if it is the same
// database, the -wal is not older than the main file, and the main file has all that was copied into it
// before the -wal began anew (`needs`). A main file marked `open` needs its -wal; the first commit marks it,
// and the last process that leaves copies everything and takes the mark off.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

enum class MarkState : std::uint8_t {
  closed,  // the main file is the whole database
  open,    // the newest commits are in the -wal
  backup,  // made by `twinlock backup`: to be restored, never to be used as it is
  fresh    // as closed, put here by `twinlock restore`: a -wal of another database beside it is left over
};

struct Mark {
  std::array<std::uint8_t, 16> database{};  // drawn when the file is created; tells two databases apart
  std::uint64_t commits = 0;                // how many there were
  std::uint64_t whole = 0;                  // up to which commit the main file that has this mark is complete
  std::uint64_t needs = 0;                  // the `whole` that the main file beneath this -wal must have
  MarkState state = MarkState::closed;
};

inline constexpr std::size_t mark_bytes = 48;
using MarkBytes = std::array<std::uint8_t, mark_bytes>;
MarkBytes encode(const Mark& mark);
std::optional<Mark> decode(std::span<const std::uint8_t> bytes);  // nullopt: not what encode returns

// The mark on a page, which is that row's and nothing else's; nullopt: it is no such page.
std::optional<Mark> mark_on(std::span<const std::uint8_t> page);

// The newest mark, through the -wal; inside a transaction, that transaction's.
store::Result<Mark> read_mark(Connection& connection);
store::Result<void> write_mark(Connection& connection, const Mark& mark);
store::Result<void> insert_mark(Connection& connection, const Mark& mark);  // of a new database

// The mark that the main file alone has. Reads that file only, by the connection's own descriptor: to open
// and close another one would drop the locks that this process has on the file (fcntl(2)).
store::Result<Mark> mark_in_main(Connection& connection);

// check_half refuses, before anything reads through the -wal, a main file that needs one and has none, and
// a backup. check_fits compares the two marks, and looks for newer ones in the -wal that SQLite does not
// take.
store::Result<void> check_half(const std::string& path, const Mark& main);
store::Result<void> check_fits(const std::string& path, const Mark& main, const Mark& through_wal);

// Keeps the mark while the database is in use. Requires, for all but the constructor: the commit lock is
// held.
class MarkKeeper {
 public:
  explicit MarkKeeper(const Mark& main)
      : open_in_main_(main.state == MarkState::open), main_whole_(main.whole) {}

  // begin_use makes sure that the main file says that it needs its -wal. Before a connection's first commit.
  store::Result<void> begin_use(Connection& writer);

  // count counts one commit, in its transaction. Returns the commit's number.
  store::Result<std::uint64_t> count(Connection& writer);

  // settle copies what the -wal holds into the main file and raises `whole`. False: not all could be copied,
  // since somebody reads an older state; nothing is lost. `pin`: a connection of no other use. `patient`:
  // waits for readers, so that the -wal can begin anew.
  store::Result<bool> settle(Connection& writer, Connection& pin, bool patient);

  // end_use copies everything, empties the -wal and takes the mark `open` off. Requires: no other process
  // has the database open.
  store::Result<void> end_use(Connection& writer, Connection& pin);

 private:
  store::Result<void> commit_mark(Connection& writer, std::optional<MarkState> state,
                                  std::optional<std::uint64_t> whole);
  store::Result<Mark> counted(Connection& writer);

  bool open_in_main_;
  std::uint64_t main_whole_;  // what the main file is known to say
};

}  // namespace twinlock::sqlite
