// SPDX-License-Identifier: Apache-2.0
// Claim: of a Cookie header, however cut, the scanner reads the cookies that a plain split of it reads; and
// whatever the account, a Set-Cookie line is one line with one cookie, which comes back under its name.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "adapters/fastcgi/cookies.hpp"
#include "adapters/http/cookies.hpp"
#include "fuzz/claim.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs plain_split(const std::string& header) {
  Pairs out;
  for (std::size_t at = 0; at < header.size();) {
    const std::size_t end = std::min(header.find(';', at), header.size());
    const std::size_t begin = std::min(header.find_first_not_of(" \t", at), end);
    const std::string cookie = header.substr(begin, end - begin);
    const std::size_t equals = cookie.find('=');
    if (equals != std::string::npos)
      out.emplace_back(equals <= fastcgi::name_bytes_max ? cookie.substr(0, equals) : "",
                       cookie.substr(equals + 1));
    at = end + 1;
  }
  return out;
}

Pairs scanned(const std::string& header, std::size_t piece_bytes) {
  using Kind = fastcgi::CookieEvent::Kind;
  fastcgi::CookieScanner scanner;
  Pairs out;
  bool open = false;
  for (std::size_t at = 0; at < header.size(); at += piece_bytes) {
    const std::string piece = header.substr(at, piece_bytes);
    fastcgi::Bytes in(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
    for (auto event = scanner.next(in); event.kind != Kind::more; event = scanner.next(in)) {
      claim((event.kind == Kind::name) != open);
      open = event.kind != Kind::end;
      if (event.kind == Kind::name) out.emplace_back(event.name, "");
      if (event.kind == Kind::value) out.back().second += fastcgi::text(event.bytes);
    }
  }
  claim(scanner.finish() == open);
  return out;
}

void claim_one_cookie(const http::CookieJar& jar, const std::string& account) {
  const std::string line = jar.set(http::CookieKind::pass, account, "v", 60);
  claim(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
  claim(std::count(line.begin(), line.end(), '=') == 4);  // the value, Path, SameSite, Max-Age
  const Pairs back = plain_split(line.substr(0, line.find(';')));
  claim(back.size() == 1 && back[0].first.starts_with(jar.prefix()));
  claim(jar.get({{back[0].first, back[0].second}}, http::CookieKind::pass, account) == "v");
  claim(jar.get({{back[0].first, "v"}}, http::CookieKind::known, account).empty());
  claim(jar.get({{back[0].first, "v"}}, http::CookieKind::pass, account + " ").empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(data), size);
  const Pairs plain = plain_split(header);
  for (const std::size_t piece_bytes : {std::size_t{1}, std::size_t{7}, size + 1})
    claim(scanned(header, piece_bytes) == plain);
  for (const bool dev : {true, false}) claim_one_cookie(http::CookieJar(dev), header);
  return 0;
}
