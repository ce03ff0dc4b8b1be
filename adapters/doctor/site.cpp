// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/system/loopback.hpp"

namespace twinlock::doctor {

namespace {

bool is_host(std::string_view host) {
  constexpr std::string_view others = ".-:[]_";  // a name, an IPv4 address, or IPv6 in brackets
  return !host.empty() && std::ranges::all_of(host, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

// As Twinlock's answers have it; of a page for somebody who is signed in, and of the others.
bool is_our_policy(std::string_view policy) {
  return policy.starts_with("default-src 'none'; style-src ") &&
         policy.find("frame-ancestors 'none'") != std::string_view::npos;
}

bool is_port(std::string_view digits) {
  return !digits.empty() && digits.size() <= 5 &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

tl::expected<SiteUrl, std::string> SiteUrl::from(const std::string& text) {
  SiteUrl url;
  url.origin = text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  url.tls = url.origin.starts_with("https://");
  std::string_view host = url.origin;
  if (!url.tls && !url.origin.starts_with("http://"))
    return tl::unexpected<std::string>("--url begins with https://; write --url https://app.example.org");
  host.remove_prefix(url.tls ? 8 : 7);
  const std::size_t colon = host.rfind(':');
  url.has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  const bool good = !url.has_port || is_port(host.substr(colon + 1));
  if (url.has_port) host = host.substr(0, colon);
  if (!good || !is_host(host))
    return tl::unexpected<std::string>(
        "--url is a scheme, a host and maybe a port; a path goes to --path, a name to --user");
  url.loopback = system::is_loopback_host(host);
  return url;
}

Site::Site(Prober prober, SiteUrl url, std::string prefix, bool quiet)
    : prober_(std::move(prober)), url_(std::move(url)), prefix_(std::move(prefix)), quiet_(quiet) {}

Reply Site::ask(const std::string& target, const With& with) { return ask_url(url_.origin + target, with); }

Reply Site::ask_url(const std::string& url, const With& with) {
  if (!quiet_) {
    if (!progress_) progress_.emplace("requests");
    progress_->step();
  }
  return prober_.ask({with.method, url, with.headers, with.credentials.user, with.credentials.password});
}

void Site::pause() { progress_.reset(); }

std::string_view header(const Reply& reply, std::string_view name) {
  const auto found = std::find_if(reply.headers.rbegin(), reply.headers.rend(),
                                  [&](const probe::Header& h) { return h.name == name; });
  return found == reply.headers.rend() ? std::string_view() : std::string_view(found->value);
}

bool is_yes(const Reply& reply) { return reply.status >= 200 && reply.status < 300; }

bool is_redirect(const Reply& reply) {
  return reply.status >= 300 && reply.status < 400 && !header(reply, "location").empty();
}

std::string redirect_path(const Site& site, const Reply& reply) {
  if (!is_redirect(reply)) return {};
  std::string_view to = header(reply, "location");
  if (to.starts_with(site.url().origin + "/")) to.remove_prefix(site.url().origin.size());
  return to.starts_with('/') && !to.starts_with("//") ? std::string(to) : std::string();
}

bool from_twinlock(const Reply& reply) {
  return std::ranges::any_of(reply.headers, [](const probe::Header& h) {
    if (h.name == "content-security-policy") return is_our_policy(h.value);
    return h.name == "twinlock-location" ||
           (h.name == "set-cookie" &&
            (h.value.starts_with("__Host-twinlock-") || h.value.starts_with("twinlock-")));
  });
}

bool believed(const Site& site, const Reply& reply) {
  if (is_yes(reply)) return true;
  if (redirect_path(site, reply).starts_with(site.prefix() + "/")) return true;
  // A page that loads files of Twinlock's is for somebody who is signed in; the others hold their own style.
  return !is_redirect(reply) && !reply.body.empty() &&
         std::ranges::any_of(reply.headers, [](const probe::Header& h) {
           return h.name == "content-security-policy" && is_our_policy(h.value) &&
                  h.value.find("style-src 'self'") != std::string::npos;
         });
}

std::string said(const Reply& reply) {
  if (reply.trouble != probe::Trouble::none) return fmt::format("no answer ({})", reply.detail);
  if (is_redirect(reply)) return fmt::format("{} to {}", reply.status, header(reply, "location"));
  return fmt::format("{}", reply.status);
}

}  // namespace twinlock::doctor
