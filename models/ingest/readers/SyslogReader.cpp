// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/SyslogReader.h"

#include "base/IpAddress.h"
#include "ingest/Errors.h"
#include "ingest/readers/CefMapper.h"
#include "ingest/readers/ResourceId.h"
#include "ingest/readers/SyslogMessage.h"
#include "ingest/readers/TableRows.h"
#include "ingest/readers/TextLines.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace tocsin::ingest {

namespace {

constexpr int kInfo = 6;
/// A message that lines keep being added to is closed here.
constexpr std::size_t kMaxMessage = 1u << 20;

/// Gives stamps without a year one. Files are written in order, so a month that goes far back starts the next year.
class YearGuess {
public:
    std::optional<Ticks> complete(const YearlessTime& stamp)
    {
        if (m_month - stamp.month > 6)
            ++m_year;
        m_month = stamp.month;
        CivilTime date;
        date.year = m_year;
        date.month = stamp.month;
        date.day = stamp.day;
        if (!isValidCivil(date))
            return {};
        return ticksFromCivil(date) + stamp.timeOfDay;
    }
    /// Before the first stamp.
    void setFirstYear(int year) { m_year = year; }

private:
    int m_year = 1970;
    int m_month = 1;
};

/// The latest first year that puts no line of the source more than a day after `now`; nothing if the lines carry years.
Result<std::optional<int>> guessFirstYear(ByteSource& source, Ticks now)
{
    TextLines lines(source);
    TextLine line;
    std::optional<int> year;
    std::vector<YearlessTime> turns; // the first stamp, then the latest stamp of each month: enough to try a year
    while (true) {
        TOCSIN_TRY_ASSIGN(const bool more, lines.next(line));
        if (!more)
            break;
        std::size_t length = 0;
        readPriority(line.text, length);
        const auto stamp = readYearlessTime(line.text.substr(length, 64));
        if (!stamp)
            continue;
        if (turns.size() > 1 && turns.back().month == stamp->month)
            turns.pop_back();
        turns.push_back(*stamp);
    }
    if (turns.empty())
        return year;
    year = civilFromTicks(now).year;
    for (int back = 0; back < 50; ++back, --*year) {
        YearGuess guess;
        guess.setFirstYear(*year);
        const bool fits = std::ranges::all_of(turns, [&](const YearlessTime& stamp) {
            const auto time = guess.complete(stamp);
            return time ? *time <= now + kTicksPerDay : stamp.month != 2 || stamp.day != 29;
        });
        if (fits)
            break;
    }
    return year;
}

/// `Xxx 22 07:54:32` at the start, whatever the letters are.
bool looksStamped(std::string_view text)
{
    const std::size_t colon = text.find(':');
    return colon >= 6 && colon <= 9 && text.size() > colon + 5 && text[3] == ' ' && text[colon + 3] == ':' && text[colon - 1] >= '0' && text[colon - 1] <= '9';
}

class SyslogImport {
public:
    SyslogImport(const SchemaLibrary& schemas, ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop)
        : m_source(source), m_options(options), m_rows(schemas, options, sink), m_stop(std::move(stop)),
          m_fileFacility(facilityOfFile(source.name()))
    {
    }

    Result<void> run()
    {
        TOCSIN_TRY_ASSIGN(const std::optional<int> firstYear, guessFirstYear(m_source, m_options.importTime));
        if (firstYear) {
            m_years.setFirstYear(*firstYear);
            m_rows.sink().warning({0, 1, makeError(kYearGuessed, std::to_string(*firstYear))});
        }
        TextLines lines(m_source);
        TextLine line;
        while (true) {
            if ((line.number & 1023) == 0) {
                if (m_stop.stop_requested())
                    return fail(kCancelled);
                m_rows.sink().progress(line.offset);
                TOCSIN_TRY(m_rows.status());
            }
            TOCSIN_TRY_ASSIGN(const bool more, lines.next(line));
            if (!more)
                break;
            takeLine(line);
        }
        emit();
        return m_rows.finish();
    }

private:
    void takeLine(const TextLine& line)
    {
        std::string_view text = asUtf8(line.text, m_latin);
        std::uint64_t offset = line.offset;
        const bool starts = parseSyslog(text, m_rows.times()).has_value();
        // A line that is shaped like a message but whose time is wrong belongs to no other.
        if (!starts && (m_pending.empty() || looksStamped(text))) {
            emit();
            if (!text.empty() && text.find_first_not_of(" \t") != std::string_view::npos)
                m_rows.sink().reject({line.offset, line.number, makeError(kBadLine, "syslog")});
            return;
        }
        if (starts)
            emit();
        else if (m_pending.size() + text.size() < kMaxMessage)
            m_pending += '\n';
        // Forwarded messages may stand one after the other without a line break: cut in front of every priority with a time behind it.
        std::size_t from = starts ? 1 : 0;
        while (const std::size_t cut = findMessage(text, from)) {
            append(text.substr(0, cut), offset, line.number);
            emit();
            text.remove_prefix(cut);
            offset += cut;
            from = 1;
        }
        append(text, offset, line.number);
    }

    /// The place, from `from` on, of a `<PRI>` that starts a message; 0 if none.
    std::size_t findMessage(std::string_view text, std::size_t from) const
    {
        for (std::size_t at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1)) {
            std::size_t length = 0;
            if (at > 0 && readPriority(text.substr(at), length) && parseSyslog(text.substr(at, std::min<std::size_t>(text.size() - at, 512)), m_rows.times()))
                return at;
        }
        return 0;
    }

    void append(std::string_view text, std::uint64_t offset, std::uint64_t line)
    {
        if (m_pending.empty()) {
            m_offset = offset;
            m_line = line;
        }
        if (m_pending.size() + text.size() < kMaxMessage)
            m_pending += text;
    }

    void emit()
    {
        while (m_pending.ends_with('\n'))
            m_pending.pop_back();
        if (m_pending.empty())
            return;
        if (const auto message = parseSyslog(m_pending, m_rows.times()))
            write(*message);
        else
            m_rows.sink().reject({m_offset, m_line, makeError(kBadLine, "syslog")});
        m_pending.clear();
    }

    void write(const SyslogMessage& message)
    {
        std::optional<Ticks> time = message.time;
        if (message.stamp) {
            time = m_years.complete(*message.stamp);
            if (time)
                *time -= m_options.sourceUtcOffsetMinutes * kTicksPerMinute;
        }
        if (!time)
            m_rows.sink().warning({m_offset, m_line, makeError(kNoTime)});
        const Ticks when = time.value_or(m_options.importTime);
        if (const auto cef = findCef(m_pending)) {
            if (const Result<void> mapped = m_cef.map(std::string_view(m_pending).substr(*cef), message.host, when, m_pending.size(), m_rows); !mapped)
                m_rows.sink().reject({m_offset, m_line, mapped.error()});
            return;
        }
        TableBuilder& table = m_rows.table("Syslog");
        const int facility = message.priority ? *message.priority / 8 : m_fileFacility;
        const int severity = message.severity ? *message.severity : message.priority ? *message.priority % 8 : kInfo;
        table.time("EventTime", when - when % kTicksPerSecond);
        table.text("Computer", message.host);
        table.text("HostName", message.host);
        if (parseIp(message.host))
            table.text("HostIP", message.host);
        table.text("Facility", facilityName(facility));
        table.text("SeverityLevel", severityName(severity));
        table.text("ProcessName", message.process);
        if (message.processId)
            table.number("ProcessID", *message.processId);
        if (message.messageId.empty() && message.structuredData.empty()) {
            table.text("SyslogMessage", message.text);
        } else {
            std::string text;
            for (const std::string_view part : {message.messageId, message.structuredData, message.text})
                if (!part.empty()) {
                    if (!text.empty())
                        text += ' ';
                    text += part;
                }
            table.text("SyslogMessage", text);
        }
        m_rows.endRow(table, {when, "Linux", {}, m_pending.size()}, 1);
    }

    ByteSource& m_source;
    const ReadOptions& m_options;
    RowSet m_rows;
    std::stop_token m_stop;
    YearGuess m_years;
    CefMapper m_cef;
    int m_fileFacility;
    std::string m_pending; ///< the message being put together
    std::string m_latin;
    std::uint64_t m_offset = 0;
    std::uint64_t m_line = 0;
};

} // namespace

int facilityOfFile(std::string_view path)
{
    static constexpr std::array<std::pair<std::string_view, int>, 6> kFiles{{{"auth", 10}, {"secure", 10}, {"ssh", 10}, {"cron", 9}, {"kern", 0}, {"mail", 2}}};
    if (const std::size_t slash = path.find_last_of("/\\"); slash != std::string_view::npos)
        path.remove_prefix(slash + 1);
    const std::string name = lowerAscii(path);
    for (const auto& [word, facility] : kFiles)
        if (name.find(word) != std::string::npos)
            return facility;
    return 3;
}

Confidence SyslogReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    if (head.substr(0, 1024).find('\0') != std::string_view::npos)
        return Confidence::No;
    const TimestampReader times;
    std::size_t good = 0;
    std::size_t seen = 0;
    bool priority = false;
    for (std::size_t at = 0; at < head.size() && seen < 20;) {
        const std::size_t end = std::min(head.find('\n', at), head.size());
        const std::string_view line = head.substr(at, end - at);
        at = end + 1;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        std::string storage;
        const auto message = parseSyslog(asUtf8(line.substr(0, 4096), storage), times);
        if (seen == 0 && !message)
            return Confidence::No;
        ++seen;
        good += message.has_value();
        priority = priority || (message && message->priority);
    }
    if (good == 0)
        return Confidence::No;
    return priority ? Confidence::Certain : good * 2 >= seen ? Confidence::Likely : Confidence::Maybe;
}

Result<void> SyslogReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    return SyslogImport(m_schemas, source, options, sink, std::move(stop)).run();
}

} // namespace tocsin::ingest
