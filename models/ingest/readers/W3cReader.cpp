// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/W3cReader.h"

#include "base/Utf8.h"
#include "column/Dynamic.h"
#include "ingest/Errors.h"
#include "ingest/readers/TableRows.h"
#include "ingest/readers/TextLines.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

struct FieldColumn {
    std::string_view field;
    std::string_view column;
};

constexpr std::array kWebColumns{
    FieldColumn{"date", "Date"}, FieldColumn{"time", "Time"}, FieldColumn{"s-sitename", "sSiteName"}, FieldColumn{"s-computername", "sComputerName"},
    FieldColumn{"s-ip", "sIP"}, FieldColumn{"cs-method", "csMethod"}, FieldColumn{"cs-uri-stem", "csUriStem"}, FieldColumn{"cs-uri-query", "csUriQuery"},
    FieldColumn{"s-port", "sPort"}, FieldColumn{"cs-username", "csUserName"}, FieldColumn{"c-ip", "cIP"}, FieldColumn{"cs-version", "csVersion"},
    FieldColumn{"cs(User-Agent)", "csUserAgent"}, FieldColumn{"cs(Cookie)", "csCookie"}, FieldColumn{"cs(Referer)", "csReferer"},
    FieldColumn{"cs-host", "csHost"}, FieldColumn{"sc-status", "scStatus"}, FieldColumn{"sc-substatus", "scSubStatus"},
    FieldColumn{"sc-win32-status", "scWin32Status"}, FieldColumn{"sc-bytes", "scBytes"}, FieldColumn{"cs-bytes", "csBytes"},
    FieldColumn{"time-taken", "TimeTaken"},
};

constexpr std::array kFirewallColumns{
    FieldColumn{"action", "FirewallAction"}, FieldColumn{"protocol", "Protocol"}, FieldColumn{"src-ip", "SourceIP"}, FieldColumn{"dst-ip", "DestinationIP"},
    FieldColumn{"src-port", "SourcePort"}, FieldColumn{"dst-port", "DestinationPort"}, FieldColumn{"size", "RequestSizeInBytes"}, FieldColumn{"info", "Info"},
    FieldColumn{"path", "CommunicationDirection"},
};

bool isDirective(std::string_view line, std::string_view name)
{
    return line.size() > name.size() + 1 && equalsIgnoringCase(line.substr(1, name.size()), name) && line[name.size() + 1] == ':';
}

std::vector<std::string_view> splitBlanks(std::string_view text, bool joinRuns)
{
    std::vector<std::string_view> parts;
    const char separator = text.find('\t') != std::string_view::npos && text.find(' ') == std::string_view::npos ? '\t' : ' ';
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0 || !joinRuns)
            parts.push_back(text.substr(0, end));
        if (end == text.size())
            return parts;
        text.remove_prefix(end + 1);
    }
}

class W3cImport {
public:
    W3cImport(const SchemaLibrary& schemas, ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop)
        : m_source(source), m_options(options), m_rows(schemas, options, sink), m_stop(std::move(stop))
    {
    }

    Result<void> run()
    {
        TextLines lines(m_source);
        TextLine line;
        std::string storage;
        bool declared = false;
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
            std::string_view text = asUtf8(line.text, storage);
            while (text.ends_with(' '))
                text.remove_suffix(1);
            if (text.empty())
                continue;
            if (text.starts_with('#')) {
                directive(text);
                declared = declared || !m_fields.empty();
            } else if (m_fields.empty()) {
                m_rows.sink().reject({line.offset, line.number, makeError(kNoHeader, m_source.name())});
            } else {
                takeLine(text, line);
            }
        }
        if (!declared)
            return fail(kNoHeader, m_source.name());
        return m_rows.finish();
    }

private:
    void directive(std::string_view text)
    {
        if (isDirective(text, "Fields")) {
            m_fields.clear();
            for (const std::string_view field : splitBlanks(trimSpaces(text.substr(8)), true))
                m_fields.emplace_back(field);
            m_firewall = has("src-ip") && has("action");
            makeColumns();
        } else if (isDirective(text, "Date")) {
            if (const auto date = m_rows.times().read(text.substr(6))) {
                m_day = *date - *date % kTicksPerDay;
                m_lastClock = 0;
            }
        } else if (isDirective(text, "Time Format")) {
            m_local = equalsIgnoringCase(trimSpaces(text.substr(13)), "Local");
        }
    }

    bool has(std::string_view field) const { return std::ranges::find(m_fields, field) != m_fields.end(); }

    void makeColumns()
    {
        TableBuilder& table = m_rows.table(m_firewall ? "WindowsFirewall" : "W3CIISLog");
        m_columns.assign(m_fields.size(), {});
        for (std::size_t i = 0; i < m_fields.size(); ++i) {
            const auto look = [&](const auto& columns) {
                for (const FieldColumn& entry : columns)
                    if (entry.field == m_fields[i])
                        m_columns[i] = table.find(entry.column);
            };
            if (m_firewall)
                look(kFirewallColumns);
            else
                look(kWebColumns);
        }
    }

    void takeLine(std::string_view text, const TextLine& line)
    {
        // Two blanks in a row are one separator when that gives the declared number of fields, else an empty field.
        std::vector<std::string_view> parts = splitBlanks(text, true);
        if (parts.size() != m_fields.size())
            parts = splitBlanks(text, false);
        if (parts.size() != m_fields.size()) {
            m_rows.sink().reject({line.offset, line.number, makeError(kWrongFieldCount, std::to_string(parts.size()), std::to_string(m_fields.size()))});
            return;
        }
        std::string_view date;
        std::string_view clock;
        TableBuilder& table = m_rows.table(m_firewall ? "WindowsFirewall" : "W3CIISLog");
        DynamicBuilder rest;
        bool more = false;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (m_fields[i] == "date")
                date = parts[i];
            else if (m_fields[i] == "time")
                clock = parts[i];
            if (m_columns[i]) {
                if (parts[i] != "-" || (table.typeOf(*m_columns[i]) == DataType::String && !m_firewall))
                    table.setText(*m_columns[i], parts[i]);
            } else if (m_fields[i] != "date" && m_fields[i] != "time" && parts[i] != "-") {
                if (!more)
                    rest.beginObject();
                more = true;
                rest.key(m_fields[i]);
                rest.string(parts[i]);
            }
            if (m_fields[i] == "s-computername")
                table.text("Computer", parts[i]);
            if (m_firewall && m_fields[i] == "dst-ip" && parts[i] != "-")
                table.text("FullDestinationAddress", parts[i]);
        }
        if (more) {
            rest.endObject();
            table.setDynamic(table.require("AdditionalFields", DataType::Dynamic), rest.take());
        }
        if (m_firewall)
            setRemote(table, parts);
        m_rows.endRow(table, {timeOf(date, clock, line), "OpsManager", {}, text.size()}, 1);
    }

    /// The other end: the source of what was received, the destination of what was sent.
    void setRemote(TableBuilder& table, const std::vector<std::string_view>& parts)
    {
        const auto part = [&](std::string_view name) {
            const auto found = std::ranges::find(m_fields, name);
            return found == m_fields.end() ? std::string_view() : parts[static_cast<std::size_t>(found - m_fields.begin())];
        };
        const std::string_view remote = part("path") == "RECEIVE" ? part("src-ip") : part("dst-ip");
        if (remote != "-")
            table.text("RemoteIP", remote);
    }

    Ticks timeOf(std::string_view date, std::string_view clock, const TextLine& line)
    {
        const TimestampReader utc;
        const TimestampReader& times = m_local ? m_rows.times() : utc;
        if (!date.empty())
            if (const auto time = times.read(std::string(date) + " " + std::string(clock.empty() ? "00:00:00" : clock)))
                return *time;
        // Without a date in the line the last #Date holds, and a clock that goes back has passed midnight.
        const auto timeOfDay = parseTimeSpan(clock);
        if (timeOfDay && m_day) {
            if (*timeOfDay < m_lastClock)
                *m_day += kTicksPerDay;
            m_lastClock = *timeOfDay;
            return *m_day + *timeOfDay;
        }
        m_rows.sink().warning({line.offset, line.number, makeError(kNoTime)});
        return m_options.importTime;
    }

    ByteSource& m_source;
    const ReadOptions& m_options;
    RowSet m_rows;
    std::stop_token m_stop;
    std::vector<std::string> m_fields;
    std::vector<std::optional<std::size_t>> m_columns;
    std::optional<Ticks> m_day;
    Ticks m_lastClock = 0;
    bool m_local = false;
    bool m_firewall = false;
};

} // namespace

Confidence W3cReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    for (int lines = 0; lines < 20 && !head.empty(); ++lines) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        const std::string_view line = head.substr(0, end);
        if (line.starts_with("#Fields:"))
            return Confidence::Certain;
        if (!line.starts_with('#') && lines == 0 && !line.starts_with("\xEF\xBB\xBF#"))
            return Confidence::No;
        head.remove_prefix(std::min(end + 1, head.size()));
    }
    return Confidence::No;
}

Result<void> W3cReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    return W3cImport(m_schemas, source, options, sink, std::move(stop)).run();
}

} // namespace tocsin::ingest
