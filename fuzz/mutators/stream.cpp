// SPDX-License-Identifier: Apache-2.0
// Changes FastCGI streams by whole records, pairs and requests; one time in ten the bytes themselves, so that
// torn and false records come too.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "fuzz/mutators/chance.hpp"
#include "fuzz/mutators/records.hpp"

namespace twinlock::fuzz {
namespace {

constexpr std::uint8_t begin_request = 1, abort_request = 2, params = 4, standard_input = 5, get_values = 9;

constexpr std::pair<const char*, const char*> known_pairs[] = {
    {"REQUEST_METHOD", "POST"},
    {"REQUEST_METHOD", "GET"},
    {"REQUEST_METHOD", "HEAD"},
    {"TWINLOCK_ACCOUNT", "alice"},
    {"TWINLOCK_ACCOUNT", "bob"},
    {"TWINLOCK_ACCOUNT", "carol"},
    {"TWINLOCK_EMAIL", "a@example.org"},
    {"TWINLOCK_LABEL", "late"},
    {"TWINLOCK_SESSION", "s"},
    {"CONTENT_TYPE", "application/x-www-form-urlencoded"},
    {"HTTP_SEC_FETCH_SITE", "same-origin"},
    {"HTTP_ORIGIN", "http://localhost:8080"},
    {"QUERY_STRING", "next=/app"},
    {"QUERY_STRING", "token={link}                      "},
    {"REDIRECT_STATUS", "403"},
    {"REDIRECT_URL", "/app"},
    {"HTTP_COOKIE", "a=b; __Host-twinlock-browser=01020300000000000000000000000000; pass=c"},
    {"HTTP_COOKIE", "__Host-twinlock-pass-2bd806c97f0e00af="}};
constexpr const char* routes[] = {"/challenge",     "/gate",     "/",        "/enroll",
                                  "/disable",       "/recover",  "/health",  "/recover/confirm",
                                  "/recovery-code", "/sign-out", "/nowhere", "/enroll/confirm"};
constexpr const char* fields[] = {
    "&code={code alice 0}", "&code={code alice 1}", "&code=000000", "&next=/app",
    "&token={link}",        "&recovery_code=",      "&code=",       "&grant="};
constexpr std::uint16_t ids[] = {1, 1, 1, 2, 3, 4, 5, 256, 65'535, 0};
constexpr std::size_t form_chars = 120;  // of a form token: its placeholder is as long

std::string begin_content(Chance& chance) {
  const char role = static_cast<char>(chance.one_in(3) ? 2 : chance.one_in(20) ? chance.below(5) : 1);
  return {0, role, static_cast<char>(chance.one_in(4) ? 0 : 1), 0, 0, 0, 0, 0};
}

std::string form(const std::string& route, Chance& chance) {
  std::string token = "{form alice " + route;
  token.resize(form_chars - 1, ' ');
  std::string body = "form=" + token + "}";
  if (!chance.one_in(3)) body += chance.of(fields);
  return body;
}

// One whole request, as a web server would send it.
Records request(Chance& chance) {
  const std::uint16_t id = chance.of(ids);
  const std::string route = chance.of(routes);
  const bool post = chance.one_in(2);
  Pairs pairs{{"SCRIPT_NAME", "/2fa" + route}, {"REQUEST_METHOD", post ? "POST" : "GET"}};
  if (post)
    pairs.insert(pairs.end(), {{"CONTENT_TYPE", "application/x-www-form-urlencoded"},
                               {"HTTP_SEC_FETCH_SITE", "same-origin"},
                               {"HTTP_COOKIE", known_pairs[16].second}});
  if (!chance.one_in(8)) pairs.emplace_back("TWINLOCK_ACCOUNT", "alice");
  for (std::size_t more = chance.below(3); more > 0; --more) pairs.emplace_back(chance.of(known_pairs));
  Records out{{begin_request, id, begin_content(chance)}, {params, id, write_pairs(pairs)}, {params, id}};
  if (post) out.push_back({standard_input, id, form(route, chance)});
  out.push_back({standard_input, id});
  return out;
}

Record single(Chance& chance) {
  const std::uint16_t id = chance.of(ids);
  switch (chance.below(6)) {
    case 0:
      return {begin_request, id, begin_content(chance)};
    case 1:
      return {abort_request, id};
    case 2:
      return {get_values, 0, write_pairs({{"FCGI_MAX_CONNS", ""}, {"FCGI_MPXS_CONNS", ""}})};
    case 3:
      return {params, id, write_pairs({chance.of(known_pairs)})};
    default:
      return {chance.one_in(2) ? params : standard_input, id};
  }
}

void change_bytes(std::string& text) {
  std::string room = text;
  room.resize(text.size() + 64);
  auto* bytes = reinterpret_cast<std::uint8_t*>(room.data());
  room.resize(LLVMFuzzerMutate(bytes, text.size(), room.size()));
  text = std::move(room);
}

void change_pairs(std::string& content, Chance& chance) {
  Pairs pairs = read_pairs(content);
  const std::size_t at = chance.below(pairs.size());
  const std::size_t how = pairs.empty() ? 0 : chance.below(6);
  if (how == 0) pairs.emplace_back(chance.of(known_pairs));
  if (how == 1) pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(at));
  if (how == 2) pairs.push_back(pairs[at]);
  if (how == 3) pairs[at].second = chance.of(known_pairs).second;
  if (how == 4) change_bytes(pairs[at].second);
  if (how == 5) std::swap(pairs[at], pairs[chance.below(pairs.size())]);
  content = write_pairs(pairs);
}

void split(Records& records, std::size_t at, Chance& chance) {
  Record rest = records[at];
  const std::size_t cut = chance.below(rest.content.size() + 1);
  records[at].content.resize(cut);
  rest.content.erase(0, cut);
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(at + 1), std::move(rest));
}

void change_record(Record& r, Chance& chance) {
  switch (chance.below(9)) {
    case 8:
      r.reserved ^= 1U;  // the server target's: together with the next
      break;
    case 0:
      r.id = chance.of(ids);
      break;
    case 1:
      r.type = static_cast<std::uint8_t>(chance.below(13));
      break;
    case 2:
      r.padding = static_cast<std::uint8_t>(chance.below(256));
      break;
    case 3:
      if (r.type == begin_request) r.content = begin_content(chance);
      break;
    case 4:
      change_bytes(r.content);
      break;
    default:
      if (r.type == params || r.type == get_values)
        change_pairs(r.content, chance);
      else
        change_bytes(r.content);
  }
}

void change(Records& records, Chance& chance) {
  const auto place = [&records, &chance] {
    return records.begin() + static_cast<std::ptrdiff_t>(chance.below(records.size() + 1));
  };
  const std::size_t how = records.empty() ? chance.below(2) : chance.below(10);
  const std::size_t at = chance.below(records.size());
  if (how == 0) {
    const Records more = request(chance);
    records.insert(place(), more.begin(), more.end());
  } else if (how == 1) {
    records.insert(place(), single(chance));
  } else if (how == 2) {
    records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
  } else if (how == 3) {
    const Record again = records[at];
    records.insert(place(), again);
  } else if (how == 4) {
    std::swap(records[at], records[chance.below(records.size())]);
  } else if (how == 5) {
    split(records, at, chance);
  } else {
    change_record(records[at], chance);
  }
}

std::size_t put(const Records& records, std::uint8_t* out, std::size_t max_size) {
  const std::string stream = write_records(records);
  const std::size_t size = std::min(stream.size(), max_size);
  if (size > 0) std::memcpy(out, stream.data(), size);
  return size;
}

}  // namespace
}  // namespace twinlock::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  using namespace twinlock::fuzz;
  Chance chance(seed);
  if (chance.one_in(10)) return LLVMFuzzerMutate(data, size, max_size);
  Records records = read_records(data, size);
  for (std::size_t times = 1 + chance.below(3); times > 0; --times) change(records, chance);
  return put(records, data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  using namespace twinlock::fuzz;
  Chance chance(seed);
  Records records = read_records(one, one_size);
  const Records more = read_records(other, other_size);
  records.resize(chance.below(records.size() + 1));
  records.insert(records.end(), more.begin() + static_cast<std::ptrdiff_t>(chance.below(more.size() + 1)),
                 more.end());
  return put(records, out, max_size);
}
