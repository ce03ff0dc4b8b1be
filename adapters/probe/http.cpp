// SPDX-License-Identifier: Apache-2.0
#include "adapters/probe/http.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

#include "adapters/text/ascii.hpp"

namespace twinlock::probe {

namespace {

constexpr long connect_ms_max = 5'000;
constexpr long answer_ms_max = 15'000;
constexpr std::size_t headers_max = 200;
constexpr const char* agent = "twinlock-probe";

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListCleanup>;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Each response (also an informational one) begins anew with its status line.
std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& headers = *static_cast<std::vector<Header>*>(user);
  const std::string_view line(data, size * count);
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();
  } else if (colon != std::string_view::npos && headers.size() < headers_max) {
    headers.push_back({text::lowered(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  }
  return line.size();
}

// Short once there is enough, which ends the transfer.
std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<std::string*>(user);
  body.append(data, std::min(size * count, body_bytes_max - body.size()));
  return body.size() < body_bytes_max ? size * count : 0;
}

// As curl_slist_append has it: a name with an empty value is written with a semicolon.
List list_of(const std::vector<std::string>& headers) {
  List list;
  for (const std::string& header : headers) {
    curl_slist* longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) return {};
    list.release();
    list.reset(longer);
  }
  return list;
}

Trouble trouble_of(CURLcode code) {
  for (const CURLcode ours : {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
                              CURLE_SSL_ISSUER_ERROR})
    if (code == ours) return Trouble::certificate;
  return Trouble::connection;
}

}  // namespace

struct Http::Session {
  HttpOptions options;
  std::unique_ptr<CURL, EasyCleanup> easy;

  bool prepare(const Request& request, curl_slist* headers) const;
};

bool Http::Session::prepare(const Request& request, curl_slist* headers) const {
  CURL* const handle = easy.get();
  bool good = true;
  const auto set = [&good, handle](CURLoption option, auto value) {
    good = good && curl_easy_setopt(handle, option, value) == CURLE_OK;
  };
  curl_easy_reset(handle);  // keeps the connections
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_ms_max);
  set(CURLOPT_TIMEOUT_MS, answer_ms_max);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  if (options.insecure) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_USERAGENT, agent);
  if (headers != nullptr) set(CURLOPT_HTTPHEADER, headers);
  if (!request.user.empty() || !request.password.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, request.user.c_str());
    set(CURLOPT_PASSWORD, request.password.c_str());
  }
  return good;
}

tl::expected<Http, std::string> Http::open(HttpOptions options) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return tl::unexpected<std::string>("libcurl does not start");
  auto session = std::make_unique<Session>(
      Session{std::move(options), std::unique_ptr<CURL, EasyCleanup>(curl_easy_init())});
  if (!session->easy) return tl::unexpected<std::string>("libcurl does not start");
  return Http(std::move(session));
}

Http::Http(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Http::Http(Http&&) noexcept = default;
Http::~Http() = default;

Reply Http::send(const Request& request) {
  Reply reply;
  std::array<char, CURL_ERROR_SIZE> error{};
  CURL* const easy = session_->easy.get();
  const List headers = list_of(request.headers);
  if ((!request.headers.empty() && !headers) || !session_->prepare(request, headers.get())) {
    reply.trouble = Trouble::connection;
    reply.detail = "libcurl does not take this request";
    return reply;
  }
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(&reply.headers));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(&reply.body));
  const CURLcode code = curl_easy_perform(easy);
  const bool enough = code == CURLE_WRITE_ERROR && reply.body.size() == body_bytes_max;
  if (code != CURLE_OK && !enough) {
    reply = Reply{trouble_of(code), std::string(trimmed(error.data())), 0, {}, {}};
    if (reply.detail.empty()) reply.detail = curl_easy_strerror(code);
    return reply;
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<unsigned>(status);
  return reply;
}

}  // namespace twinlock::probe
