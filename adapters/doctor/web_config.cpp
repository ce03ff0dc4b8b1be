// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/web_config.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace twinlock::doctor {

namespace {

using Refused = tl::unexpected<std::string>;

// nginx's words (ngx_conf_file.c): blanks part them, quotes hold them together, a backslash takes the next
// byte.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Directive>, std::string> block(unsigned depth) {
    std::vector<Directive> all;
    Directive now;
    for (;;) {
      skip_blanks();
      if (at_ == text_.size() || text_[at_] == '}') {
        if (!now.words.empty()) return Refused(now.place + ": a directive has no end");
        if ((at_ == text_.size()) != (depth == 0))
          return Refused(place() + ": a brace is missing or too many");
        if (at_ < text_.size()) ++at_;
        return all;
      }
      if (now.words.empty()) now.place = place();
      const char c = text_[at_];
      if (c != ';' && c != '{') {
        now.words.push_back(word());
        continue;
      }
      ++at_;
      if (c == '{') {
        if (depth == web_config_depth_max) return Refused(place() + ": too many blocks within blocks");
        auto inner = block(depth + 1);
        if (!inner) return inner;
        now.block = std::move(*inner);
      }
      if (!now.words.empty()) all.push_back(std::move(now));
      now = {};
    }
  }

 private:
  std::string place() const {
    return file_.empty() ? fmt::format("line {}", line_) : fmt::format("{}:{}", file_, line_);
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#')
        comment();
      else if (c == '\n' || c == ' ' || c == '\t' || c == '\r')
        advance();
      else
        return;
    }
  }

  // "# configuration file /etc/nginx/nginx.conf:" stands before each file in what `nginx -T` prints.
  void comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view said = text_.substr(at_, end - at_);
    constexpr std::string_view head = "# configuration file ";
    at_ = end;
    if (!said.starts_with(head) || !said.ends_with(':')) return;
    file_ = said.substr(head.size(), said.size() - head.size() - 1);
    line_ = 0;
  }

  void advance() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  std::string word() {
    std::string out;
    const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_] : '\0';
    if (quote != '\0') ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (quote != '\0' ? c == quote : std::string_view(" \t\r\n;").find(c) != std::string_view::npos) break;
      if (quote == '\0' && c == '{' && (out.empty() || out.back() != '$')) break;
      if (c == '\\' && at_ + 1 < text_.size()) {
        out += c;
        advance();
      }
      out += text_[at_];
      advance();
    }
    if (quote != '\0' && at_ < text_.size()) ++at_;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::string file_;
};

// What a block inherits from the one around it, where it does not say otherwise.
struct Rules {
  std::string gate;      // of auth_request
  std::string password;  // of auth_basic
  std::string satisfy = "all";
};

bool has(const std::vector<Directive>& block, std::string_view name) {
  return std::any_of(block.begin(), block.end(), [&](const Directive& d) { return d.words.front() == name; });
}

Rules rules_of(const std::vector<Directive>& block, Rules rules) {
  for (const Directive& d : block) {
    if (d.words.size() < 2) continue;
    if (d.words[0] == "auth_request") rules.gate = d.words[1];
    if (d.words[0] == "auth_basic") rules.password = d.words[1];
    if (d.words[0] == "satisfy") rules.satisfy = d.words[1];
  }
  return rules;
}

// nginx's own answer, or one that only nginx can ask for.
bool serves_nothing(const std::vector<Directive>& block) {
  if (has(block, "return") || has(block, "internal")) return true;
  return std::any_of(block.begin(), block.end(),
                     [](const Directive& d) {
                       return d.words.front() == "deny" && d.words.size() > 1 && d.words[1] == "all";
                     }) &&
         !has(block, "allow");
}

class Look {
 public:
  Look(NginxSite& site, std::string_view prefix)
      : site_(site), gate_(std::string(prefix) + "/gate"), pages_(std::string(prefix) + "/") {}

  void walk(const std::vector<Directive>& block, const Rules& outer) {
    const Rules rules = rules_of(block, outer);
    for (const Directive& d : block)
      if (d.words.front() == "http")
        walk(d.block, rules);
      else if (d.words.front() == "server" && !d.block.empty())
        server(d, rules);
  }

 private:
  void server(const Directive& d, const Rules& outer) {
    if (has(d.block, "return")) return;
    name_ = "_";
    for (const Directive& inner : d.block)
      if (inner.words.front() == "server_name" && inner.words.size() > 1) name_ = inner.words[1];
    const Rules rules = rules_of(d.block, outer);
    if (has(d.block, "root") && !has_whole(d.block)) add("", d.place, rules);
    locations(d.block, rules);
  }

  // Whether some location takes every request.
  static bool has_whole(const std::vector<Directive>& block) {
    return std::any_of(block.begin(), block.end(), [](const Directive& d) {
      return d.words.front() == "location" && d.words.back() == "/" && d.words.size() <= 3 &&
             d.words[1] != "=";
    });
  }

  void locations(const std::vector<Directive>& block, const Rules& outer) {
    for (const Directive& d : block) {
      if (d.words.front() != "location" || d.words.size() < 2) continue;
      const std::string& path = d.words.back();
      const Rules rules = rules_of(d.block, outer);
      if (!path.starts_with(pages_) && !serves_nothing(d.block)) add(location_name(d), d.place, rules);
      locations(d.block, rules);
    }
  }

  static std::string location_name(const Directive& d) {
    std::string name = d.words[1];
    for (std::size_t i = 2; i < d.words.size(); ++i) name += " " + d.words[i];
    return name;
  }

  void add(std::string name, const std::string& place, const Rules& rules) {
    Served served = Served::ungated;
    site_.gated = site_.gated || rules.gate == gate_;
    if (rules.gate == gate_)
      served = rules.satisfy == "any" ? Served::any : Served::gated;
    else if (rules.gate == "off" && rules.password == "off")
      served = Served::open;
    site_.locations.push_back({name_, std::move(name), place, served});
  }

  NginxSite& site_;
  std::string gate_;
  std::string pages_;
  std::string name_;
};

}  // namespace

tl::expected<std::vector<Directive>, std::string> read_nginx(std::string_view text) {
  if (text.size() > web_config_bytes_max) return Refused("the configuration has more than 4 MiB");
  return Reader(text).block(0);
}

NginxSite look_at_nginx(const std::vector<Directive>& all, std::string_view prefix) {
  NginxSite site;
  Look(site, prefix).walk(all, {});
  return site;
}

}  // namespace twinlock::doctor
