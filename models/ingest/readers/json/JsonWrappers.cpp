// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonWalker.h"

namespace tocsin::ingest {

namespace {

constexpr int kMaxTopKeys = 64;

/// Members that may stand in front of the `value` array of a REST answer.
bool besideValue(std::string_view key)
{
    return key == "nextLink" || key == "count" || key.starts_with("@odata.");
}

} // namespace

/// Whether the object whose first key was just read is a STIX bundle: `"type": "bundle"` or `"id": "bundle--…"`.
bool JsonWalker::opensBundle(std::string_view firstKey)
{
    if (firstKey != "type" && firstKey != "id")
        return false;
    m_in.skipSpace();
    if (!m_in.take(':'))
        return false;
    m_in.skipSpace();
    const auto text = m_in.readString();
    return text && (firstKey == "type" ? *text == "bundle" : text->starts_with("bundle--"));
}

/// Whether the object here holds records rather than being one; then they are walked and the object is passed. The start of the
/// object is pinned until that is certain.
bool JsonWalker::wrapper(int wrappers)
{
    m_in.next();
    bool onlyValueCompany = true;
    bool bundle = false;
    for (int keys = 0; keys < kMaxTopKeys; ++keys) {
        const auto key = m_in.readKey();
        if (!key)
            return false;
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
        if (c == '[' && bundle && *key == "objects") {
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
        bundle = bundle || *key == "type" || *key == "id"; // opensBundle() has looked at the value of the first
        if (m_in.skipValue() != Scan::Complete)
            return false;
    }
    return false;
}

/// `"responses": {"200": {"body": …}}` of an API example: the body of the first answer with status 2xx.
bool JsonWalker::enterExample(int wrappers)
{
    m_in.next();
    while (ok()) {
        const auto status = m_in.readKey();
        if (!status)
            return false;
        if (!status->starts_with('2') || m_in.peek() != '{') {
            if (m_in.skipValue() != Scan::Complete)
                return false;
            continue;
        }
        m_in.next();
        while (ok()) {
            const auto key = m_in.readKey();
            if (!key)
                return false;
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
void JsonWalker::closeObject()
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

} // namespace tocsin::ingest
