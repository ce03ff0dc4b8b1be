// SPDX-License-Identifier: Apache-2.0
// Writes lines to standard error. A line that cannot be written (closed, full, a pipe that nobody reads) is
// counted and never stops the program.
#pragma once

#include <cstdint>
#include <string_view>

namespace twinlock::system {

// Severities of RFC 5424, section 6.2.1.
enum class LogLevel : std::uint8_t { error = 3, warning = 4, notice = 5, information = 6 };

inline constexpr std::size_t log_line_bytes_max =
    4096;  // written whole into a pipe (PIPE_BUF); longer is cut

// Writes "PROGRAM: TEXT" as one line; control characters in it become '?'. Where standard error is the
// journal (JOURNAL_STREAM), "<3>" to "<6>" comes first, which journald takes as the level. Does not wait: a
// pipe that is full loses the line. From any thread.
void log(LogLevel level, std::string_view program, std::string_view text);

// How many lines were lost since the program began.
std::uint64_t lost_log_lines();

}  // namespace twinlock::system
