// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonWalker.h"

#include "ingest/Errors.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

constexpr int kMaxWrappers = 8;
constexpr int kPatience = 16;

using Scan = JsonCursor::Scan;

/// An object can only be a wrapper if its first key is one of these; any other object is a record without a second look.
bool mayWrap(std::string_view firstKey)
{
    static constexpr std::array<std::string_view, 18> kKeys{"records", "Records", "value", "nextLink", "@odata.context", "@odata.nextLink", "@odata.count",
        "count", "totalRecords", "parameters", "title", "operationId", "tables", "Tables", "FrameType", "$schema", "statistics", "render"};
    return std::ranges::find(kKeys, firstKey) != kKeys.end();
}

Error reasonOf(Scan scan)
{
    switch (scan) {
    case Scan::Truncated: return makeError(kJsonTruncated);
    case Scan::TooDeep: return makeError(kJsonBroken, "nested deeper than 1,024 levels");
    case Scan::TooLong: return makeError(kJsonTooLong, std::to_string(kMaxJsonRecord));
    default: return makeError(kJsonBroken, "brackets or quotation marks do not match");
    }
}

} // namespace

bool mayHoldRecords(std::string_view firstKey) { return mayWrap(firstKey) || firstKey == "type" || firstKey == "id"; }

Result<void> JsonWalker::run()
{
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool more, step());
        if (!more)
            return {};
    }
}

Result<bool> JsonWalker::step()
{
    if (m_in.position() == 0 && m_in.peek() == 0xEF) {
        m_in.next();
        m_in.take('\xBB');
        m_in.take('\xBF');
    }
    m_in.skipSeparators();
    const int c = m_in.peek();
    if (c == '{' || c == '[') {
        value(0);
    } else if (c >= 0) {
        // Not JSON: one reject for the run of text up to the next line that opens a container.
        reject(m_in.position(), makeError(kJsonStrayText));
        while (m_in.peek() >= 0 && ok()) {
            while (m_in.peek() >= 0 && m_in.peek() != '\n')
                m_in.next();
            m_in.skipSeparators();
            if (m_in.peek() == '{' || m_in.peek() == '[')
                break;
        }
    }
    TOCSIN_TRY(m_failed);
    TOCSIN_TRY(m_in.status());
    m_in.skipSeparators();
    TOCSIN_TRY(m_in.status());
    return m_in.peek() >= 0;
}

void JsonWalker::value(int wrappers)
{
    if (m_in.peek() == '[')
        array(wrappers);
    else if (m_in.peek() == '{')
        object(wrappers);
    else
        m_in.skipValue();
}

void JsonWalker::array(int wrappers)
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

void JsonWalker::object(int wrappers)
{
    const std::uint64_t start = m_in.position();
    const std::uint64_t outer = m_in.pin(start);
    m_in.next();
    m_in.skipSpace();
    if (wrappers < kMaxWrappers && m_in.peek() == '"') {
        const auto key = m_in.readString();
        if (key && (mayWrap(*key) || opensBundle(*key))) {
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

void JsonWalker::record()
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
void JsonWalker::bad(std::uint64_t start, Scan scan)
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
void JsonWalker::resyncLine(std::size_t indent)
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
void JsonWalker::resyncPattern()
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

} // namespace tocsin::ingest
