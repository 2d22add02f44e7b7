// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/TimestampReader.h"

#include <optional>
#include <string_view>

namespace tocsin::ingest {

/// A syslog message taken apart. Views into its text.
struct SyslogMessage {
    std::optional<int> priority;         ///< facility * 8 + severity
    std::optional<Ticks> time;           ///< where the stamp is complete
    std::optional<YearlessTime> stamp;   ///< where it lacks the year
    std::optional<int> severity;         ///< from a level between stamp and tag
    std::string_view host;
    std::string_view process;
    std::optional<int> processId;
    std::string_view messageId;          ///< RFC 5424; empty if nil
    std::string_view structuredData;     ///< RFC 5424, as sent; empty if nil
    std::string_view text;
};

/// Reads a line of RFC 3164, RFC 5424, the file formats of rsyslog, sysklogd, macOS and Chrome OS, or `date time host app: text`.
/// Nothing if it has no readable time where one belongs.
std::optional<SyslogMessage> parseSyslog(std::string_view line, const TimestampReader& times);

/// `<0>` … `<191>` at the start; the length of it goes to `length`.
std::optional<int> readPriority(std::string_view text, std::size_t& length);

/// Lower-case names of RFC 5424's tables as the agents write them; empty outside the range.
std::string_view facilityName(int facility);
std::string_view severityName(int severity);
/// `INFO`, `<Info>`, `warning`, `ERR` …; nothing for other words.
std::optional<int> severityOfWord(std::string_view word);

} // namespace tocsin::ingest
