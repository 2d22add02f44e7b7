// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/StorageAnalyticsReader.h"

#include "base/Utf8.h"
#include "ingest/Errors.h"
#include "ingest/readers/TableRows.h"
#include "ingest/readers/TextLines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kFieldsOfVersion1 = 30;

/// Column of each field in its order; empty where the table has none or the field is treated apart.
constexpr std::array<std::string_view, 38> kColumns{"SchemaVersion", "", "OperationName", "StatusText", "StatusCode", "DurationMs", "ServerLatencyMs",
    "AuthenticationType", "", "AccountName", "ServiceType", "Uri", "ObjectKey", "CorrelationId", "OperationCount", "CallerIpAddress", "OperationVersion",
    "RequestHeaderSize", "RequestBodySize", "ResponseHeaderSize", "ResponseBodySize", "ContentLengthHeader", "RequestMd5", "ResponseMd5", "Etag",
    "LastModifiedTime", "ConditionsUsed", "UserAgentHeader", "ReferrerHeader", "ClientRequestId", "RequesterObjectId", "RequesterTenantId",
    "RequesterAppId", "RequesterAudience", "RequesterTokenIssuer", "RequesterUpn", "", "AuthorizationDetails"};
constexpr std::size_t kTime = 1;
constexpr std::size_t kOperation = 2;
constexpr std::size_t kService = 10;

std::string decodeHtml(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, char>, 5> kNames{{{"amp;", '&'}, {"quot;", '"'}, {"lt;", '<'}, {"gt;", '>'}, {"apos;", '\''}}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = text.substr(i + 1);
        bool done = false;
        if (text[i] == '&') {
            for (const auto& [name, c] : kNames)
                if (rest.starts_with(name)) {
                    out += c;
                    i += name.size();
                    done = true;
                    break;
                }
            if (!done && rest.starts_with('#')) {
                unsigned code = 0;
                const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), code);
                if (error == std::errc() && end != rest.data() + rest.size() && *end == ';' && code < 0x110000) {
                    appendUtf8(out, code);
                    i += static_cast<std::size_t>(end - rest.data()) + 1;
                    done = true;
                }
            }
        }
        if (!done)
            out += text[i];
    }
    return out;
}

/// A field that opens with a mark ends at the first mark that a separator or the end follows; any other ends at the separator.
std::vector<std::string> splitFields(std::string_view line)
{
    std::vector<std::string> fields;
    std::size_t at = 0;
    while (at <= line.size()) {
        std::size_t end = 0;
        if (at < line.size() && line[at] == '"') {
            std::size_t close = line.find("\";", at + 1);
            if (close == std::string_view::npos)
                close = line.ends_with('"') && line.size() - 1 > at ? line.size() - 1 : line.size();
            fields.push_back(decodeHtml(line.substr(at + 1, close - at - 1)));
            end = std::min(close + 1, line.size());
        } else {
            end = std::min(line.find(';', at), line.size());
            fields.push_back(decodeHtml(line.substr(at, end - at)));
        }
        at = end + 1;
    }
    return fields;
}

std::string_view tableOf(std::string_view service)
{
    if (service == "queue")
        return "StorageQueueLogs";
    if (service == "table")
        return "StorageTableLogs";
    return service == "file" ? "StorageFileLogs" : "StorageBlobLogs";
}

std::string_view categoryOf(std::string_view operation)
{
    for (const std::string_view verb : {"Delete", "Undelete", "Clear"})
        if (operation.starts_with(verb))
            return "StorageDelete";
    for (const std::string_view verb : {"Get", "List", "Query", "Peek", "Preflight"})
        if (operation.starts_with(verb))
            return "StorageRead";
    return "StorageWrite";
}

} // namespace

Confidence StorageAnalyticsReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    const bool version = head.starts_with("1.0;") || head.starts_with("2.0;");
    return version && parseIsoDateTime(head.substr(4, std::min(head.find(';', 4), head.size()) - 4)) ? Confidence::Certain : Confidence::No;
}

Result<void> StorageAnalyticsReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    RowSet rows(m_schemas, options, sink);
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
        if (trimSpaces(text).empty())
            continue;
        const std::vector<std::string> fields = splitFields(text);
        const auto time = fields.size() > kTime ? rows.times().read(fields[kTime]) : std::nullopt;
        if (fields.size() < kFieldsOfVersion1 || !time) {
            sink.reject({line.offset, line.number, makeError(kWrongFieldCount, std::to_string(fields.size()), std::to_string(kFieldsOfVersion1))});
            continue;
        }
        TableBuilder& table = rows.table(tableOf(fields[kService]));
        for (std::size_t i = 0; i < std::min(fields.size(), kColumns.size()); ++i)
            if (!kColumns[i].empty())
                table.text(kColumns[i], fields[i]);
        table.text("Category", categoryOf(fields[kOperation]));
        rows.endRow(table, {*time, "Azure", {}, text.size()}, 1);
    }
}

} // namespace tocsin::ingest
