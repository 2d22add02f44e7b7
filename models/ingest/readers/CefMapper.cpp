// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/CefMapper.h"

#include "base/Utf8.h"
#include "ingest/Errors.h"
#include "ingest/readers/CefFields.h"
#include "ingest/readers/SyslogMessage.h"
#include "ingest/readers/TextLines.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

bool isKeyChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '[' || c == ']' || c == '-';
}

bool isPlainKey(std::string_view key)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !key.empty() && letter(key[0]) && std::ranges::all_of(key, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string unescape(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        switch (text[i + 1]) {
        case '\\': out += '\\'; ++i; break;
        case '|': out += '|'; ++i; break;
        case '=': out += '='; ++i; break;
        case 'n': out += '\n'; ++i; break;
        case 'r': out += '\r'; ++i; break;
        default: out += '\\'; break;
        }
    }
    return out;
}

/// These keys fill a column and are kept among the additional ones too, where rules look for them as well.
bool isKeptTwice(std::string_view key)
{
    return key == "cat" || key == "reason" || key == "start" || key == "end" || key == "outcome";
}

} // namespace

std::optional<std::size_t> findCef(std::string_view line)
{
    const std::string_view head = line.substr(0, 512);
    for (std::size_t at = head.find("CEF:"); at != std::string_view::npos; at = head.find("CEF:", at + 1)) {
        std::size_t i = at + 4;
        if (i < line.size() && line[i] == ' ')
            ++i;
        const std::size_t digits = i;
        while (i < line.size() && line[i] >= '0' && line[i] <= '9')
            ++i;
        if (i > digits && i < line.size() && line[i] == '|')
            return at;
    }
    return {};
}

bool CefMapper::startsPair(std::string_view key, bool afterBlank) const
{
    if (!afterBlank || key.empty())
        return false;
    return isPlainKey(key) || !cefColumn(key).empty() || std::ranges::any_of(m_pairs, [key](const Pair& pair) { return pair.first == key; }) || key.find('.') != key.npos;
}

/// Values hold blanks and, from careless senders, equals signs: a pair starts where a blank, a key and an unescaped `=` follow each
/// other, and the value before it ends at that blank.
void CefMapper::splitExtension(std::string_view text)
{
    m_pairs.clear();
    std::string_view key;
    std::size_t valueStart = 0;
    std::size_t wordStart = 0;
    bool word = true; // only key characters since wordStart
    const auto close = [&](std::size_t end) {
        if (key.empty())
            return;
        std::string_view value = text.substr(valueStart, end > valueStart ? end - valueStart : 0);
        while (value.ends_with(' '))
            value.remove_suffix(1);
        m_pairs.emplace_back(key, unescape(value));
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            ++i;
            word = false;
        } else if (c == ' ') {
            wordStart = i + 1;
            word = true;
        } else if (c == '=' && word && i > wordStart && startsPair(text.substr(wordStart, i - wordStart), wordStart == 0 || text[wordStart - 1] == ' ')) {
            close(wordStart);
            key = text.substr(wordStart, i - wordStart);
            valueStart = i + 1;
            word = false;
        } else if (!isKeyChar(c)) {
            word = false;
        }
    }
    close(text.size());
}

void CefMapper::writePair(TableBuilder& table, std::string_view key, const std::string& value, std::string& additional) const
{
    const std::string column = cefColumn(key);
    if (column.empty() || isKeptTwice(key)) {
        if (!additional.empty())
            additional += ';';
        additional += key;
        additional += '=';
        additional += value;
    }
    if (column.empty())
        return;
    table.text(column, value);
    if (key == "act")
        table.text("SimplifiedDeviceAction", value);
    else if (key == "externalId")
        table.text("ExtID", value);
    else if (key == "outcome")
        table.text("Outcome", value);
    else if (key.size() == 3 && key.starts_with("cn"))
        table.text("Field" + column, value);
}

Ticks CefMapper::eventTime(const RowSet& rows, Ticks frame) const
{
    for (const std::string_view wanted : {"rt", "end", "start"})
        for (const auto& [key, value] : m_pairs)
            if (key == wanted)
                if (const auto time = rows.times().read(value))
                    return *time;
    return frame;
}

Result<void> CefMapper::map(std::string_view text, std::string_view host, Ticks time, std::size_t bytes, RowSet& rows)
{
    std::array<std::string, 7> header;
    text.remove_prefix(std::min<std::size_t>(text.size(), 4));
    std::size_t field = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size() && field < header.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '|') {
            header[field++] = unescape(text.substr(start, i - start));
            start = i + 1;
        }
    }
    if (field < header.size())
        return fail(kBadLine, "CEF: seven header fields and an extension");
    splitExtension(trimSpaces(text.substr(start)));
    TableBuilder& table = rows.table("CommonSecurityLog");
    table.text("DeviceVendor", header[1]);
    table.text("DeviceProduct", header[2]);
    table.text("DeviceVersion", header[3]);
    table.text("DeviceEventClassID", header[4]);
    table.text("Activity", header[5]);
    table.text("LogSeverity", header[6]);
    table.text("OriginalLogSeverity", header[6]);
    table.text("Computer", host);
    std::string additional;
    for (const auto& [key, value] : m_pairs)
        writePair(table, key, value, additional);
    table.text("AdditionalExtensions", additional);
    rows.endRow(table, {eventTime(rows, time), "OpsManager", {}, bytes}, 1);
    return {};
}

Confidence CefReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    for (int lines = 0; lines < 5 && !head.empty(); ++lines) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        // With a priority in front other messages may be mixed in; the syslog reader takes both kinds.
        if (findCef(head.substr(0, end)))
            return head.starts_with('<') ? Confidence::Likely : Confidence::Certain;
        head.remove_prefix(std::min(end + 1, head.size()));
    }
    return Confidence::No;
}

Result<void> CefReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    RowSet rows(m_schemas, options, sink);
    CefMapper mapper;
    TextLines lines(source);
    TextLine line;
    std::string storage;
    while (true) {
        if ((line.number & 1023) == 0) {
            if (stop.stop_requested())
                return fail(kCancelled);
            sink.progress(line.offset);
            TOCSIN_TRY(rows.status());
        }
        TOCSIN_TRY_ASSIGN(const bool more, lines.next(line));
        if (!more)
            return rows.finish();
        const std::string_view text = asUtf8(line.text, storage);
        if (text.find_first_not_of(" \t") == std::string_view::npos || text.starts_with('#'))
            continue;
        const auto at = findCef(text);
        Result<void> mapped = fail(kBadLine, "CEF");
        if (at) {
            const auto frame = parseSyslog(text.substr(0, *at), rows.times());
            mapped = mapper.map(text.substr(*at), frame ? frame->host : std::string_view(), frame && frame->time ? *frame->time : options.importTime, text.size(), rows);
        }
        if (!mapped)
            sink.reject({line.offset, line.number, std::move(mapped).error()});
    }
}

} // namespace tocsin::ingest
