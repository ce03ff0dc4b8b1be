// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/queries.hpp"

namespace twinlock::sqlite {

// audit_read walks the chain from the account's head to older entries. `id < chain.id` ends the walk on a
// damaged link. lost_names counts the accounts that only one of the two tables knows; lost_heads those whose
// newest entry is not there.
const char* sql_of(Query query) {
  switch (query) {
    case Query::begin:
      return "BEGIN IMMEDIATE";
    case Query::commit:
      return "COMMIT";
    case Query::rollback:
      return "ROLLBACK";
    case Query::schema_version:
      return "PRAGMA user_version";
    case Query::load:
      return "SELECT version, sealed FROM account WHERE account = ?1";
    case Query::name_known:
      return "SELECT 1 FROM name WHERE account = ?1";
    case Query::scan:
      return "SELECT account, version, sealed FROM account WHERE account > ?1 ORDER BY account LIMIT ?2";
    case Query::audit_read:
      return "WITH RECURSIVE chain(id, previous) AS ("
             " SELECT id, previous FROM audit"
             "  WHERE id = (SELECT audit_head FROM account WHERE account = ?1) AND sequence > ?2"
             " UNION ALL"
             " SELECT audit.id, audit.previous FROM chain JOIN audit ON audit.id = chain.previous"
             "  WHERE audit.id < chain.id AND audit.sequence > ?2)"
             " SELECT sequence, body, hash FROM audit"
             "  WHERE id IN (SELECT id FROM chain ORDER BY id LIMIT ?3) ORDER BY id";
    case Query::find_for_swap:
      return "SELECT id, version, audit_head FROM account WHERE account = ?1";
    case Query::add_audit:
      return "INSERT INTO audit(previous, sequence, created, body, hash) VALUES(?1, ?2, ?3, ?4, ?5)";
    case Query::swap:
      return "UPDATE account SET version = ?1, audit_head = ?2, sealed = ?3 WHERE id = ?4 AND version = ?5";
    case Query::insert_account:
      return "INSERT INTO account(account, version, audit_head, sealed) VALUES(?1, ?2, ?3, ?4)";
    case Query::insert_name:
      return "INSERT INTO name(account) VALUES(?1)";
    case Query::insert_mail:
      return "INSERT INTO outbox(mail, account, created, not_after, urgent, destination, due, attempts, "
             "reason,"
             " sealed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, '', ?7)";
    case Query::mail_due:
      return "SELECT id, urgent, destination FROM outbox INDEXED BY outbox_order WHERE due <= ?1"
             " ORDER BY urgent DESC, id";
    case Query::mail_at:
      return "SELECT mail, account, created, not_after, urgent, destination, attempts, reason, sealed"
             " FROM outbox WHERE id = ?1";
    case Query::lease_mail:
      return "UPDATE outbox SET due = ?1, attempts = attempts + 1 WHERE id = ?2";
    case Query::delete_mail:
      return "DELETE FROM outbox WHERE mail = ?1";
    case Query::retry_mail:
      return "UPDATE outbox SET due = ?2, reason = ?3 WHERE mail = ?1";
    case Query::count_mail:
      return "SELECT count(*), ifnull(min(created), 0) FROM outbox";
    case Query::list_mail:
      return "SELECT mail, account, created, not_after, urgent, destination, attempts, reason, sealed"
             " FROM outbox ORDER BY id LIMIT ?1";
    case Query::read_mark:
      return "SELECT mark FROM whole WHERE id = 1";
    case Query::write_mark:
      return "UPDATE whole SET mark = ?1 WHERE id = 1";
    case Query::insert_mark:
      return "INSERT INTO whole(id, mark) VALUES(1, ?1)";
    case Query::spelling:
      return "SELECT (SELECT value FROM meta WHERE name = 'spelling_edition'),"
             " (SELECT body FROM spelling WHERE fold = ?1)";
    case Query::spelling_scan:
      return "SELECT fold, body FROM spelling WHERE fold > ?1 ORDER BY fold LIMIT ?2";
    case Query::spelling_edition:
      return "SELECT value FROM meta WHERE name = 'spelling_edition'";
    case Query::set_spelling_edition:
      return "UPDATE meta SET value = ?1 WHERE name = 'spelling_edition'";
    case Query::put_spelling:
      return "INSERT INTO spelling(fold, body) VALUES(?1, ?2)"
             " ON CONFLICT(fold) DO UPDATE SET body = excluded.body";
    case Query::delete_spelling:
      return "DELETE FROM spelling WHERE fold = ?1";
    case Query::clear_spellings:
      return "DELETE FROM spelling";
    case Query::attach_backup:
      return "ATTACH CAST(?1 AS TEXT) AS backup";
    case Query::take_account:
      return "INSERT OR IGNORE INTO taken SELECT account FROM backup.account WHERE account = ?1";
    case Query::list_taken:
      return "SELECT account FROM taken ORDER BY account";
    case Query::integrity:
      return "PRAGMA integrity_check(10)";
    case Query::lost_names:
      return "SELECT (SELECT count(*) FROM account WHERE account NOT IN (SELECT account FROM name))"
             " + (SELECT count(*) FROM name WHERE account NOT IN (SELECT account FROM account))";
    case Query::lost_heads:
      return "SELECT count(*) FROM account WHERE audit_head NOT IN (SELECT id FROM audit)";
    case Query::totals:
      return "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM audit), (SELECT count(*) FROM "
             "outbox)";
  }
  return "";
}

}  // namespace twinlock::sqlite
