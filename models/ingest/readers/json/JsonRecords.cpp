// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonRecords.h"

#include "base/Json.h"
#include "base/Utf8.h"
#include "ingest/Errors.h"
#include "ingest/readers/json/JsonCursor.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace tocsin::ingest {

namespace {

using Scan = JsonCursor::Scan;

constexpr int kMaxWrappers = 8;
constexpr int kMaxTopKeys = 64;
constexpr int kPatience = 16;

/// An object can only be a wrapper if its first key is one of these; any other object is a record without a second look.
bool mayWrap(std::string_view firstKey)
{
    static constexpr std::array<std::string_view, 18> kKeys{"records", "Records", "value", "nextLink", "@odata.context", "@odata.nextLink", "@odata.count",
        "count", "totalRecords", "parameters", "title", "operationId", "tables", "Tables", "FrameType", "$schema", "statistics", "render"};
    return std::ranges::find(kKeys, firstKey) != kKeys.end();
}

/// Members that may stand in front of the `value` array of a REST answer.
bool besideValue(std::string_view key)
{
    return key == "nextLink" || key == "count" || key.starts_with("@odata.");
}

class Walker {
public:
    Walker(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop) : m_handler(handler), m_in(source, handler, std::move(stop)) {}

    Result<void> run();

private:
    void value(int wrappers);
    void array(int wrappers);
    void object(int wrappers);
    bool wrapper(int wrappers);
    bool enterExample(int wrappers);
    void tables(bool onlyFirst);
    void table();
    void rows(const std::vector<std::string>& columns, const std::string& name);
    void row(const std::vector<std::string>& columns, const std::string& name);
    std::vector<std::string> columnNames();
    void closeObject();

    void record();
    void bad(std::uint64_t start, Scan scan);
    void resyncLine(std::size_t indent);
    void resyncPattern();
    void reject(std::uint64_t offset, Error reason) { m_handler.reject({offset, m_in.lineAt(offset), std::move(reason)}); }
    bool ok() const { return m_failed.has_value() && m_in.status().has_value(); }

    JsonRecordHandler& m_handler;
    JsonCursor m_in;
    Result<void> m_failed;
    std::string m_opening; ///< the first bytes of the last good record, up to the colon behind its first key
    std::string m_rowText;
    int m_failures = 0; ///< since the last good record
};

Error reasonOf(Scan scan)
{
    switch (scan) {
    case Scan::Truncated: return makeError(kJsonTruncated);
    case Scan::TooDeep: return makeError(kJsonBroken, "nested deeper than 1,024 levels");
    case Scan::TooLong: return makeError(kJsonTooLong, std::to_string(kMaxJsonRecord));
    default: return makeError(kJsonBroken, "brackets or quotation marks do not match");
    }
}

Result<void> Walker::run()
{
    if (m_in.peek() == 0xEF) {
        m_in.next();
        m_in.take('\xBB');
        m_in.take('\xBF');
    }
    while (ok()) {
        m_in.skipSeparators();
        const int c = m_in.peek();
        if (c < 0)
            break;
        if (c == '{' || c == '[') {
            value(0);
            continue;
        }
        // Not JSON: one reject for the run of text up to the next line that opens a container.
        const std::uint64_t start = m_in.position();
        reject(start, makeError(kJsonStrayText));
        while (m_in.peek() >= 0 && ok()) {
            while (m_in.peek() >= 0 && m_in.peek() != '\n')
                m_in.next();
            m_in.skipSeparators();
            if (m_in.peek() == '{' || m_in.peek() == '[')
                break;
        }
    }
    TOCSIN_TRY(m_failed);
    return m_in.status();
}

void Walker::value(int wrappers)
{
    if (m_in.peek() == '[')
        array(wrappers);
    else if (m_in.peek() == '{')
        object(wrappers);
    else
        m_in.skipValue();
}

void Walker::array(int wrappers)
{
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        const int c = m_in.peek();
        if (c == ']') {
            m_in.next();
            return;
        }
        if (c < 0) {
            if (ok())
                m_handler.warning({m_in.position(), m_in.lineAt(m_in.position()), makeError(kJsonTruncated)});
            return;
        }
        if (c == '{') {
            object(wrappers);
            continue;
        }
        const std::uint64_t start = m_in.position();
        const std::uint64_t outer = m_in.pin(start);
        const Scan scan = m_in.skipValue();
        if (scan == Scan::Complete)
            reject(start, makeError(kJsonNoObject));
        else
            bad(start, scan);
        m_in.pin(outer);
    }
}

void Walker::object(int wrappers)
{
    const std::uint64_t start = m_in.position();
    const std::uint64_t outer = m_in.pin(start);
    m_in.next();
    m_in.skipSpace();
    if (wrappers < kMaxWrappers && m_in.peek() == '"') {
        const auto key = m_in.readString();
        if (key && mayWrap(*key)) {
            m_in.seek(start);
            if (wrapper(wrappers)) {
                m_in.pin(outer);
                return;
            }
        }
    }
    m_in.seek(start);
    record();
    m_in.pin(outer);
}

/// Whether the object here holds records rather than being one; then they are walked and the object is passed. The start of the
/// object is pinned until that is certain.
bool Walker::wrapper(int wrappers)
{
    m_in.next();
    bool onlyValueCompany = true;
    for (int keys = 0; keys < kMaxTopKeys; ++keys) {
        m_in.skipSeparators();
        const auto key = m_in.readString();
        if (!key)
            return false;
        m_in.skipSpace();
        if (!m_in.take(':'))
            return false;
        m_in.skipSpace();
        const int c = m_in.peek();
        if (c == '[' && (*key == "records" || *key == "Records" || (*key == "value" && onlyValueCompany))) {
            const std::uint64_t open = m_in.position();
            m_in.next();
            m_in.skipSpace();
            if (m_in.peek() != '{' && m_in.peek() != ']')
                return false;
            m_in.seek(open);
            m_in.pin(JsonCursor::kNoPin);
            array(wrappers + 1);
            closeObject();
            return true;
        }
        if (c == '[' && (*key == "tables" || *key == "Tables")) {
            m_in.pin(JsonCursor::kNoPin);
            tables(*key == "Tables"); // version 1 of the Kusto protocol appends tables about the query itself
            closeObject();
            return true;
        }
        if (*key == "FrameType") {
            m_in.pin(JsonCursor::kNoPin);
            m_in.skipValue();
            table();
            return true;
        }
        if (*key == "responses" && c == '{')
            return enterExample(wrappers);
        onlyValueCompany = onlyValueCompany && besideValue(*key);
        if (m_in.skipValue() != Scan::Complete)
            return false;
    }
    return false;
}

/// `"responses": {"200": {"body": …}}` of an API example: the body of the first answer with status 2xx.
bool Walker::enterExample(int wrappers)
{
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        const auto status = m_in.readString();
        if (!status)
            return false;
        m_in.skipSpace();
        if (!m_in.take(':'))
            return false;
        m_in.skipSpace();
        if (!status->starts_with('2') || m_in.peek() != '{') {
            if (m_in.skipValue() != Scan::Complete)
                return false;
            continue;
        }
        m_in.next();
        while (ok()) {
            m_in.skipSeparators();
            const auto key = m_in.readString();
            if (!key)
                return false;
            m_in.skipSpace();
            if (!m_in.take(':'))
                return false;
            m_in.skipSpace();
            if (*key == "body" && (m_in.peek() == '{' || m_in.peek() == '[')) {
                m_in.pin(JsonCursor::kNoPin);
                value(wrappers + 1);
                closeObject(); // the answer
                closeObject(); // the answers
                closeObject(); // the example
                return true;
            }
            if (m_in.skipValue() != Scan::Complete)
                return false;
        }
    }
    return false;
}

/// Passes what is left of an object whose opening bracket has been passed.
void Walker::closeObject()
{
    while (ok()) {
        m_in.skipSeparators();
        if (m_in.take(':'))
            continue;
        const int c = m_in.peek();
        if (c < 0)
            return;
        if (c == '}') {
            m_in.next();
            return;
        }
        if (m_in.skipValue() != Scan::Complete)
            return;
    }
}

void Walker::tables(bool onlyFirst)
{
    m_in.next();
    for (bool first = true; ok(); first = false) {
        m_in.skipSeparators();
        if (!m_in.take('{')) {
            if (m_in.peek() == ']')
                m_in.next();
            return;
        }
        if (first || !onlyFirst)
            table();
        else
            closeObject();
    }
}

/// A table of a query answer, behind its opening bracket (or behind its first member): name, columns, then rows.
void Walker::table()
{
    std::string name;
    std::vector<std::string> columns;
    bool wanted = true;
    while (ok()) {
        m_in.skipSeparators();
        if (m_in.take('}') || m_in.peek() < 0)
            return;
        const auto key = m_in.readString();
        if (!key)
            return;
        m_in.skipSpace();
        m_in.take(':');
        m_in.skipSpace();
        if (*key == "name" || *key == "TableName") {
            name = m_in.readString().value_or("");
        } else if (*key == "TableKind") {
            wanted = m_in.readString().value_or("") == "PrimaryResult";
        } else if ((*key == "columns" || *key == "Columns") && m_in.peek() == '[') {
            columns = columnNames();
        } else if ((*key == "rows" || *key == "Rows") && m_in.peek() == '[' && wanted && !columns.empty()) {
            rows(columns, name);
        } else if (m_in.skipValue() != Scan::Complete) {
            return;
        }
    }
}

std::vector<std::string> Walker::columnNames()
{
    std::vector<std::string> names;
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        if (!m_in.take('{')) {
            if (m_in.peek() == ']')
                m_in.next();
            return names;
        }
        std::string name;
        while (ok()) {
            m_in.skipSeparators();
            const auto key = m_in.readString();
            if (!key)
                break;
            m_in.skipSpace();
            m_in.take(':');
            m_in.skipSpace();
            if (*key == "name" || *key == "ColumnName")
                name = m_in.readString().value_or("");
            else if (m_in.skipValue() != Scan::Complete)
                break;
        }
        m_in.take('}');
        names.push_back(std::move(name));
    }
    return names;
}

void Walker::rows(const std::vector<std::string>& columns, const std::string& name)
{
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        const int c = m_in.peek();
        if (c == ']') {
            m_in.next();
            return;
        }
        if (c < 0)
            return;
        if (c == '[')
            row(columns, name);
        else if (m_in.skipValue() != Scan::Complete) // v1 answers may end with an error object among the rows
            return;
    }
}

void Walker::row(const std::vector<std::string>& columns, const std::string& name)
{
    const std::uint64_t start = m_in.position();
    const std::uint64_t outer = m_in.pin(start);
    m_in.next();
    m_rowText = "{";
    std::size_t index = 0;
    Scan scan = Scan::Complete;
    while (ok()) {
        m_in.skipSeparators();
        if (m_in.take(']'))
            break;
        const std::uint64_t item = m_in.position();
        scan = m_in.skipValue();
        if (scan != Scan::Complete)
            break;
        if (index < columns.size()) {
            m_rowText += index == 0 ? "\"" : ",\"";
            m_rowText += columns[index++];
            m_rowText += "\":";
            m_rowText += m_in.textFrom(item);
        }
    }
    if (scan != Scan::Complete) {
        bad(start, scan);
    } else if (ok()) {
        m_rowText += '}';
        m_rowText.reserve(m_rowText.size() + kJsonPadding);
        m_failed = m_handler.record({start, m_in.lineAt(start), m_rowText, name});
    }
    m_in.pin(outer);
}

void Walker::record()
{
    const std::uint64_t start = m_in.position();
    const Scan scan = m_in.skipValue();
    if (!ok())
        return;
    if (scan != Scan::Complete) {
        bad(start, scan);
        return;
    }
    const std::string_view text = m_in.textFrom(start);
    if (m_opening.empty())
        if (const std::size_t colon = text.find(':'); colon != std::string_view::npos && colon < 128)
            m_opening = text.substr(0, colon + 1);
    m_failures = 0;
    m_failed = m_handler.record({start, m_in.lineAt(start), text, {}});
}

/// One reject, then on to the next place where a record can start, or to the end.
void Walker::bad(std::uint64_t start, Scan scan)
{
    if (!ok())
        return;
    reject(start, reasonOf(scan));
    ++m_failures;
    // After many failures in a row the search goes on from where the scan stopped, so that hostile input costs linear time.
    const bool patient = m_failures <= kPatience;
    const std::uint64_t from = patient ? start + 1 : std::max(m_in.position(), start + 1);
    if (const auto indent = m_in.indentAt(start)) {
        m_in.seek(from);
        resyncLine(*indent);
    } else if (patient && !m_opening.empty()) {
        m_in.seek(from);
        resyncPattern();
    } else {
        m_in.pin(JsonCursor::kNoPin);
        while (m_in.peek() >= 0)
            m_in.next();
    }
}

/// The next line that starts with an opening brace at the same column as the record before.
void Walker::resyncLine(std::size_t indent)
{
    m_in.pin(JsonCursor::kNoPin);
    while (m_in.peek() >= 0) {
        while (m_in.peek() >= 0 && m_in.peek() != '\n')
            m_in.next();
        if (m_in.peek() < 0)
            return;
        m_in.next();
        std::size_t blanks = 0;
        while (m_in.peek() == ' ' || m_in.peek() == '\t') {
            m_in.next();
            ++blanks;
        }
        if (m_in.peek() == '{' && blanks == indent)
            return;
    }
}

/// The next place that looks like the start of the records before: the brace and the same first key.
void Walker::resyncPattern()
{
    while (m_in.peek() >= 0) {
        while (m_in.peek() >= 0 && m_in.peek() != '{')
            m_in.next();
        const std::uint64_t open = m_in.position();
        m_in.pin(open);
        std::size_t matched = 0;
        while (matched < m_opening.size() && m_in.peek() == static_cast<unsigned char>(m_opening[matched])) {
            m_in.next();
            ++matched;
        }
        m_in.seek(open);
        if (matched == m_opening.size())
            return;
        if (m_in.peek() >= 0)
            m_in.next();
    }
}

} // namespace

Result<void> walkJsonRecords(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop)
{
    return Walker(source, handler, std::move(stop)).run();
}

} // namespace tocsin::ingest
