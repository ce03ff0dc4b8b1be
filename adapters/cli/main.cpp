// SPDX-License-Identifier: Apache-2.0
// twinlock: the operator's command line. Which words there are, what they mean, and examples; the work is
// elsewhere.
#include <CLI/CLI.hpp>
#include <memory>

#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"
#include "adapters/doctor/doctor.hpp"
#include "adapters/system/process.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

constexpr const char* common_help =
    "Every command takes --config FILE and --json, and those that change something --operator NAME.\n";
constexpr const char* exit_help =
    "exit: 0 done, 1 refused or a negative finding, 2 usage or configuration, 3 database or key unavailable";

struct Words {
  Common common;
  InitOptions init;
  doctor::SiteOptions site;
  ResetOptions reset;
  RestoreOptions restore;
  std::string account;
  PolicyOptions policy;
  DistinctOptions distinct;
  std::string reason;
  std::string id;
  std::string scope;
  std::string name;
  std::function<int()> chosen;  // the command that was typed
};

// For what changes something: says first where.
std::function<int()> changing(const Words& w, auto command) {
  return [&w, command] { return say_configuration(w.common), command(); };
}

CLI::App* add(CLI::App& parent, const char* name, const char* what, const char* examples) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->footer(std::string("Examples:\n") + examples + "\n" + common_help + exit_help);
  return command;
}

void add_account(CLI::App* command, std::string& account) {
  command->add_option("ACCOUNT", account, "the account, byte for byte as the web server names it")
      ->required();
}

void add_reason(CLI::App* command, std::string& reason) {
  const auto given = [](const std::string& s) { return std::string(s.empty() ? "must not be empty" : ""); };
  command->add_option("--reason", reason, "why; kept in the account's audit chain")->required()->check(given);
}

void add_init(CLI::App& app, Words& w) {
  CLI::App* c =
      add(app, "init", "Make configuration, key and database; say what comes next",
          "  twinlock init\n"
          "  twinlock init --config /etc/twinlock/twinlock.toml\n"
          "  twinlock init --base-url https://app.example.org --issuer Example --contact 'the desk'\n"
          "  twinlock init --web nginx\n");
  auto* made = c->add_option_group("written into a new configuration");
  made->add_option("--base-url", w.init.base_url,
                   "the site's address, https://host[:port]; without it: for tests on this machine");
  made->add_option("--issuer", w.init.issuer, "the site's name in the authenticator app");
  made->add_option("--contact", w.init.contact, "whom people ask");
  made->excludes(c->add_option("--web", w.init.web,
                               "make nothing; print this web server's recipe with this site's values")
                     ->check(CLI::IsMember({"nginx", "apache", "caddy", "h2o", "lighttpd", "lighttpd.lua",
                                            "lighttpd_answer.lua"})));
  c->callback([&w] { w.chosen = [&w] { return init(w.common, w.init); }; });
}

void add_doctor(CLI::App& app, Words& w) {
  CLI::App* c =
      app.add_subcommand("doctor",
                         "Look at clock, permissions, keys, database, server and mail, or (--url) "
                         "at a live site, or (--web-config) at nginx's configuration; change nothing");
  c->footer(
      "--url needs neither key nor database, and runs on any machine. It sends false passwords: a site that\n"
      "shuts out who does so may shut out you. Only with an account that is on does it see the gate "
      "refuse.\n\n"
      "Examples:\n"
      "  twinlock doctor\n"
      "  twinlock doctor --url https://app.example.org\n"
      "  twinlock doctor --url https://app.example.org --path /app/ --user probe --password-file probe.pw\n"
      "  twinlock doctor --url https://localhost:8443 --ca-file site.crt\n"
      "  nginx -T | twinlock doctor --web-config -\n\n"
      "Every command takes --config FILE and --json.\n"
      "exit: 0 all ok, 1 something to look at (warn), 2 something is broken (fail), or usage");
  auto* url = c->add_option("--url", w.site.url, "try this site, https://host[:port], from outside");
  const auto add_one = [&](const char* name, auto& value, const char* what) {
    return c->add_option(name, value, what)->needs(url);
  };
  add_one("--path", w.site.path, "a path that the application serves")->capture_default_str();
  auto* user = add_one("--user", w.site.user, "a test account's name, for the first sign-in by HTTP Basic");
  auto* file =
      add_one("--password-file", w.site.password_file, "the file with its password: mode 0600, one line");
  user->needs(file);
  file->needs(user);
  add_one("--alias", w.site.aliases,
          "another name that the sign-in may take for --user; tried with the same password, as other "
          "spellings of --user are")
      ->needs(user)
      ->allow_extra_args(false);
  add_one("--ca-file", w.site.ca_file, "PEM file to check the certificate with; default: the system's")
      ->check(CLI::ExistingFile);
  c->add_flag("--insecure", w.site.insecure, "take any certificate; for this machine's own addresses only")
      ->needs(url);
  add_one("--web", w.site.web, "the web server, where its answers do not name it")
      ->check(CLI::IsMember({"nginx", "apache", "lighttpd", "caddy", "h2o"}));
  auto* dump =
      c->add_option("--web-config", w.site.web_config, "what `nginx -T` prints: a file, or -")->excludes(url);
  c->callback([&w, url, dump] {
    const auto go = dump->count() > 0 ? doctor::check_web_config : doctor::check_live_site;
    const bool here = dump->count() == 0 && url->count() == 0;  // an empty one counts
    w.chosen = [&w, go, here] { return here ? doctor::check_installation(w.common) : go(w.common, w.site); };
  });
}

void add_show(CLI::App& app, Words& w) {
  CLI::App* c = add(app, "show", "Show one account's state; an unknown one is off",
                    "  twinlock show alice\n  twinlock show alice --json\n");
  add_account(c, w.account);
  c->callback([&w] { w.chosen = [&w] { return show(w.common, w.account); }; });
}

void add_reset(CLI::App& app, Words& w) {
  CLI::App* c = add(app, "reset",
                    "Take a person's lost factor off; where policy requires one (or with --replace) print a "
                    "grant to enroll anew",
                    "  twinlock reset alice --reason 'lost phone, passport seen, ticket 4711'\n"
                    "  twinlock reset alice --reason 'ticket 4711' --replace\n"
                    "  twinlock reset alice --reason 'row damaged, ticket 4712' --unopenable\n");
  add_account(c, w.reset.account);
  add_reason(c, w.reset.reason);
  c->add_flag("--replace", w.reset.replace,
              "refuse sign-in until a new factor is enrolled with the grant, which is printed once");
  c->add_flag("--unopenable", w.reset.unopenable,
              "also where the record does not open: its audit chain restarts, marked");
  c->callback([&w] { w.chosen = changing(w, [&w] { return reset(w.common, w.reset); }); });
}

void add_unlock(CLI::App& app, Words& w) {
  CLI::App* c = add(
      app, "unlock",
      "Print a ticket with which the person signs in although wrong codes make the account wait (a locked "
      "one needs reset or recovery)",
      "  twinlock unlock alice --reason 'mistyped, called from a known number'\n");
  add_account(c, w.account);
  add_reason(c, w.reason);
  c->callback([&w] { w.chosen = changing(w, [&w] { return unlock(w.common, w.account, w.reason); }); });
}

void add_policy(CLI::App& app, Words& w) {
  CLI::App* c = add(app, "policy", "Say whether one account needs a second factor",
                    "  twinlock policy alice required\n  twinlock policy alice required --from 2027-01-01\n"
                    "  twinlock policy alice inherit\n");
  add_account(c, w.policy.account);
  c->add_option("POLICY", w.policy.policy, "inherit (as the configuration says), optional or required")
      ->required()
      ->check(CLI::IsMember({"inherit", "optional", "required"}));
  c->add_option(
      "--from", w.policy.from,
      "with required: from this date (UTC) or time on, such as 2027-01-01 or 2027-01-01T08:00:00+01:00");
  c->callback([&w] {
    if (!w.policy.from.empty() && w.policy.policy != "required")
      throw CLI::ValidationError("--from", "goes with required only");
    w.chosen = changing(w, [&w] { return set_policy(w.common, w.policy); });
  });
}

void add_accounts(CLI::App& app, Words& w) {
  CLI::App* accounts = add(app, "accounts", "Say which spellings of one name are two persons",
                           "  twinlock accounts distinct Demo demo --reason 'two persons, HR ticket 12'\n"
                           "  twinlock accounts distinct --list\n");
  accounts->require_subcommand(1);
  CLI::App* c = add(*accounts, "distinct",
                    "Let two spellings of one name be two accounts; without this, while one of them needs a "
                    "code, the other neither signs in nor sets up a factor",
                    "  twinlock accounts distinct Demo demo --reason 'two persons, HR ticket 12'\n"
                    "  twinlock accounts distinct Demo demo --remove --reason 'Demo has left'\n"
                    "  twinlock accounts distinct --list\n");
  auto* first = c->add_option("ACCOUNT", w.distinct.first, "one account, byte for byte");
  auto* second =
      c->add_option("OTHER", w.distinct.second, "the other spelling; the chain of ACCOUNT keeps it");
  first->needs(second);
  auto* reason = c->add_option("--reason", w.distinct.reason, "why; kept in the audit chain of ACCOUNT");
  auto* remove = c->add_flag("--remove", w.distinct.remove, "no longer");
  auto* list = c->add_flag("--list", w.distinct.list, "list the pairs");
  for (auto* other : {first, second, reason, remove}) list->excludes(other);
  c->callback([&w] {
    if (!w.distinct.list && w.distinct.first.empty())
      throw CLI::RequiredError("ACCOUNT and OTHER, or --list");
    if (!w.distinct.list && w.distinct.reason.empty()) throw CLI::RequiredError("--reason");
    w.chosen = [&w] { return accounts_distinct(w.common, w.distinct); };
  });
}

void add_audit(CLI::App& app, Words& w) {
  CLI::App* audit = add(app, "audit", "Read and verify the audit chains",
                        "  twinlock audit show alice\n  twinlock audit verify\n");
  audit->require_subcommand(1);
  CLI::App* read =
      add(*audit, "show", "Show one account's history, oldest first",
          "  twinlock audit show alice\n  twinlock audit show alice --json    one JSON object a line\n");
  add_account(read, w.account);
  read->callback([&w] { w.chosen = [&w] { return audit_show(w.common, w.account); }; });
  CLI::App* verify =
      add(*audit, "verify", "Check chains against the sealed records: nothing removed, changed or reordered",
          "  twinlock audit verify          all accounts\n  twinlock audit verify alice\n");
  verify->add_option("ACCOUNT", w.account, "one account; else all");
  verify->callback([&w] { w.chosen = [&w] { return audit_verify(w.common, w.account); }; });
}

void add_backup(CLI::App& app, Words& w) {
  CLI::App* c =
      add(app, "backup", "Copy the database, also while Twinlock runs, into one file (0600), and check it",
          "  twinlock backup /var/backups/twinlock/2026-11-24.db\n"
          "  twinlock backup monday.db --json\n");
  c->add_option("FILE", w.name, "a file that is not there yet")->required();
  c->callback([&w] { w.chosen = [&w] { return backup(w.common, w.name); }; });
}

void add_restore(CLI::App& app, Words& w) {
  CLI::App* c =
      add(app, "restore",
          "Put a backup in the database's place; twinlockd must be stopped. What the present database "
          "has newer is kept, if it opens",
          "  twinlock restore /var/backups/twinlock/2026-11-24.db --reason 'disk lost, ticket 4711'\n"
          "  twinlock restore --accept-main --reason 'the -wal is gone for good, ticket 4712'\n"
          "  twinlock restore --in-place --reason 'the machine went back to a snapshot'\n");
  auto* what = c->add_option_group("what")->require_option(1);
  what->add_option("FILE", w.restore.file, "made by `twinlock backup`");
  what->add_flag("--accept-main", w.restore.accept_main,
                 "go on with the main file alone; what was in the lost -wal is lost");
  what->add_flag("--in-place", w.restore.in_place,
                 "the database is an old one already, as after a snapshot was put back");
  add_reason(c, w.restore.reason);
  c->callback([&w] { w.chosen = [&w] { return restore(w.common, w.restore); }; });
}

void add_api_key(CLI::App& app, Words& w) {
  CLI::App* keys = add(app, "api-key", "Say who may use the JSON API; without a key there is none",
                       "  twinlock api-key add --scope app --name 'the shop'\n  twinlock api-key list\n");
  keys->require_subcommand(1);
  CLI::App* make = add(*keys, "add", "Make a key and show it once",
                       "  twinlock api-key add --scope app --name 'the shop'\n"
                       "  twinlock api-key add --scope operator --name monitoring --json\n");
  make->add_option(
          "--scope", w.scope,
          "app (what an application asks of its people's accounts) or operator (reset, unlock, audit, "
          "metrics); neither includes the other")
      ->required()
      ->check(CLI::IsMember({"app", "operator"}));
  make->add_option("--name", w.name, "a note for you: whose key this is");
  make->callback([&w] { w.chosen = changing(w, [&w] { return api_key_add(w.common, w.scope, w.name); }); });
  CLI::App* list = add(*keys, "list", "List the keys, never their text", "  twinlock api-key list\n");
  list->callback([&w] { w.chosen = [&w] { return api_key_list(w.common); }; });
  CLI::App* remove =
      add(*keys, "remove", "Take a key away; it counts at once", "  twinlock api-key remove 0a1b2c3d\n");
  remove->add_option("ID", w.id, "of `api-key list`")->required();
  remove->callback([&w] { w.chosen = changing(w, [&w] { return api_key_remove(w.common, w.id); }); });
}

void add_mail(CLI::App& app, Words& w) {
  CLI::App* mail = add(app, "mail", "Look at the outbox, without any mail's content",
                       "  twinlock mail list\n  twinlock mail retry all\n");
  mail->require_subcommand(1);
  CLI::App* list = add(*mail, "list", "List what waits", "  twinlock mail list\n");
  list->callback([&w] { w.chosen = [&w] { return mail_list(w.common); }; });
  CLI::App* retry =
      add(*mail, "retry", "Make mail due now", "  twinlock mail retry 00112233445566778899aabbccddeeff\n");
  retry->add_option("ID", w.id, "of `mail list`, or all")->required();
  retry->callback([&w] { w.chosen = changing(w, [&w] { return mail_retry(w.common, w.id); }); });
  CLI::App* drop = add(*mail, "drop", "Delete mail unsent; the account's history keeps that it was",
                       "  twinlock mail drop 00112233445566778899aabbccddeeff --reason 'address is gone'\n");
  drop->add_option("ID", w.id, "of `mail list`, or all")->required();
  add_reason(drop, w.reason);
  drop->callback([&w] { w.chosen = changing(w, [&w] { return mail_drop(w.common, w.id, w.reason); }); });
}

void add_common(CLI::App& app, Common& common) {
  app.add_option(
      "--config", common.config_file,
      "the configuration; else ./twinlock.toml, else /etc/twinlock/twinlock.toml, else the defaults");
  app.add_option("--operator", common.operator_name,
                 "who does this, for the audit chain; else $SUDO_USER or $USER");
  app.add_flag("--json", common.json, "for programs");
}

}  // namespace

int main_of(int argc, char** argv) {
  // The process holds keys while it runs (K20).
  if (!system::forbid_core_dumps()) {
    complain("core dumps, which could contain secrets, cannot be switched off on this system; not starting");
    return exit_refused;
  }
  system::make_failed_writes_errors();
  CLI::App app{"twinlock: the operator's view of Twinlock, the second factor", "twinlock"};
  Words words;
  app.set_version_flag("--version", "twinlock " TWINLOCK_VERSION);
  app.footer(std::string("`twinlock COMMAND --help` has examples.\n") + exit_help);
  app.require_subcommand(1);
  app.fallthrough();
  add_common(app, words.common);
  for (const auto add_one : {add_init, add_doctor, add_show, add_reset, add_unlock, add_policy, add_accounts,
                             add_audit, add_mail, add_api_key, add_backup, add_restore})
    add_one(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? exit_ok : exit_configuration;
  }
  return words.chosen();
}

}  // namespace twinlock::cli

int main(int argc, char** argv) {
  twinlock::system::fill_standard_descriptors();
  return twinlock::cli::main_of(argc, argv);
}
