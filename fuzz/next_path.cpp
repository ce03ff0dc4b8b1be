// Claim: whatever is accepted as the next page, a browser reads as a path of the same site; whatever is not
// comes out empty.
#include "adapters/http/next_path.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace twinlock::http;

void claim(bool holds) {
  if (!holds) std::abort();
}

// The beginning of WHATWG URL's basic parser against a base of https, written anew: leading C0 controls and
// blanks are dropped, tabs and line ends anywhere; '\' is '/'; two slashes start a host; a letter and a colon
// later start a scheme.
bool stays_on_the_site(const std::string& text) {
  std::string url;
  for (const char c : text) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (url.empty() && static_cast<unsigned char>(c) <= 0x20) continue;
    url += c == '\\' ? '/' : c;
  }
  if (url.empty() || url[0] != '/') return false;
  return url.size() == 1 || url[1] != '/';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const bool local = is_local_path(text);
  if (local) claim(stays_on_the_site(text));
  std::string next;
  claim(read_next("next=" + text, next));
  claim(next == (local ? text : std::string()));
  const std::size_t half = size / 2;
  const std::string joined = to_local_path(text.substr(0, half), text.substr(half));
  claim(joined.empty() || (is_local_path(joined) && stays_on_the_site(joined)));
  return 0;
}
