// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/codec.hpp"

#include <algorithm>
#include <cstring>

namespace twinlock::fastcgi {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint8_t none = 0xFF;  // no such index
static_assert(ids_max < none);

constexpr std::uint16_t big_endian(std::uint8_t high, std::uint8_t low) {
  return static_cast<std::uint16_t>((high << 8) | low);
}

std::uint8_t asked_bit(std::string_view name) {
  if (name == "FCGI_MAX_CONNS") return asked_max_conns;
  if (name == "FCGI_MAX_REQS") return asked_max_reqs;
  if (name == "FCGI_MPXS_CONNS") return asked_mpxs_conns;
  return 0;
}

}  // namespace

RecordEvent RecordParser::next(Bytes& in) {
  for (;;) {
    RecordEvent event;
    switch (stage_) {
      case Stage::header:
        if (!gather(in)) return {};
        event = read_header();
        break;
      case Stage::content:
        if (in.empty()) return {};
        event = read_content(in);
        break;
      case Stage::padding:
        skip(in);
        if (stage_ == Stage::padding) return {};
        break;
      case Stage::broken:
        return {.kind = RecordEvent::Kind::broken};
    }
    if (event.kind != RecordEvent::Kind::more) return event;
  }
}

// Fills buffer_; returns true when all eight bytes are there.
bool RecordParser::gather(Bytes& in) {
  const std::size_t taken = std::min(buffer_.size() - have_, in.size());
  if (taken > 0) std::memcpy(buffer_.data() + have_, in.data(), taken);
  have_ = static_cast<std::uint8_t>(have_ + taken);
  in = in.subspan(taken);
  if (have_ < buffer_.size()) return false;
  have_ = 0;
  return true;
}

RecordEvent RecordParser::fail() {
  stage_ = Stage::broken;
  return {.kind = RecordEvent::Kind::broken};
}

std::uint8_t RecordParser::find(std::uint16_t id) const {
  for (std::uint8_t i = 0; i < ids_max; ++i)
    if (open_[i].phase != Phase::free && open_[i].id == id) return i;
  return none;
}

std::uint8_t RecordParser::find_free() const {
  for (std::uint8_t i = 0; i < ids_max && i < requests_max_; ++i)
    if (open_[i].phase == Phase::free) return i;
  return none;
}

RecordEvent RecordParser::read_header() {
  if (buffer_[0] != version) return fail();
  id_ = big_endian(buffer_[2], buffer_[3]);
  content_left_ = big_endian(buffer_[4], buffer_[5]);
  padding_left_ = buffer_[6];
  content_ = Content::skip;
  stage_ = content_left_ > 0 ? Stage::content : padding_left_ > 0 ? Stage::padding : Stage::header;
  if (id_ != 0) return read_application_header();
  if (buffer_[1] != static_cast<std::uint8_t>(RecordType::get_values))
    return {.kind = RecordEvent::Kind::unknown_type, .type = buffer_[1]};
  if (content_left_ == 0) return {.kind = RecordEvent::Kind::get_values};
  content_ = Content::values;
  values_ = {};
  asked_ = 0;
  return {};
}

RecordEvent RecordParser::read_application_header() {
  const std::uint8_t index = find(id_);
  const auto type = static_cast<RecordType>(buffer_[1]);
  if (type == RecordType::begin_request) {
    if (index != none || content_left_ != header_bytes) return fail();
    content_ = Content::begin;
    return {};
  }
  if (index == none) return {};
  Open& open = open_[index];
  if (type == RecordType::abort_request) {
    if (open.phase == Phase::aborted) return {};
    open.phase = Phase::aborted;
    return {.kind = RecordEvent::Kind::aborted, .index = index, .id = id_, .role = open.role};
  }
  if (type == RecordType::params || type == RecordType::standard_input)
    return read_stream_header(open, index, type == RecordType::params);
  return {};
}

// Reads the header of a PARAMS or STDIN record: an empty one ends the stream. Skips what comes after the end
// or after an abort.
RecordEvent RecordParser::read_stream_header(Open& open, std::uint8_t index, bool is_params) {
  if (!is_params && open.phase == Phase::params) return fail();
  if (open.phase != (is_params ? Phase::params : Phase::input)) return {};
  index_ = index;
  if (content_left_ > 0) {
    content_ = is_params ? Content::params : Content::input;
    return {};
  }
  open.phase = is_params && open.role == Role::responder ? Phase::input : Phase::complete;
  const auto kind = is_params ? RecordEvent::Kind::params_end : RecordEvent::Kind::input_end;
  return {.kind = kind, .index = index, .id = id_, .role = open.role};
}

RecordEvent RecordParser::read_content(Bytes& in) {
  if (content_ == Content::begin) {
    if (!gather(in)) return {};
    content_left_ = 0;
    stage_ = padding_left_ > 0 ? Stage::padding : Stage::header;
    return read_begin();
  }
  const std::size_t taken = std::min<std::size_t>(content_left_, in.size());
  const Bytes piece = in.first(taken);
  in = in.subspan(taken);
  content_left_ = static_cast<std::uint16_t>(content_left_ - taken);
  if (content_left_ == 0) stage_ = padding_left_ > 0 ? Stage::padding : Stage::header;
  if (content_ == Content::values) {
    read_values(piece);
    if (content_left_ == 0) return {.kind = RecordEvent::Kind::get_values, .asked = asked_};
    return {};
  }
  if (content_ == Content::skip) return {};
  const auto kind = content_ == Content::params ? RecordEvent::Kind::params : RecordEvent::Kind::input;
  return {.kind = kind, .index = index_, .id = id_, .role = open_[index_].role, .bytes = piece};
}

RecordEvent RecordParser::read_begin() {
  const std::uint16_t role = big_endian(buffer_[0], buffer_[1]);
  const bool keep = (buffer_[2] & 1) != 0;
  if (role != static_cast<std::uint16_t>(Role::responder) &&
      role != static_cast<std::uint16_t>(Role::authorizer))
    return {.kind = RecordEvent::Kind::unknown_role, .id = id_, .keep = keep};
  const std::uint8_t index = find_free();
  if (index == none)
    return {.kind = RecordEvent::Kind::overloaded, .id = id_, .role = static_cast<Role>(role), .keep = keep};
  open_[index] = {.id = id_, .phase = Phase::params, .role = static_cast<Role>(role)};
  return {.kind = RecordEvent::Kind::begin,
          .index = index,
          .id = id_,
          .role = static_cast<Role>(role),
          .keep = keep};
}

void RecordParser::read_values(Bytes piece) {
  for (;;) {
    const PairEvent event = values_.next(piece);
    if (event.kind == PairEvent::Kind::more) return;
    if (event.kind == PairEvent::Kind::name) asked_ |= asked_bit(event.name);
  }
}

void RecordParser::skip(Bytes& in) {
  const std::size_t taken = std::min<std::size_t>(padding_left_, in.size());
  in = in.subspan(taken);
  padding_left_ = static_cast<std::uint8_t>(padding_left_ - taken);
  if (padding_left_ == 0) stage_ = Stage::header;
}

}  // namespace twinlock::fastcgi
