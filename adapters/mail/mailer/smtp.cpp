// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer/smtp.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

#include "adapters/system/loopback.hpp"

namespace twinlock::mail::mailer {
namespace {

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct Upload {
  std::string_view rest;  // of the message
};

std::size_t read_upload(char* out, std::size_t size, std::size_t count, void* user) {
  std::string_view& rest = static_cast<Upload*>(user)->rest;
  const std::size_t bytes = std::min(rest.size(), size * count);
  std::memcpy(out, rest.data(), bytes);
  rest.remove_prefix(bytes);
  return bytes;
}

// A 5xx reply is final (RFC 5321, 4.2.1), but a failed AUTH or STARTTLS speaks of our settings, not of the
// mail.
wire::Reply reply_of(const std::string& id, CURLcode code, long status) {
  if (code == CURLE_OK) return {id, wire::Result::sent, fmt::format("the server answered {}", status)};
  const bool ours =
      code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED || code == CURLE_OPERATION_TIMEDOUT;
  if (ours || status < 400) return {id, wire::Result::retry, curl_easy_strerror(code)};
  return {id, status >= 500 ? wire::Result::failed : wire::Result::retry,
          fmt::format("the server answered {}", status)};
}

// One thread for each message: libcurl's multi interface waits for the reply to the data without yielding, so
// that one slow server would hold up all.
class Smtp final : public Transport {
 public:
  explicit Smtp(SmtpOptions options)
      : options_(std::move(options)), done_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Smtp() override {
    threads_.clear();  // joins
    close(done_);
  }

  void start(Envelope envelope) override;
  bool wait(int input, std::chrono::milliseconds at_most) override;
  std::vector<wire::Reply> finished() override;

 private:
  wire::Reply send(const Envelope& envelope) const;
  bool prepare(CURL* easy, const std::string& from) const;

  SmtpOptions options_;
  int done_;  // readable: there is a reply
  std::mutex mutex_;
  std::vector<wire::Reply> replies_;             // under the mutex
  std::map<std::string, std::jthread> threads_;  // by the message's id
};

bool Smtp::prepare(CURL* easy, const std::string& from) const {
  const auto timeout_ms = static_cast<long>(std::chrono::milliseconds(options_.timeout).count());
  bool good = true;
  const auto set = [&good, easy](CURLoption option, auto value) {
    good = good && curl_easy_setopt(easy, option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, options_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
  set(CURLOPT_TIMEOUT_MS, timeout_ms);
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options_.timeout.count()));
  set(CURLOPT_USE_SSL, static_cast<long>(options_.tls_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca_file.empty()) {
    set(CURLOPT_CAINFO, options_.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // the system's folder would be trusted too
  }
  if (!options_.user.empty()) {
    set(CURLOPT_USERNAME, options_.user.c_str());
    set(CURLOPT_PASSWORD, options_.password.c_str());
  }
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_UPLOAD, 1L);
  return good;
}

wire::Reply Smtp::send(const Envelope& envelope) const {
  const std::unique_ptr<CURL, EasyCleanup> easy(curl_easy_init());
  const std::unique_ptr<curl_slist, ListCleanup> recipients(
      curl_slist_append(nullptr, fmt::format("<{}>", envelope.to).c_str()));
  if (!easy || !recipients || !prepare(easy.get(), fmt::format("<{}>", envelope.from))) {
    return {envelope.id, wire::Result::retry, "libcurl could not begin"};
  }
  Upload upload{envelope.message};
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(easy.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(envelope.message.size()));
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &read_upload);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, static_cast<void*>(&upload));
  const CURLcode code = curl_easy_perform(easy.get());
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return reply_of(envelope.id, code, status);
}

void Smtp::start(Envelope envelope) {
  std::string id = envelope.id;
  threads_.insert_or_assign(std::move(id), std::jthread([this, envelope = std::move(envelope)] {
                              wire::Reply reply = send(envelope);
                              const std::lock_guard lock(mutex_);
                              replies_.push_back(std::move(reply));
                              const std::uint64_t one = 1;
                              [[maybe_unused]] const ssize_t n =
                                  write(done_, &one, sizeof one);  // full: it is readable already
                            }));
}

bool Smtp::wait(int input, std::chrono::milliseconds at_most) {
  std::array<pollfd, 2> watched{{{input, POLLIN, 0}, {done_, POLLIN, 0}}};
  poll(watched.data(), watched.size(), static_cast<int>(at_most.count()));
  return watched[0].revents != 0;
}

std::vector<wire::Reply> Smtp::finished() {
  std::vector<wire::Reply> replies;
  {
    const std::lock_guard lock(mutex_);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = read(done_, &count, sizeof count);  // nothing there: there is no reply
    replies.swap(replies_);
  }
  for (const wire::Reply& reply : replies) threads_.erase(reply.id);
  return replies;
}

std::string part(CURLU* url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, 0) != CURLUE_OK) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

// "": good.
std::string fault(const SmtpOptions& options) {
  const std::unique_ptr<CURLU, UrlCleanup> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, options.url.c_str(), 0) != CURLUE_OK) {
    return fmt::format("'{}' is not a URL of the form smtp://host:port", options.url);
  }
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps") return "the URL must begin with smtp:// or smtps://";
  const std::string path = part(url.get(), CURLUPART_PATH);
  const bool more = !part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_QUERY).empty() ||
                    !part(url.get(), CURLUPART_FRAGMENT).empty() || (!path.empty() && path != "/");
  if (more) return "the URL may hold a host and a port only (user and password have options of their own)";
  if (!options.tls_required && scheme == "smtp" &&
      !system::is_loopback_host(part(url.get(), CURLUPART_HOST))) {
    return "mail without TLS is allowed to this machine only (localhost, 127.x.x.x, [::1]); use --tls "
           "required";
  }
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<Transport>, std::string> smtp_transport(SmtpOptions options) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return tl::unexpected<std::string>("libcurl does not start");
  std::string wrong = fault(options);
  if (!wrong.empty()) return tl::unexpected(std::move(wrong));
  return std::make_unique<Smtp>(std::move(options));
}

}  // namespace twinlock::mail::mailer
