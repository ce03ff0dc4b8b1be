// SPDX-License-Identifier: Apache-2.0
// doctor: everything that can be looked at without changing anything, one line a check.
#include "adapters/doctor/doctor.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <optional>

#include "adapters/console/output.hpp"
#include "adapters/console/printable.hpp"
#include "adapters/daemon/helper_programs.hpp"
#include "adapters/doctor/ask.hpp"
#include "adapters/doctor/report.hpp"
#include "adapters/service/spelling_check.hpp"

namespace twinlock::doctor {

using namespace console;

namespace {

constexpr std::size_t page_rows = 256;
constexpr std::size_t named_max = 3;                 // accounts that a finding names
constexpr store::Seconds mail_old_s = 900;           // mail that waits longer is not being delivered
constexpr std::time_t clock_s_sane = 1'735'689'600;  // 2025-01-01: before this program was written
constexpr std::time_t clock_skew_s_max = 120;        // of a file's time into the future

void check_versions(Report& report) {
  report.add("versions", Level::ok,
             fmt::format("twinlock {}, SQLite {}", TWINLOCK_VERSION, sqlite3_libversion()));
}

void check_clock(Report& report, const config::Config& config) {
  const std::time_t now = std::time(nullptr);
  if (now < clock_s_sane) {
    report.add("clock", Level::fail, "the clock is years behind, so no code will match; set it");
    return;
  }
  struct stat st {};
  const std::string database = config::resolve(config, config.store.path);
  for (const std::string& path : {database, database + "-wal"}) {
    if (::stat(path.c_str(), &st) != 0 || st.st_mtime <= now + clock_skew_s_max) continue;
    report.add(
        "clock", Level::fail,
        fmt::format("{} was last written at a later time than now, so the clock went back; set the clock",
                    path));
    return;
  }
  timex state{};
  const Value shown = moment(static_cast<std::uint64_t>(now));
  if (::adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    report.add("clock", Level::warn,
               fmt::format("{}, but the system does not say that it is synchronised; run an NTP service "
                           "(chrony, systemd-timesyncd)",
                           shown.text));
    return;
  }
  report.add("clock", Level::ok, fmt::format("{}, synchronised", shown.text));
}

void check_permissions(Report& report, const config::Config& config) {
  const std::string key = config::resolve(config, config.keys.file);
  const std::string database = config::resolve(config, config.store.path);
  Level level = Level::ok;
  for (const std::string& path : {key, database, database + "-wal", database + "-shm"}) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0 || (st.st_mode & 0077) == 0) continue;
    report.add("permissions", Level::fail,
               fmt::format("{} has mode {:04o}, but only its owner may read it; run: chmod 0600 {}", path,
                           st.st_mode & 07777U, path));
    level = Level::fail;
  }
  const std::string key_folder = std::filesystem::path(key).parent_path().string();
  const std::string database_folder = std::filesystem::path(database).parent_path().string();
  if (key_folder == database_folder && !config.site.dev) {
    report.add("permissions", Level::warn,
               fmt::format("key file and database are both in {}, so one copy or one loss takes both; "
                           "move the key file away and correct keys.file",
                           key_folder));
    level = Level::warn;
  }
  for (const std::string& folder : {key_folder, database_folder}) {
    struct stat st {};
    if (::stat(folder.c_str(), &st) != 0 || (st.st_mode & 0002) == 0) continue;
    report.add("permissions", Level::warn,
               fmt::format("every user may write into {}; run: chmod o-w {}", folder, folder));
    level = Level::warn;
  }
  if (level == Level::ok)
    report.add("permissions", Level::ok, "only their owner can read key file and database");
}

// How many rows there are and which do not open.
struct Scanned {
  std::uint64_t rows = 0;
  std::uint64_t sealed = 0;  // do not open
  std::vector<std::string> named;
};

tl::expected<Scanned, store::StoreError> scan_all(Session& session) {
  Scanned scanned;
  Progress progress("accounts opened");
  std::string after;
  while (true) {
    const auto rows = session.store().scan(after, page_rows);
    if (!rows) return tl::unexpected(rows.error());
    for (const store::ScannedRow& row : *rows) {
      ++scanned.rows;
      progress.step();
      const keys::Binding binding{row.account.bytes(), row.row.version, {}};
      if (session.keys().open(keys::SealPurpose::record, binding, row.row.sealed)) continue;
      if (++scanned.sealed <= named_max) scanned.named.push_back(printable(row.account.bytes()));
    }
    if (rows->size() < page_rows) return scanned;
    after = rows->back().account.bytes();
  }
}

void check_keys(Report& report, Session& session) {
  report.add(
      "keys", Level::ok,
      fmt::format("{} (ids {}; current {})", config::resolve(session.config(), session.config().keys.file),
                  fmt::join(session.keys().ids(), ", "), session.keys().current()));
  const auto scanned = scan_all(session);
  if (!scanned) return report.add("accounts", Level::fail, scanned.error().message);
  if (scanned->sealed == 0) return report.add("accounts", Level::ok, fmt::format("{} open", scanned->rows));
  const std::string advice = scanned->sealed == scanned->rows
                                 ? "this key file belongs to another database; put back the right one"
                                 : "restore the database, or `twinlock reset --unopenable` them";
  report.add(
      "accounts", Level::fail,
      fmt::format("{} of {} cannot be decrypted ({}{}); {}", scanned->sealed, scanned->rows,
                  fmt::join(scanned->named, ", "), scanned->sealed > named_max ? ", ..." : "", advice));
}

// "ann, bob, ..." of at most named_max names.
std::string some(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const auto& name : names)
    if (shown.size() < named_max) shown.push_back(printable(name));
  if (names.size() > named_max) shown.emplace_back("...");
  return fmt::format("{}", fmt::join(shown, ", "));
}

// Whether the table of spellings agrees with the records, and who is taken for whom.
void check_spellings(Report& report, Session& session) {
  constexpr const char* what = "spellings";
  const auto found = service::check_spellings(session.store(), session.keys());
  if (!found)
    return report.add(what, Level::fail, "they cannot be read; see the lines above, and start this again");
  if (found->unreadable > 0)
    report.add(what, Level::fail,
               fmt::format("{} rows of the table make no sense: the database is damaged; restore it from a "
                           "backup",
                           found->unreadable));
  if (!found->missing.empty())
    report.add(what, Level::fail,
               fmt::format("other spellings of {} ({} accounts) are let in, since the table lacks them; set "
                           "the policy of each again with `twinlock policy`, which writes its row anew",
                           some(found->missing), found->missing.size()));
  if (!found->stale.empty())
    report.add(what, Level::warn,
               fmt::format("the table says that {} ({} accounts) need a code, and their records do not; set "
                           "the policy of each again with `twinlock policy`, which writes its row anew",
                           some(found->stale), found->stale.size()));
  std::vector<std::string> pairs;
  for (const auto& [a, b] : found->collisions) pairs.push_back(a + " and " + b);
  if (!pairs.empty())
    report.add(
        what, Level::warn,
        fmt::format("{}: spellings of one name that both need a code; if they are two persons, `twinlock "
                    "accounts distinct`, else `twinlock reset` the wrong one",
                    some(pairs)));
  if (found->unreadable == 0 && found->missing.empty() && found->stale.empty() && pairs.empty())
    report.add(what, Level::ok,
               fmt::format("they agree with the records; {} pairs are distinct", found->distinct.size()));
}

void check_integrity(Report& report, Session& session) {
  const auto sound = session.store().check();
  if (sound) return report.add("database", Level::ok, "whole: main file and -wal belong together; " + *sound);
  report.add("database", Level::fail, sound.error().message);
}

void check_server(Report& report, const config::Config& config, const Server& server,
                  const std::string& where) {
  Parameters parameters{{"GATEWAY_INTERFACE", "CGI/1.1"},
                        {"REQUEST_METHOD", "GET"},
                        {"SCRIPT_NAME", config.site.prefix + "/health"},
                        {"PATH_INFO", ""},
                        {"QUERY_STRING", ""}};
  if (!config.host.secret_file.empty()) {
    auto secret = config::read_host_secret(config);
    if (!secret) return report.add("server", Level::fail, secret.error());
    parameters.emplace_back(config.host.secret_name, std::move(*secret));
  }
  const auto status = ask(server, parameters);
  if (!status)
    return report.add(
        "server", Level::fail,
        fmt::format("{}: {}; start twinlockd if it does not run, and check that your user may connect to it",
                    where, status.error()));
  if (*status != 200)
    return report.add(
        "server", Level::fail,
        fmt::format("{}: /health answers {} instead of 200; read twinlockd's log", where, *status));
  report.add("server", Level::ok, fmt::format("{} answers, health 200", where));
}

void check_servers(Report& report, const config::Config& config) {
  if (!config.listen.socket.empty()) {
    const std::string path = config::resolve(config, config.listen.socket);
    check_server(report, config, {path, {}, 0}, path);
  }
  if (const auto endpoint = config::loopback_endpoint(config.listen.tcp))
    check_server(report, config, {{}, endpoint->host, endpoint->port}, config.listen.tcp);
}

// smtp://host:port as its parts; without a port, the one that the mailer's libcurl takes.
void check_smtp(Report& report, const std::string& url) {
  const bool implicit_tls = url.starts_with("smtps://");
  std::string rest = url.substr(implicit_tls ? 8 : 7);
  std::string port = implicit_tls ? "465" : "25";
  if (const std::size_t colon = rest.rfind(':');
      colon != std::string::npos && rest.find(']', colon) == std::string::npos) {
    port = rest.substr(colon + 1);
    rest.resize(colon);
  }
  if (rest.starts_with('[')) rest = rest.substr(1, rest.size() - 2);
  const auto reached = reach(rest, port);
  if (reached) return report.add("mail", Level::ok, url + " can be reached");
  report.add("mail", Level::fail,
             fmt::format("{}: cannot connect: {}; check mail.smtp, and that the mail server runs", url,
                         reached.error()));
}

void check_mail(Report& report, const config::Config& config) {
  const config::Mail& mail = config.mail;
  if (mail.smtp.empty() && mail.sendmail.empty())
    return report.add("mail", Level::warn,
                      "neither mail.smtp nor mail.sendmail is set, so nobody can recover a lost factor by "
                      "mail; set one of them");
  if (daemon::mailer_program().empty())
    return report.add("mail", Level::fail,
                      "twinlock-mailer is neither beside this program nor in PATH; install it");
  if (!mail.smtp.empty()) return check_smtp(report, mail.smtp);
  const std::string& program = mail.sendmail.front();
  if (::access(program.c_str(), X_OK) == 0) return report.add("mail", Level::ok, program + " is there");
  report.add("mail", Level::fail,
             fmt::format("{} cannot be run; write the full path of an executable program in mail.sendmail",
                         program));
}

void check_outbox(Report& report, Session& session) {
  const auto counts = session.store().outbox_counts();
  if (!counts) return report.add("outbox", Level::fail, counts.error().message);
  const auto now = static_cast<store::Seconds>(std::time(nullptr));
  if (counts->waiting > 0 && counts->oldest + mail_old_s < now)
    return report.add("outbox", Level::warn,
                      fmt::format("{} waiting, the oldest since {}; see `twinlock mail list`",
                                  counts->waiting, moment(counts->oldest).text));
  report.add("outbox", Level::ok, fmt::format("{} waiting", counts->waiting));
}

}  // namespace

int check_installation(const Common& common) {
  Report report(common.json);
  check_versions(report);
  const auto config = read_config(common);
  if (!config) {
    report.add("configuration", Level::fail, config.error().reason);
    return report.finish();
  }
  report.add("configuration", Level::ok,
             config->site.dev ? "for tests on this machine only (dev)" : config->site.base_url);
  check_clock(report, *config);
  check_permissions(report, *config);
  check_servers(report,
                *config);  // before root becomes the database's owner, who may not be let into the socket
  auto session = Session::open(common);
  if (session) {
    check_keys(report, **session);
    check_integrity(report, **session);
    check_spellings(report, **session);
    check_outbox(report, **session);
  } else {
    report.add("keys", Level::fail, session.error().reason);
  }
  check_mail(report, *config);
  return report.finish();
}

}  // namespace twinlock::doctor
