// SPDX-License-Identifier: Apache-2.0
// Parses the FastCGI records that a web server sends and encodes those that are sent back (specification of
// 29 April 1996, version 1). Bytes in, events out: no allocation, no reading or writing of sockets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "adapters/fastcgi/message.hpp"
#include "adapters/fastcgi/pairs.hpp"

namespace twinlock::fastcgi {

inline constexpr std::size_t header_bytes = 8;
inline constexpr std::size_t content_bytes_max = 65'535;  // of one record
inline constexpr std::size_t ids_max = 64;                // requests open at once on one connection
inline constexpr std::size_t head_bytes_max = 4'087;  // its record stays under 4 KiB: nginx buffers that much

enum class RecordType : std::uint8_t {
  begin_request = 1,
  abort_request = 2,
  end_request = 3,
  params = 4,
  standard_input = 5,
  standard_output = 6,
  standard_error = 7,
  data = 8,
  get_values = 9,
  get_values_result = 10,
  unknown_type = 11,
};

enum class ProtocolStatus : std::uint8_t {
  request_complete = 0,
  cannot_multiplex = 1,
  overloaded = 2,
  unknown_role = 3,
};

// The names that GET_VALUES may ask for, as bits.
inline constexpr std::uint8_t asked_max_conns = 1;
inline constexpr std::uint8_t asked_max_reqs = 2;
inline constexpr std::uint8_t asked_mpxs_conns = 4;

struct RecordEvent {
  enum class Kind : std::uint8_t {
    more,          // the input is used up
    begin,         // a request: index, id, role, keep
    params,        // bytes of its parameters
    params_end,    //
    input,         // bytes of its STDIN (a Responder's only; an Authorizer's is discarded)
    input_end,     //
    aborted,       // ABORT_REQUEST for it; nothing more comes until release
    overloaded,    // BEGIN refused, too many open on this connection: id, role (1 or 2), keep; not open
    unknown_role,  // BEGIN refused, Filter or unknown: id, keep; not open
    get_values,    // a whole GET_VALUES: `asked`
    unknown_type,  // a management record of another type: `type`
    broken,        // not FastCGI: nothing more can be read from this connection
  };
  Kind kind = Kind::more;
  std::uint8_t index = 0;  // of the request among those open on this connection, below ids_max
  std::uint16_t id = 0;    // as the peer calls it, never 0
  Role role = Role::responder;
  bool keep = false;  // the peer wants the connection kept
  std::uint8_t type = 0;
  std::uint8_t asked = 0;
  Bytes bytes = {};  // points into the input
};

// Where a request's input stands.
enum class Phase : std::uint8_t { free, params, input, complete, aborted };

class RecordParser {
 public:
  // Requires: 1 <= requests_max <= ids_max.
  explicit RecordParser(std::size_t requests_max) : requests_max_(requests_max) {}

  // next takes bytes off the front of `in` and returns one event. Call until it returns `more` or `broken`.
  RecordEvent next(Bytes& in);

  // release frees a request's id after its END_REQUEST was sent. Records that still come for it are ignored.
  void release(std::uint8_t index) { open_[index].phase = Phase::free; }

  bool between_records() const { return stage_ == Stage::header && have_ == 0; }

 private:
  enum class Stage : std::uint8_t { header, content, padding, broken };
  enum class Content : std::uint8_t { skip, begin, params, input, values };
  struct Open {
    std::uint16_t id = 0;
    Phase phase = Phase::free;
    Role role = Role::responder;
  };

  bool gather(Bytes& in);
  RecordEvent read_header();
  RecordEvent read_application_header();
  RecordEvent read_stream_header(Open& open, std::uint8_t index, bool is_params);
  RecordEvent read_content(Bytes& in);
  RecordEvent read_begin();
  void read_values(Bytes piece);
  void skip(Bytes& in);
  RecordEvent fail();
  std::uint8_t find(std::uint16_t id) const;
  std::uint8_t find_free() const;

  std::size_t requests_max_;
  Stage stage_ = Stage::header;
  Content content_ = Content::skip;
  std::uint8_t have_ = 0;  // bytes in buffer_
  std::uint8_t padding_left_ = 0;
  std::uint8_t index_ = 0;
  std::uint8_t asked_ = 0;
  std::uint16_t id_ = 0;
  std::uint16_t content_left_ = 0;
  std::array<std::uint8_t, header_bytes>
      buffer_{};  // a header, or the body of BEGIN_REQUEST, which is as long
  std::array<Open, ids_max> open_{};
  PairDecoder values_;
};

static_assert(sizeof(RecordParser) <= 640, "a connection's share of memory");

// --- what goes out

void encode_header(std::span<std::uint8_t, header_bytes> out, RecordType type, std::uint16_t id,
                   std::size_t content);

std::array<std::uint8_t, 16> encode_end_request(std::uint16_t id, ProtocolStatus status);
std::array<std::uint8_t, 16> encode_unknown_type(std::uint8_t type);

// encode_get_values_result writes each asked name once; returns the number of bytes.
inline constexpr std::size_t get_values_result_bytes_max = 128;
std::size_t encode_get_values_result(std::span<std::uint8_t, get_values_result_bytes_max> out,
                                     std::uint8_t asked, std::size_t connections_max,
                                     std::size_t requests_max);

// Encodes one answer as records: the head in one, the body in as many as it needs, the end of the stream,
// END_REQUEST. The pieces point into `head`, `body` and the object itself, so all three must stay in place
// while the pieces are used.
class ResponseRecords {
 public:
  ResponseRecords(std::uint16_t id, std::string_view head, std::string_view body, std::uint64_t skip);
  ResponseRecords(const ResponseRecords&) = delete;
  ResponseRecords& operator=(const ResponseRecords&) = delete;

  // The bytes from `skip` on, as many pieces as there is room for; empty: all was skipped.
  std::span<const Bytes> pieces() const { return {pieces_.data(), count_}; }

  static std::uint64_t total_bytes(std::size_t head_bytes, std::size_t body_bytes);

 private:
  static constexpr std::size_t records_max = 6;  // at a time

  void add(Bytes piece);
  bool add_record(std::uint16_t id, std::string_view content);

  std::uint64_t skip_;
  std::size_t count_ = 0;
  std::size_t records_ = 0;
  std::array<Bytes, 2 * records_max + 1> pieces_{};
  std::array<std::array<std::uint8_t, header_bytes>, records_max> headers_{};
  std::array<std::uint8_t, header_bytes + 16> tail_{};
};

}  // namespace twinlock::fastcgi
