// SPDX-License-Identifier: Apache-2.0
// What a stream of bytes means to the FastCGI adapter, written down so that two ways of feeding it can be
// compared: the parser's events and the requests gathered from them. Also checks what must hold of every
// event. Used by the fuzz target and by the tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/fastcgi/codec.hpp"
#include "adapters/fastcgi/collector.hpp"

namespace twinlock::fastcgi::trace {

inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

struct Settings {
  std::size_t requests_max = 4;
  std::size_t parameters_bytes_max = 65'536;
  std::size_t body_bytes_max = 16'384;
  bool answer_at_once = true;  // ids are free again when their input has ended; else never
  bool gather = true;          // requests too, not only events
};

inline const Wanted& wanted() {
  static const Wanted names{
      {"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "CONTENT_LENGTH", "TWINLOCK_ACCOUNT"},
      {"__Host-", "pass"}};
  return names;
}

inline std::string describe(const Request& request) {
  std::string out = "role " + std::to_string(static_cast<int>(request.role)) + " fault " +
                    std::to_string(static_cast<int>(request.fault)) + "\n";
  for (const Parameter& p : request.parameters)
    out += p.name + "=" + p.value + (p.repeated ? " (repeated)\n" : "\n");
  for (const Cookie& c : request.cookies) out += "cookie " + c.name + "=" + c.value + "\n";
  return out + "body " + request.body;
}

class Tracer {
 public:
  explicit Tracer(const Settings& settings) : settings_(settings), parser_(settings.requests_max) {}

  // Pieces must follow each other in one buffer: what a split cut apart is joined again by its address.
  void feed(Bytes piece) {
    while (!broken_) {
      const Bytes before = piece;
      const RecordEvent event = parser_.next(piece);
      require(piece.size() <= before.size() && piece.data() + piece.size() == before.data() + before.size(),
              "the parser takes bytes off the front");
      if (event.kind == RecordEvent::Kind::more) {
        require(piece.empty(), "more is asked for when all is taken");
        return;
      }
      check(event, before);
      note(event);
      broken_ = event.kind == RecordEvent::Kind::broken;
      if (settings_.gather) gather(event);
      const bool authorized = event.kind == RecordEvent::Kind::params_end && event.role == Role::authorizer;
      if (settings_.answer_at_once && (event.kind == RecordEvent::Kind::input_end || authorized))
        release(event.index);
    }
  }

  const std::vector<RecordEvent>& events() const { return events_; }
  const std::vector<std::string>& requests() const { return requests_; }

  bool operator==(const Tracer& other) const {
    if (events_.size() != other.events_.size() || requests_ != other.requests_) return false;
    for (std::size_t i = 0; i < events_.size(); ++i)
      if (!same(events_[i], other.events_[i])) return false;
    return true;
  }

 private:
  using Kind = RecordEvent::Kind;

  static bool same(const RecordEvent& a, const RecordEvent& b) {
    return a.kind == b.kind && a.index == b.index && a.id == b.id && a.role == b.role && a.keep == b.keep &&
           a.type == b.type && a.asked == b.asked && a.bytes.data() == b.bytes.data() &&
           a.bytes.size() == b.bytes.size();
  }

  static bool has_bytes(const RecordEvent& event) {
    return event.kind == Kind::params || event.kind == Kind::input;
  }

  static bool of_open_request(const RecordEvent& event) {
    return has_bytes(event) || event.kind == Kind::params_end || event.kind == Kind::input_end ||
           event.kind == Kind::aborted;
  }

  void check(const RecordEvent& event, Bytes fed) {
    require(has_bytes(event) == !event.bytes.empty(), "exactly the stream events carry bytes");
    require(event.bytes.size() <= content_bytes_max, "no event is longer than a record");
    if (has_bytes(event))
      require(event.bytes.data() >= fed.data() &&
                  event.bytes.data() + event.bytes.size() <= fed.data() + fed.size(),
              "an event's bytes lie in what was fed");
    require(event.index < settings_.requests_max, "no index beyond what may be open");
    require(event.asked <= (asked_max_conns | asked_max_reqs | asked_mpxs_conns),
            "only known values are asked for");
    if (event.kind == Kind::begin) {
      require(event.id != 0 && !open_[event.index], "a request begins at a free index");
      open_[event.index] = true;
    }
    if (of_open_request(event))
      require(event.id != 0 && open_[event.index], "only open requests get anything");
    if (event.kind == Kind::input) require(event.role == Role::responder, "an Authorizer gets no STDIN");
  }

  void note(const RecordEvent& event) {
    if (has_bytes(event) && !events_.empty()) {
      RecordEvent& last = events_.back();
      if (last.kind == event.kind && last.index == event.index &&
          last.bytes.data() + last.bytes.size() == event.bytes.data()) {
        last.bytes = Bytes(last.bytes.data(), last.bytes.size() + event.bytes.size());
        require(last.bytes.size() <= content_bytes_max, "no record is longer than a record");
        return;
      }
    }
    events_.push_back(event);
  }

  void gather(const RecordEvent& event) {
    if (event.kind == Kind::begin) {
      auto& collector = collectors_[event.index];
      if (collector == nullptr)
        collector =
            std::make_unique<Collector>(wanted(), settings_.parameters_bytes_max, settings_.body_bytes_max);
      collector->begin(event.role);
    }
    if (!of_open_request(event)) return;
    Collector& collector = *collectors_[event.index];
    if (event.kind == Kind::params) collector.parameters(event.bytes);
    if (event.kind == Kind::input) collector.body(event.bytes);
    if (event.kind == Kind::params_end) collector.parameters_end();
    if (event.kind == Kind::input_end || (event.kind == Kind::params_end && event.role == Role::authorizer))
      take(collector);
  }

  void take(Collector& collector) {
    const Request request = collector.take();
    require(request.body.size() <= settings_.body_bytes_max, "the body keeps its bound");
    require(request.cookies.size() <= cookies_max, "the cookies keep their number");
    std::size_t kept = 0;
    for (const Parameter& p : request.parameters) kept += p.value.size();
    for (const Cookie& c : request.cookies) {
      kept += c.name.size() + c.value.size();
      require(c.name.starts_with("__Host-") || c.name.starts_with("pass"), "only wanted cookies are kept");
    }
    require(kept <= kept_bytes_max, "what is kept keeps its bound");
    require(request.parameters.size() <= wanted().names.size(), "only wanted parameters are kept");
    requests_.push_back(describe(request));
  }

  void release(std::uint8_t index) {
    parser_.release(index);
    open_[index] = false;
  }

  Settings settings_;
  bool broken_ = false;
  RecordParser parser_;
  std::array<bool, ids_max> open_{};
  std::array<std::unique_ptr<Collector>, ids_max> collectors_;
  std::vector<RecordEvent> events_;
  std::vector<std::string> requests_;
};

}  // namespace twinlock::fastcgi::trace
