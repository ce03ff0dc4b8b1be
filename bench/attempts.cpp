// SPDX-License-Identifier: Apache-2.0
// One durable attempt (read, check, write, on disk) through the service over SQLite, with 1 and with 64 in
// flight. Beside them, in the same run and the same folder, SQLite by itself: read a row, write it back, 1
// and 64 a commit, with its default page and checkpoint sizes and `synchronous = FULL`.
//
// A day passes between two rounds over all accounts, and every fourth attempt of an account is right, so
// every attempt is evaluated and changes its row: three are charged, one is accepted.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>

#include "adapters/sqlite/store.hpp"
#include "bench/accounts.hpp"
#include "bench/ratios.hpp"

namespace {

using namespace twinlock;

constexpr std::size_t accounts_count = 10'000;

// Attempts of one sample. Samples are short and many, because a shared disk changes its pace from second to
// second: interleaved, both sides meet the same paces.
std::size_t attempts_of(const benchmark::State& state) { return state.range(0) == 1 ? 128 : 1'024; }

constexpr Seconds day_s = 86'400;

// A folder of its own on the disk that TMPDIR (otherwise /var/tmp) is on.
class Folder {
 public:
  Folder() {
    const char* base = std::getenv("TMPDIR");
    std::string name = std::string(base != nullptr ? base : "/var/tmp") + "/twinlock-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder: " + name);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

std::unique_ptr<sqlite::SqliteStore> open_store(const std::filesystem::path& path) {
  sqlite::Options options;
  options.path = path;
  options.create = true;
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

// The service and its accounts; made once, at the first use.
class Fleet {
 public:
  Fleet() {
    service_.start();
    people_ = bench::enroll(service_, clock_, accounts_count);
    clock_.now += day_s;
  }
  ~Fleet() { service_.stop(); }

  // `count` attempts, never more than `in_flight` at once. Returns how many were evaluated.
  std::size_t run(std::size_t count, std::size_t in_flight) {
    evaluated_ = 0;
    for (std::size_t i = 0; i < count; ++i) {
      wait_below(in_flight);
      submit_next();
    }
    wait_below(1);
    return evaluated_;
  }

 private:
  void wait_below(std::size_t limit) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return flying_ < limit; });
  }

  void submit_next() {
    const bool right = round_ % 4 == 3;
    {
      const std::lock_guard lock(mutex_);
      ++flying_;
    }
    service_.submit(bench::attempt(people_[next_], clock_.now, right),
                    [this](const service::DecisionResult& result) {
                      const bool evaluated = result && (result->value().verdict == Verdict::accepted ||
                                                        result->value().verdict == Verdict::rejected);
                      const std::lock_guard lock(mutex_);
                      --flying_;
                      if (evaluated) ++evaluated_;
                      changed_.notify_one();
                    });
    if (++next_ < people_.size()) return;
    wait_below(1);
    next_ = 0;
    ++round_;
    clock_.now += day_s;
  }

  Folder folder_;
  keys::KeyRing keys_ = bench::some_keys();
  bench::SetClock clock_;
  std::unique_ptr<sqlite::SqliteStore> store_ = open_store(folder_.path / "twinlock.db");
  service::Service service_{*store_, keys_, clock_, {}};
  std::vector<bench::Person> people_;
  std::size_t next_ = 0;
  std::size_t round_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t flying_ = 0;
  std::size_t evaluated_ = 0;
};

// A table of as many accounts with a record of as many bytes, and two statements.
class Raw {
 public:
  Raw() {
    if (sqlite3_open((folder_.path / "raw.db").c_str(), &database_) != SQLITE_OK)
      throw std::runtime_error("no database");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE account(id INTEGER PRIMARY KEY, account BLOB NOT NULL UNIQUE, record BLOB NOT NULL) "
        "STRICT;"
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
        " INSERT INTO account(account, record)"
        " SELECT CAST('user' || i || '@example.org' AS BLOB), randomblob(320) FROM n;");
    read_ = prepare("SELECT id, record FROM account WHERE account = CAST(?1 AS BLOB)");
    write_ = prepare("UPDATE account SET record = ?2 WHERE id = ?1");
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() {
    sqlite3_finalize(read_);
    sqlite3_finalize(write_);
    sqlite3_close(database_);
  }

  void run(std::size_t count, std::size_t together) {
    for (std::size_t i = 0; i < count; i += together) {
      run("BEGIN IMMEDIATE");
      for (std::size_t j = 0; j < together; ++j) change();
      run("COMMIT");
    }
  }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(database_));
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* out = nullptr;
    if (sqlite3_prepare_v2(database_, sql, -1, &out, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(database_));
    return out;
  }
  void change() {
    const std::string account = "user" + std::to_string(next_++ % accounts_count) + "@example.org";
    sqlite3_bind_text(read_, 1, account.data(), static_cast<int>(account.size()), SQLITE_TRANSIENT);
    if (sqlite3_step(read_) != SQLITE_ROW) throw std::runtime_error("a row is missing");
    const sqlite3_int64 id = sqlite3_column_int64(read_, 0);
    std::string record(static_cast<const char*>(sqlite3_column_blob(read_, 1)),
                       static_cast<std::size_t>(sqlite3_column_bytes(read_, 1)));
    ++record[0];
    sqlite3_reset(read_);
    sqlite3_bind_int64(write_, 1, id);
    sqlite3_bind_blob(write_, 2, record.data(), static_cast<int>(record.size()), SQLITE_TRANSIENT);
    if (sqlite3_step(write_) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_));
    sqlite3_reset(write_);
  }

  Folder folder_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* read_ = nullptr;
  sqlite3_stmt* write_ = nullptr;
  std::size_t next_ = 0;
};

std::unique_ptr<Fleet> fleet;
std::unique_ptr<Raw> raw;

void finish(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(attempts_of(state)) *
                          static_cast<std::int64_t>(state.iterations()));
}

void service_attempts(benchmark::State& state) {
  if (!fleet) fleet = std::make_unique<Fleet>();
  for (auto _ : state)
    if (fleet->run(attempts_of(state), static_cast<std::size_t>(state.range(0))) != attempts_of(state))
      return state.SkipWithError("an attempt was not evaluated");
  finish(state);
}

void raw_sqlite(benchmark::State& state) {
  if (!raw) raw = std::make_unique<Raw>();
  for (auto _ : state) raw->run(attempts_of(state), static_cast<std::size_t>(state.range(0)));
  finish(state);
}

// The number of samples is fixed, so that the whole takes about half a minute.
void bounded(benchmark::internal::Benchmark* b) {
  b->Iterations(1)->Repetitions(41)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
}
BENCHMARK(service_attempts)->Arg(1)->Arg(64)->Apply(bounded);
BENCHMARK(raw_sqlite)->Arg(1)->Arg(64)->Apply(bounded);

}  // namespace

int main(int argc, char** argv) {
  const int code =
      twinlock::bench::run(argc, argv, twinlock::bench::Time::wall, {"raw_sqlite/1", "raw_sqlite/64"});
  fleet.reset();
  raw.reset();
  return code;
}
