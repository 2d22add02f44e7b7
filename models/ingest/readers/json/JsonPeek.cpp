// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonPeek.h"

#include "base/Utf8.h"
#include "ingest/ByteSources.h"
#include "ingest/Errors.h"
#include "ingest/readers/json/JsonCursor.h"
#include "ingest/readers/json/JsonRecords.h"

namespace tocsin::ingest {

namespace {

constexpr ErrorKind kEnough{"ingest.peek_done", "", ""};

/// Takes the first record, whole or cut off.
class FirstRecord final : public JsonRecordHandler {
public:
    Result<void> record(const JsonRecord& record) override
    {
        text = record.text;
        table = record.table;
        return fail(kEnough);
    }
    void reject(Reject reject) override
    {
        if (reject.reason.kind == &kJsonTruncated && !cut)
            cut = reject.offset;
        stray = stray || reject.reason.kind == &kJsonStrayText;
    }
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}

    std::string text;
    std::string table;
    std::optional<std::uint64_t> cut;
    bool stray = false;
};

class Nothing final : public JsonRecordHandler {
public:
    Result<void> record(const JsonRecord&) override { return {}; }
    void reject(Reject) override {}
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}
};

} // namespace

JsonPeek::JsonPeek(std::string_view head)
{
    std::string_view start = head;
    if (start.starts_with("\xEF\xBB\xBF"))
        start.remove_prefix(3);
    start = trimSpaces(start);
    if (start.empty() || (start[0] != '{' && start[0] != '['))
        return;
    const std::string_view inside = trimSpaces(start.substr(1));
    // `[Sun Dec 04 …` of a text log is no array.
    const std::string_view opens = start[0] == '{' ? "\"}" : "{[]\"-0123456789tfn";
    if (!inside.empty() && opens.find(inside[0]) == std::string_view::npos)
        return;
    MemoryByteSource source("", std::string(head));
    FirstRecord first;
    static_cast<void>(walkJsonRecords(source, first, {}));
    m_json = true;
    m_table = first.table;
    if (first.cut)
        scan(head.substr(static_cast<std::size_t>(*first.cut)));
    else if (!first.text.empty())
        scan(first.text);
    else
        m_json = !first.stray;
}

void JsonPeek::scan(std::string_view record)
{
    MemoryByteSource source("", std::string(record));
    Nothing nothing;
    JsonCursor in(source, nothing, {});
    if (!in.take('{'))
        return;
    while (in.status()) {
        auto key = in.readKey();
        if (!key)
            return;
        std::string value;
        bool whole = true;
        if (in.peek() == '"') {
            auto text = in.readString();
            whole = text.has_value();
            value = std::move(text).value_or("");
            for (std::size_t at = value.find("\\/"); at != std::string::npos; at = value.find("\\/", at))
                value.erase(at, 1); // some writers escape the slashes of ids
        } else {
            whole = in.skipValue() == JsonCursor::Scan::Complete;
        }
        m_keys.push_back(std::move(*key));
        m_values.push_back(std::move(value));
        if (!whole)
            return;
    }
}

bool JsonPeek::has(std::string_view name) const
{
    for (const std::string& key : m_keys)
        if (equalsIgnoringCase(key, name))
            return true;
    return name == "eventDataId" ? has("event_data_id") : name == "eventTimestamp" ? has("event_timestamp") : false;
}

std::string_view JsonPeek::text(std::string_view name) const
{
    for (std::size_t i = 0; i < m_keys.size(); ++i)
        if (equalsIgnoringCase(m_keys[i], name) && !m_values[i].empty())
            return m_values[i];
    return {};
}

} // namespace tocsin::ingest
