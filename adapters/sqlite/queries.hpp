// SPDX-License-Identifier: Apache-2.0
// Names every statement that is prepared and run many times. The schema is in schema.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinlock::sqlite {

enum class Query : std::uint8_t {
  begin,
  commit,
  rollback,
  schema_version,
  load,
  name_known,
  scan,
  audit_read,
  find_for_swap,
  add_audit,
  swap,
  insert_account,
  insert_name,
  insert_mail,
  mail_due,
  mail_at,
  lease_mail,
  delete_mail,
  retry_mail,
  count_mail,
  list_mail,
  read_mark,
  write_mark,
  insert_mark,
  spelling,
  spelling_scan,
  spelling_edition,
  set_spelling_edition,
  put_spelling,
  delete_spelling,
  clear_spellings,
  attach_backup,
  take_account,
  list_taken,
  integrity,
  lost_names,
  lost_heads,
  totals
};

inline constexpr std::size_t query_count = static_cast<std::size_t>(Query::totals) + 1;

const char* sql_of(Query query);

}  // namespace twinlock::sqlite
