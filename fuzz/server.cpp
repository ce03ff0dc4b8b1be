// SPDX-License-Identifier: Apache-2.0
// Claim: whatever a web server sends, every request that arrives whole gets exactly one whole answer, as the
// handler gave it or the server's own 503; an Authorizer is never ended without a Status; the gate says 200
// to nobody but who is off, or shows a pass that was made for this account; and nothing is kept of it all.
//
// Input: FastCGI records, each sent when what came before is answered, or together with the next where its
// reserved byte is not 0. Words in braces stand for what only their holders have (world.hpp), as long as what
// replaces them. A request whose TWINLOCK_LABEL is "late" is answered when the peer has hung up sending.
#include <algorithm>
#include <set>
#include <string>

#include "fuzz/claim.hpp"
#include "fuzz/server_line.hpp"

extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace {

using namespace twinlock;
using fuzz::claim;
using fuzz::Handled;
using fuzz::Received;

constexpr std::size_t growth_bytes_max = 65'536;  // of the heap over one input: buffers of other threads

std::size_t allocated_bytes() {
  return __sanitizer_get_current_allocated_bytes != nullptr ? __sanitizer_get_current_allocated_bytes() : 0;
}

void claim_answer(const std::string& output) {
  const auto end = output.find("\r\n\r\n");
  claim(output.starts_with("Status: ") && end != std::string::npos && end + 4 < 4'096);
  const auto at = output.find("\r\nContent-Length: ");
  claim(at != std::string::npos && at < end);
  const std::size_t length = std::stoul(output.substr(at + 18, 12));
  claim(output.size() == end + 4 || output.size() == end + 4 + length);  // HEAD has none
}

void claim_gate(const Handled& h) {
  const bool gate = h.role == fastcgi::Role::authorizer || h.path == "/2fa/gate";
  if (gate && h.answer.starts_with("Status: 200")) claim(h.passes_without || h.shows_pass);
}

// What a request may be sent without any output: an end because it was aborted or never begun.
void claim_end(const Received& end, const std::set<std::pair<int, int>>& sent) {
  if (!end.output.empty()) return claim_answer(end.output);
  const bool authorizer_alone = sent.contains({end.id, 2}) && !sent.contains({end.id, 1});
  const bool aborted = sent.contains({end.id, -1});
  claim(end.protocol_status != 0 || aborted);
  claim(!authorizer_alone || end.protocol_status == 3);
}

// Each id with the roles that it was begun in, and -1 where it was aborted: read plainly, wherever it stands.
std::set<std::pair<int, int>> sent_in(const std::string& stream) {
  std::set<std::pair<int, int>> sent;
  const auto byte = [&stream](std::size_t i) {
    return i < stream.size() ? static_cast<std::uint8_t>(stream[i]) : 0;
  };
  for (std::size_t i = 0; i + 8 <= stream.size(); ++i) {
    const int id = byte(i + 2) << 8U | byte(i + 3);
    if (byte(i) == 1 && byte(i + 1) == 1) sent.insert({id, byte(i + 8) << 8U | byte(i + 9)});
    if (byte(i) == 1 && byte(i + 1) == 2) sent.insert({id, -1});
  }
  return sent;
}

void claim_all(fuzz::Line& line, const std::string& stream) {
  const auto sent = sent_in(stream);
  const auto& received = line.receiver().received();
  for (const Received& end : received) claim_end(end, sent);
  for (const Handled& h : line.handled()) claim_gate(h);
  const auto count = [&received](const std::string& output) {
    return std::count_if(received.begin(), received.end(),
                         [&output](const Received& r) { return r.output == output; });
  };
  const auto& counters = line.counters();
  const bool whole = counters.protocol_errors == 0 && counters.requests_aborted == 0;
  if (whole) line.receiver().finish();
  std::multiset<std::string> answers;
  for (const Handled& h : line.handled()) answers.insert(h.answer);
  const std::string own(fastcgi::unavailable_head());
  for (const Received& r : received) claim(r.output.empty() || r.output == own || answers.contains(r.output));
  for (const std::string& answer : std::set(answers.begin(), answers.end())) {
    const auto given = static_cast<std::ptrdiff_t>(answers.count(answer));
    claim(answer == own || (whole ? count(answer) == given : count(answer) <= given));
  }
  claim(line.slots_lent() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::World world;
  static bool warm = false;  // what is made once at the first request was made
  world.restore();
  const std::size_t before = allocated_bytes();
  {
    const std::string stream = world.fill({reinterpret_cast<const char*>(data), size});
    if (stream.find("{down}") != std::string::npos) world.break_store();
    fuzz::Line line(world);
    line.send(stream);
    line.hang_up();
    claim_all(line, stream);
  }
  world.restore();
  claim(!warm || allocated_bytes() <= before + growth_bytes_max);
  warm = true;
  return 0;
}
