// SPDX-License-Identifier: Apache-2.0
// What six web servers sent (property_tests/captures), through the record parser, and through parser and
// collector: bytes a second and time a request. The parser must not allocate: malloc itself is counted, and
// an allocation is an error. Beside them a copy of the same bytes.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstring>

#include "adapters/fastcgi/codec.hpp"
#include "adapters/fastcgi/collector.hpp"
#include "bench/ratios.hpp"
#include "property_tests/unit/fastcgi/stream.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// glibc's own, under the names that its malloc() and its relatives stand for.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}
}

namespace {

using namespace twinlock::fastcgi;

const std::vector<test::Capture>& streams() {
  static const std::vector<test::Capture> all = test::captures();
  return all;
}

std::size_t bytes_of_all() {
  std::size_t sum = 0;
  for (const auto& capture : streams()) sum += capture.stream.size();
  return sum;
}

const Wanted& wanted() {
  static const Wanted names{{"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE",
                             "REMOTE_ADDR", "TWINLOCK_ACCOUNT", "TWINLOCK_EMAIL"},
                            {"__Host-twinlock-"}};
  return names;
}

// Feeds one connection; `collector` null: the records alone. Returns how many requests began.
std::size_t parse(Bytes stream, Collector* collector) {
  RecordParser parser(16);
  std::size_t requests = 0;
  for (;;) {
    const RecordEvent event = parser.next(stream);
    switch (event.kind) {
      case RecordEvent::Kind::more:
      case RecordEvent::Kind::broken:
        return requests;
      case RecordEvent::Kind::begin:
        ++requests;
        if (collector != nullptr) collector->begin(event.role);
        break;
      case RecordEvent::Kind::params:
        if (collector != nullptr) collector->parameters(event.bytes);
        break;
      case RecordEvent::Kind::params_end:
        if (collector != nullptr) collector->parameters_end();
        if (event.role == Role::authorizer) parser.release(event.index);
        break;
      case RecordEvent::Kind::input:
        if (collector != nullptr) collector->body(event.bytes);
        break;
      case RecordEvent::Kind::input_end:
        parser.release(event.index);
        break;
      default:
        break;
    }
  }
}

void parse_all(benchmark::State& state, Collector* collector) {
  const std::size_t bytes = bytes_of_all();
  std::size_t requests = 0;
  const std::uint64_t before = allocations;
  for (auto _ : state)
    for (const auto& capture : streams()) requests += parse(test::bytes_of(capture.stream), collector);
  const std::uint64_t allocated = allocations - before;
  if (allocated != 0) return state.SkipWithError("the parser allocated");
  const double count = static_cast<double>(requests);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
  state.counters["requests"] = count / static_cast<double>(state.iterations());
  state.counters["allocations"] = static_cast<double>(allocated);
  state.counters["s_per_request"] =
      benchmark::Counter(count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void records(benchmark::State& state) { parse_all(state, nullptr); }
BENCHMARK(records);

void records_and_requests(benchmark::State& state) {
  Collector collector(wanted(), 65'536, 16'384);
  parse_all(state, &collector);
}
BENCHMARK(records_and_requests);

void copy(benchmark::State& state) {
  const std::size_t bytes = bytes_of_all();
  std::vector<char> to(bytes);
  for (auto _ : state) {
    char* at = to.data();
    for (const auto& capture : streams()) {
      std::memcpy(at, capture.stream.data(), capture.stream.size());
      at += capture.stream.size();
    }
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(copy);

}  // namespace

int main(int argc, char** argv) {
  return twinlock::bench::run(argc, argv, twinlock::bench::Time::processor, {"copy"});
}
