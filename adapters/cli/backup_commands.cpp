// SPDX-License-Identifier: Apache-2.0
// backup: the whole database, while it is in use, in one file.
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <ctime>

#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

constexpr const char* what_it_is =
    "\nIt holds no key: keep it in another place than the key file. Put it back with `twinlock restore`, "
    "never with cp.\n";

}  // namespace

int backup(const Common& common, const std::string& file) {
  auto session = Session::open(common);
  if (!session) return refuse(session.error());
  const std::uint64_t now = static_cast<std::uint64_t>(std::time(nullptr));
  std::string checked;
  {
    Progress progress("pages copied");
    const auto made = (*session)->database().backup(
        file, now, [&](std::uint64_t pages, std::uint64_t of) { progress.show(pages, of); });
    if (!made) {
      const bool taken = made.error().kind == store::StoreErrorKind::unsupported;
      return refuse({taken ? exit_refused : exit_store, made.error().message});
    }
    checked = *made;
  }
  struct stat st {};
  const bool there = ::stat(file.c_str(), &st) == 0;
  print(record_text({{"backup", words(file)},
                     {"bytes", number(there ? static_cast<std::uint64_t>(st.st_size) : 0)},
                     {"made_at", moment(now)},
                     {"checked", words(checked)}},
                    common.json));
  if (!common.json) print(what_it_is);
  return exit_ok;
}

}  // namespace twinlock::cli
