// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/pump.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "adapters/mail/compose.hpp"
#include "adapters/mail/mailer_process.hpp"
#include "adapters/mail/schedule.hpp"
#include "adapters/store/places.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::mail {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds restart_ms_max{60'000};

struct Flight {
  store::LeasedMail mail;
  Clock::time_point deadline;  // for the mailer's answer
};

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

class Pump::Loop {
 public:
  Loop(store::Store& store, const keys::KeyRing& keys, PumpOptions options)
      : store_(store),
        keys_(keys),
        options_(std::move(options)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~Loop() {
    stop();
    close(wake_);
  }

  void start() {
    if (thread_.joinable()) return;
    stopping_ = false;
    thread_ = std::thread([this] {
      block_signals();
      run();
    });
  }

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = write(wake_, &one, sizeof one);  // full: it is awake already
  }

  void stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    wake();
    thread_.join();
  }

  PumpMetrics metrics() const {
    const auto count = [this](PumpEventKind kind) { return counts_[static_cast<std::size_t>(kind)].load(); };
    return {.sent = count(PumpEventKind::sent),
            .retried = count(PumpEventKind::retried),
            .expired = count(PumpEventKind::expired),
            .given_up = count(PumpEventKind::given_up),
            .unopenable = count(PumpEventKind::unopenable),
            .mailer_starts = mailer_starts_.load(),
            .in_flight = in_flight_count_.load()};
  }

 private:
  void run() {
    while (!stopping_) {
      keep_mailer();
      if (mailer_ && acknowledge() && looking()) look(*mailer_);
      exchange(time_to_wait());
    }
    finish();
  }

  void report(PumpEventKind kind, const store::LeasedMail* mail, std::string detail) {
    ++counts_[static_cast<std::size_t>(kind)];
    if (!options_.on_event) return;
    PumpEvent event{kind, std::nullopt, {}, std::move(detail)};
    if (mail != nullptr) {
      event.account = mail->account;
      event.id = mail->id;
    }
    options_.on_event(event);
  }

  void keep_mailer() {
    if (mailer_ || Clock::now() < restart_at_) return;
    auto started = MailerProcess::start(options_.mailer);
    if (!started) return restart_later(started.error());
    ++mailer_starts_;
    mailer_.emplace(std::move(*started));
  }

  void restart_later(std::string why) {
    restart_after_ = std::clamp(restart_after_ * 2, options_.restart_after,
                                std::max(restart_ms_max, options_.restart_after));
    restart_at_ = Clock::now() + restart_after_;
    report(PumpEventKind::mailer_ended, nullptr, std::move(why));
  }

  // The mailer is gone or is given up: what it had is due again later.
  void lose_mailer(const std::string& why) {
    if (!mailer_) return;
    const std::string end = mailer_->end();
    mailer_.reset();
    for (const Flight& flight : std::exchange(flights_, {}))
      again(flight.mail, wire::Result::retry, "the mailer ended");
    in_flight_count_ = 0;
    restart_later(why + ": " + end);
  }

  bool looking() const {
    return flights_.size() < wire::in_flight_max && (woken_ || Clock::now() >= next_look_);
  }

  void look(MailerProcess& mailer) {
    const store::Seconds now = options_.clock();
    next_look_ = Clock::now() + options_.look_every;
    woken_ = false;
    if (now == 0) return;
    store::Places places(place_limits);
    for (const Flight& flight : flights_) places.take(flight.mail.urgent, flight.mail.destination);
    const std::size_t before = flights_.size();
    auto leased = store_.outbox_lease(now, lease_s, places);
    if (!leased) return report(PumpEventKind::store_failed, nullptr, leased.error().message);
    more_ = places.refused();
    for (store::LeasedMail& mail : *leased) take(mailer, std::move(mail), now);
    woken_ = more_ && flights_.size() < before + leased->size();  // some did not need their place
  }

  void take(MailerProcess& mailer, store::LeasedMail mail, store::Seconds now) {
    const bool in_flight = std::any_of(flights_.begin(), flights_.end(),
                                       [&mail](const Flight& flight) { return flight.mail.id == mail.id; });
    if (in_flight) return;
    if (expired(mail.not_after, now)) return drop(mail, PumpEventKind::expired, "its link has died");
    std::optional<Message> message = open(mail);
    if (!message) {
      report(PumpEventKind::unopenable, &mail, "sealed by a key that is not in the ring, or damaged");
      return again(mail, wire::Result::failed, "it does not open");
    }
    mailer.send({text::to_hex(mail.id), std::move(message->to), std::move(message->subject),
                 std::move(message->text)});
    flights_.push_back({std::move(mail), Clock::now() + options_.answer_within});
    in_flight_count_ = flights_.size();
  }

  std::optional<Message> open(const store::LeasedMail& mail) const {
    const std::string_view id(reinterpret_cast<const char*>(mail.id.data()), mail.id.size());
    const auto plain = keys_.open(keys::SealPurpose::mail, {mail.account.bytes(), 0, id}, mail.sealed);
    if (!plain) return std::nullopt;
    Message message;
    if (!unpack({reinterpret_cast<const char*>(plain->data()), plain->size()}, message)) return std::nullopt;
    return message;
  }

  void drop(const store::LeasedMail& mail, PumpEventKind why, std::string detail) {
    report(why, &mail, std::move(detail));
    finished_.push_back(mail.id);
  }

  void again(const store::LeasedMail& mail, wire::Result result, std::string detail) {
    const store::Seconds now = options_.clock();
    if (now == 0) return;  // it is due again when its lease runs out
    if (give_up(mail.created, now, result)) return drop(mail, PumpEventKind::given_up, std::move(detail));
    const auto stored = store_.outbox_retry(mail.id, now + retry_after_s(mail.attempts), detail);
    report(PumpEventKind::retried, &mail, std::move(detail));
    if (!stored) report(PumpEventKind::store_failed, &mail, stored.error().message);
  }

  // Deletes what is finished. False: not all yet, and nothing new is taken before, so that nothing is sent
  // twice.
  bool acknowledge() {
    while (!finished_.empty()) {
      const auto done = store_.outbox_done(finished_.back());
      if (!done) {
        if (Clock::now() >= next_look_) report(PumpEventKind::store_failed, nullptr, done.error().message);
        next_look_ = std::max(next_look_, Clock::now() + options_.look_every);
        return false;
      }
      finished_.pop_back();
    }
    return true;
  }

  void settle(const wire::Reply& reply) {
    const auto flight = std::find_if(flights_.begin(), flights_.end(), [&reply](const Flight& f) {
      return text::to_hex(f.mail.id) == reply.id;
    });
    if (flight == flights_.end()) return;
    const store::LeasedMail mail = std::move(flight->mail);
    flights_.erase(flight);
    in_flight_count_ = flights_.size();
    woken_ = woken_ || more_;
    restart_after_ = milliseconds(0);
    if (reply.result == wire::Result::sent) return drop(mail, PumpEventKind::sent, reply.detail);
    again(mail, reply.result, reply.detail);
  }

  milliseconds time_to_wait() const {
    Clock::time_point until = mailer_ ? next_look_ : restart_at_;
    if (looking() && finished_.empty() && mailer_) return milliseconds(0);
    if (mailer_ && flights_.size() == wire::in_flight_max) until = Clock::time_point::max();
    for (const Flight& flight : flights_) until = std::min(until, flight.deadline);
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    return std::clamp(left, milliseconds(0), options_.answer_within);
  }

  // Writes and reads what can be, for at most `at_most`.
  void exchange(milliseconds at_most) {
    std::array<pollfd, 2> watched{{{wake_, POLLIN, 0}, {-1, POLLIN, 0}}};
    if (mailer_) {
      if (!mailer_->flush()) return lose_mailer("the mailer ended");
      const int writing = mailer_->wants_to_write() ? POLLOUT : 0;
      watched[1] = {mailer_->descriptor(), static_cast<short>(POLLIN | writing), 0};
    }
    poll(watched.data(), watched.size(), static_cast<int>(at_most.count()));
    std::uint64_t wakes = 0;
    if (read(wake_, &wakes, sizeof wakes) > 0) woken_ = true;
    if (mailer_ && watched[1].revents != 0) receive(*mailer_);
    const bool late =
        std::any_of(flights_.begin(), flights_.end(),
                    [now = Clock::now()](const Flight& flight) { return now >= flight.deadline; });
    if (mailer_ && late) lose_mailer("the mailer did not answer");
  }

  void receive(MailerProcess& mailer) {
    std::vector<wire::Reply> replies;
    const bool alive = mailer.receive(replies);
    for (const wire::Reply& reply : replies) settle(reply);
    if (!alive) lose_mailer("the mailer ended");
  }

  void finish() {
    const Clock::time_point until = Clock::now() + options_.stop_within;
    bool input_ended = false;
    while (mailer_ && !flights_.empty() && Clock::now() < until) {
      exchange(std::chrono::ceil<milliseconds>(until - Clock::now()));
      if (!mailer_ || mailer_->wants_to_write() || input_ended) continue;
      mailer_->end_input();
      input_ended = true;
    }
    if (mailer_) mailer_->end();
    mailer_.reset();
    for (const Flight& flight : std::exchange(flights_, {}))
      again(flight.mail, wire::Result::retry, "shutting down");
    in_flight_count_ = 0;
    acknowledge();
  }

  store::Store& store_;
  const keys::KeyRing& keys_;
  PumpOptions options_;
  int wake_;
  std::thread thread_;
  std::atomic<bool> stopping_ = false;
  std::array<std::atomic<std::uint64_t>, 7> counts_{};  // by PumpEventKind
  std::atomic<std::uint64_t> mailer_starts_ = 0;
  std::atomic<std::uint64_t> in_flight_count_ = 0;

  // Of the thread alone.
  std::optional<MailerProcess> mailer_;
  std::vector<Flight> flights_;
  std::vector<store::MailId> finished_;  // delivered or dropped, not deleted yet
  bool woken_ = true;
  bool more_ = false;  // a due mail waits for a place
  Clock::time_point next_look_{};
  Clock::time_point restart_at_{};
  milliseconds restart_after_{0};
};

Pump::Pump(store::Store& store, const keys::KeyRing& keys, PumpOptions options)
    : loop_(std::make_unique<Loop>(store, keys, std::move(options))) {}
Pump::~Pump() = default;
void Pump::start() { loop_->start(); }
void Pump::wake() { loop_->wake(); }
void Pump::stop() { loop_->stop(); }
PumpMetrics Pump::metrics() const { return loop_->metrics(); }

}  // namespace twinlock::mail
