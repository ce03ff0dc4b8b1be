// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/whole.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/wal_file.hpp"

namespace twinlock::sqlite {

using store::Result;

namespace {

constexpr const char* reading_mark = "read the mark of";
constexpr std::size_t numbers_at = 16;
constexpr std::size_t state_at = 40;

void put(MarkBytes& bytes, std::size_t at, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
}

std::uint64_t get(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= static_cast<std::uint64_t>(bytes[at + i]) << (8 * i);
  return number;
}

// What must stand on page 2 (SQLite's file format, 1.6 and 2.1): a leaf of a table with one cell, and in it
// 51 bytes of row 1: a header of 3 bytes (a NULL for the row number, a BLOB of 48 bytes), then the BLOB.
constexpr std::uint8_t table_leaf = 0x0D;
constexpr std::array<std::uint8_t, 5> cell_begin{3 + mark_bytes, 1, 3, 0, 12 + 2 * mark_bytes};

Result<void> run(Connection& connection, Query query) { return Use(connection, query).run("write"); }

// Returns how many of the -wal's frames are not copied. That readers are in the way is no error.
Result<int> checkpoint(Connection& connection, int mode) {
  int frames = 0;
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), "main", mode, &frames, &copied);
  if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) return frames - copied;
  return tl::unexpected(connection.error(code, "copy the -wal into"));
}

// Holds the state of now for as long as it lives: a checkpoint copies nothing newer, and the -wal does not
// begin anew.
class Pin {
 public:
  explicit Pin(Connection& connection) : connection_(connection) {}
  ~Pin() { release(); }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  Result<Mark> set() {
    if (auto begun = connection_.run("BEGIN", reading_mark); !begun) return tl::unexpected(begun.error());
    return read_mark(connection_);
  }
  void release() {
    if (connection_.in_transaction()) (void)run(connection_, Query::rollback);
  }

 private:
  Connection& connection_;
};

constexpr std::string_view way_on =
    "; put back main file and -wal of the same moment, or restore a backup (`twinlock restore FILE`); where "
    "they are gone for good, `twinlock restore --accept-main` goes on with the main file alone";

store::StoreError half(const std::string& path, std::string_view why) {
  return refused(path, "it is half a database: " + std::string(why) + std::string(way_on));
}

}  // namespace

MarkBytes encode(const Mark& mark) {
  MarkBytes bytes{};
  std::copy(mark.database.begin(), mark.database.end(), bytes.begin());
  put(bytes, numbers_at, mark.commits);
  put(bytes, numbers_at + 8, mark.whole);
  put(bytes, numbers_at + 16, mark.needs);
  bytes[state_at] = static_cast<std::uint8_t>(mark.state);
  return bytes;
}

std::optional<Mark> decode(std::span<const std::uint8_t> bytes) {
  if (bytes.size() != mark_bytes || bytes[state_at] > static_cast<std::uint8_t>(MarkState::fresh))
    return std::nullopt;
  Mark mark;
  std::copy_n(bytes.begin(), mark.database.size(), mark.database.begin());
  mark.commits = get(bytes, numbers_at);
  mark.whole = get(bytes, numbers_at + 8);
  mark.needs = get(bytes, numbers_at + 16);
  mark.state = static_cast<MarkState>(bytes[state_at]);
  return mark;
}

std::optional<Mark> mark_on(std::span<const std::uint8_t> page) {
  if (page[0] != table_leaf || page[3] != 0 || page[4] != 1) return std::nullopt;
  const std::size_t cell = static_cast<std::size_t>(page[8]) << 8U | page[9];
  if (cell + cell_begin.size() + mark_bytes > page.size()) return std::nullopt;
  if (!std::equal(cell_begin.begin(), cell_begin.end(), page.begin() + static_cast<std::ptrdiff_t>(cell)))
    return std::nullopt;
  return decode(page.subspan(cell + cell_begin.size(), mark_bytes));
}

Result<Mark> read_mark(Connection& connection) {
  Use use(connection, Query::read_mark);
  const auto row = use.row(reading_mark);
  if (!row) return tl::unexpected(row.error());
  std::optional<Mark> mark;
  if (*row) {
    const auto bytes = use.bytes_at(0);
    mark = decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  if (!mark) return tl::unexpected(damaged(connection.path(), "its mark makes no sense"));
  return *mark;
}

Result<void> write_mark(Connection& connection, const Mark& mark) {
  const MarkBytes bytes = encode(mark);
  return Use(connection, Query::write_mark).blob(bytes).run("write");
}

Result<void> insert_mark(Connection& connection, const Mark& mark) {
  const MarkBytes bytes = encode(mark);
  return Use(connection, Query::insert_mark).blob(bytes).run("create");
}

Result<Mark> mark_in_main(Connection& connection) {
  sqlite3_file* file = nullptr;
  const int found =
      sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (found != SQLITE_OK || file == nullptr || file->pMethods == nullptr)
    return tl::unexpected(connection.error(SQLITE_IOERR, reading_mark));
  std::array<std::uint8_t, 18> header{};
  int code = file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
  std::size_t page_bytes = static_cast<std::size_t>(header[16]) << 8U | header[17];
  if (page_bytes == 1) page_bytes = 65536;
  std::optional<Mark> mark;
  if (code == SQLITE_OK && page_bytes >= 512) {
    std::vector<std::uint8_t> page(page_bytes);
    code = file->pMethods->xRead(file, page.data(), static_cast<int>(page.size()),
                                 static_cast<sqlite3_int64>(page_bytes));
    if (code == SQLITE_OK) mark = mark_on(page);
  }
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
    return tl::unexpected(connection.error(code, reading_mark));
  if (!mark) return tl::unexpected(damaged(connection.path(), "its second page is not as Twinlock wrote it"));
  return *mark;
}

Result<void> check_half(const std::string& path, const Mark& main) {
  if (main.state == MarkState::backup)
    return tl::unexpected(
        refused(path,
                "it is a backup, with old states and used codes in it; move it away, put the database back, "
                "and run `twinlock restore FILE` with the backup's new name"));
  struct stat wal {};
  const bool there = ::stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0;
  if (main.state == MarkState::open && !there)
    return tl::unexpected(half(path, "its -wal, with the newest commits, is missing or empty"));
  return {};
}

Result<void> check_fits(const std::string& path, const Mark& main, const Mark& through_wal) {
  if (main.database != through_wal.database)
    return tl::unexpected(half(path, "the -wal beside it belongs to another database"));
  if (through_wal.commits < main.commits)
    return tl::unexpected(half(path, "the -wal beside it is older than the main file"));
  if (main.whole < through_wal.needs)
    return tl::unexpected(half(path, "the main file is older than the -wal beside it"));
  const auto in_wal = wal_commits(path, main);
  if (!in_wal) return tl::unexpected(in_wal.error());
  // A commit that was cut off by a kill may be there in part; it was never acknowledged.
  if (in_wal->others > through_wal.commits || in_wal->this_generation > through_wal.commits + 1)
    return tl::unexpected(half(path, "its -wal was copied while Twinlock wrote it, or is damaged"));
  const bool in_use = main.state == MarkState::open;
  if (!in_use && through_wal.commits > main.commits + 1)
    return tl::unexpected(half(path, "the main file was put back under a -wal of a later time"));
  return {};
}

Result<Mark> MarkKeeper::counted(Connection& writer) {
  auto mark = read_mark(writer);
  if (!mark) return mark;
  ++mark->commits;
  if (mark->whole > main_whole_) {  // another process may have copied meanwhile
    const auto main = mark_in_main(writer);
    if (!main) return main;
    main_whole_ = main->whole;
  }
  mark->needs = std::max(mark->needs, std::min(mark->whole, main_whole_));
  return mark;
}

Result<std::uint64_t> MarkKeeper::count(Connection& writer) {
  const auto mark = counted(writer);
  if (!mark) return tl::unexpected(mark.error());
  if (auto written = write_mark(writer, *mark); !written) return tl::unexpected(written.error());
  return mark->commits;
}

Result<void> MarkKeeper::commit_mark(Connection& writer, std::optional<MarkState> state,
                                     std::optional<std::uint64_t> whole) {
  if (auto begun = run(writer, Query::begin); !begun) return begun;
  auto written = [&]() -> Result<void> {
    auto mark = counted(writer);
    if (!mark) return tl::unexpected(mark.error());
    mark->state = state.value_or(mark->state);
    mark->whole = whole.value_or(mark->whole);
    if (auto done = write_mark(writer, *mark); !done) return done;
    return run(writer, Query::commit);
  }();
  if (!written && writer.in_transaction()) (void)run(writer, Query::rollback);
  return written;
}

Result<void> MarkKeeper::begin_use(Connection& writer) {
  if (open_in_main_) return {};
  const auto mark = read_mark(writer);
  if (!mark) return tl::unexpected(mark.error());
  if (mark->state != MarkState::open)
    if (auto marked = commit_mark(writer, MarkState::open, std::nullopt); !marked) return marked;
  if (auto left = checkpoint(writer, SQLITE_CHECKPOINT_FULL); !left) return tl::unexpected(left.error());
  const auto main = mark_in_main(writer);
  if (!main) return tl::unexpected(main.error());
  if (main->state != MarkState::open) return tl::unexpected(busy(writer.path()));
  open_in_main_ = true;
  return {};
}

// The order matters, so that a copy of the main file made at any moment never claims more than it has:
// everything up to commit n is copied first, and only then a mark that says so. The pin keeps the first
// checkpoint at n; the commit after n, one frame with the mark's page, keeps the -wal from beginning anew
// before the new mark is in the main file.
Result<bool> MarkKeeper::settle(Connection& writer, Connection& pin_on, bool patient) {
  Pin pin(pin_on);
  const auto now = pin.set();
  if (!now) return tl::unexpected(now.error());
  auto main = mark_in_main(writer);
  if (!main) return tl::unexpected(main.error());
  if (main->commits == now->commits) return true;
  if (auto one_more = commit_mark(writer, std::nullopt, std::nullopt); !one_more)
    return tl::unexpected(one_more.error());
  const auto left = checkpoint(writer, SQLITE_CHECKPOINT_PASSIVE);
  if (!left) return tl::unexpected(left.error());
  if (*left > 1) return false;
  if (auto marked = commit_mark(writer, std::nullopt, now->commits); !marked)
    return tl::unexpected(marked.error());
  pin.release();
  const auto rest = checkpoint(writer, patient ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
  if (!rest) return tl::unexpected(rest.error());
  main = mark_in_main(writer);
  if (!main) return tl::unexpected(main.error());
  main_whole_ = main->whole;
  return main->whole == now->commits;
}

Result<void> MarkKeeper::end_use(Connection& writer, Connection& pin) {
  const auto mark = read_mark(writer);
  if (!mark) return tl::unexpected(mark.error());
  if (mark->state == MarkState::open) {
    const auto settled = settle(writer, pin, false);
    if (!settled) return tl::unexpected(settled.error());
    if (!*settled) return tl::unexpected(busy(writer.path()));
    if (auto marked = commit_mark(writer, MarkState::closed, std::nullopt); !marked) return marked;
  }
  open_in_main_ = false;
  const auto left = checkpoint(writer, SQLITE_CHECKPOINT_TRUNCATE);
  return left ? Result<void>() : tl::unexpected(left.error());
}

}  // namespace twinlock::sqlite
