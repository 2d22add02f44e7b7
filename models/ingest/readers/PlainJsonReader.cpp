// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/JsonLogReader.h"

#include "base/Utf8.h"
#include "ingest/Errors.h"
#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/TypeGuess.h"
#include "ingest/readers/json/JsonPeek.h"
#include "ingest/readers/json/JsonValues.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

/// More different members than this in one file, and the rest goes to AdditionalFields.
constexpr std::size_t kMaxColumns = 1000;

/// Members that hold a record's time, the best first.
constexpr std::array<std::string_view, 14> kTimeNames{"TimeGenerated", "Timestamp", "@timestamp", "time", "eventTime", "EventTimestamp", "eventTimestamp",
    "ts", "datetime", "date", "CreatedDateTime", "createdAt", "TimeCreated", "StartTime"};

struct PlainColumn {
    std::string key;
    std::string name;
    TypeGuess guess;
    std::size_t index = 0; ///< in the table
};

/// First pass: which members there are and what type each needs.
class ShapeHandler final : public JsonRecordHandler {
public:
    explicit ShapeHandler(const TimestampReader& times) : m_times(times) {}

    Result<void> record(const JsonRecord& record) override
    {
        auto object = m_parser.parse(record.text);
        if (!object)
            return {};
        for (const auto field : *object)
            if (!field.value.is_null())
                see(field.key, field.value);
        return {};
    }
    void reject(Reject) override {}
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}

    std::vector<PlainColumn> columns;
    std::unordered_map<std::string, std::size_t, FoldedHash, std::equal_to<>> byKey;

private:
    void see(std::string_view key, JsonElement value)
    {
        auto found = byKey.find(key);
        if (found == byKey.end()) {
            if (columns.size() >= kMaxColumns)
                return;
            found = byKey.emplace(std::string(key), columns.size()).first;
            columns.push_back({std::string(key), uniqueName(customColumnName(key)), {}, 0});
        }
        TypeGuess& guess = columns[found->second].guess;
        switch (value.type()) {
        case simdjson::dom::element_type::INT64: guess.add(DataType::Long); break;
        case simdjson::dom::element_type::UINT64:
        case simdjson::dom::element_type::DOUBLE: guess.add(DataType::Real); break;
        case simdjson::dom::element_type::BOOL: guess.add(DataType::Bool); break;
        case simdjson::dom::element_type::OBJECT:
        case simdjson::dom::element_type::ARRAY: guess.add(DataType::Dynamic); break;
        case simdjson::dom::element_type::STRING: {
            // Text stays text unless it is a time: "1234" in quotation marks was meant as text.
            TypeGuess text;
            text.addText(value.get_string().value_unsafe(), m_times);
            if (!value.get_string().value_unsafe().empty())
                guess.add(text.type() == DataType::DateTime ? DataType::DateTime : DataType::String);
            break;
        }
        default: break;
        }
    }
    /// Two members may become one name (`a.b` and `a_b`); each keeps its column.
    std::string uniqueName(std::string name) const
    {
        const auto taken = [this](const std::string& candidate) { return std::ranges::any_of(columns, [&](const PlainColumn& c) { return c.name == candidate; }); };
        const std::string base = name;
        for (int i = 2; taken(name); ++i)
            name = base + "_" + std::to_string(i);
        return name;
    }

    const TimestampReader& m_times;
    JsonParser m_parser;
};

/// Second pass: the rows.
class PlainHandler final : public JsonRecordHandler {
public:
    PlainHandler(const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink, const std::string& name, ShapeHandler& shape)
        : m_shape(shape), m_rows(schemas, options, sink), m_table(m_rows.table(name)), m_time(*m_table.find("TimeGenerated"))
    {
        const std::size_t published = m_table.schema().columns.size();
        for (PlainColumn& column : m_shape.columns) {
            const auto known = m_table.findFolded(exportColumnName(column.key));
            column.index = known && *known < published ? *known : m_table.require(column.name, column.guess.type());
        }
        for (const std::string_view timeName : kTimeNames)
            for (const PlainColumn& column : m_shape.columns)
                if (equalsIgnoringCase(column.key, timeName))
                    m_timeKeys.push_back(column.key);
    }

    Result<void> record(const JsonRecord& record) override
    {
        auto object = m_parser.parse(record.text);
        if (!object) {
            m_rows.sink().reject({record.offset, record.line, std::move(object).error()});
            return {};
        }
        if (!m_parser.mended().empty())
            m_rows.sink().warning({record.offset, record.line, makeError(kJsonRepaired, m_parser.mended())});
        m_bag = {};
        bool more = false;
        for (const auto field : *object) {
            if (field.value.is_null())
                continue;
            const auto found = m_shape.byKey.find(field.key);
            if (found != m_shape.byKey.end()) {
                setJson(m_table, m_shape.columns[found->second].index, field.value);
                continue;
            }
            if (!more)
                m_bag.beginObject();
            more = true;
            m_bag.key(field.key);
            buildDynamic(m_bag, field.value);
        }
        if (more) {
            m_bag.endObject();
            m_table.setDynamic(m_table.require("AdditionalFields", DataType::Dynamic), m_bag.take());
        }
        setTime(*object);
        m_rows.endRow(m_table, {m_rows.options().importTime, {}, {}, record.text.size()}, 1);
        return m_rows.status();
    }
    void reject(Reject reject) override { m_rows.sink().reject(std::move(reject)); }
    void warning(Reject note) override { m_rows.sink().warning(std::move(note)); }
    void progress(std::uint64_t bytes) override { m_rows.sink().progress(bytes); }
    Result<void> finish() { return m_rows.finish(); }

private:
    void setTime(JsonObject object)
    {
        for (const std::string& key : m_timeKeys) {
            JsonElement value;
            if (m_table.isSet(m_time))
                return;
            if (object.at_key(key).get(value) == simdjson::SUCCESS)
                setJson(m_table, m_time, value);
        }
    }

    ShapeHandler& m_shape;
    RowSet m_rows;
    TableBuilder& m_table;
    std::size_t m_time;
    std::vector<std::string> m_timeKeys;
    DynamicBuilder m_bag;
    JsonParser m_parser;
};

} // namespace

Confidence PlainJsonReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    return JsonPeek(head).isJson() ? Confidence::Maybe : Confidence::No;
}

Result<void> PlainJsonReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    const TimestampReader times(options.sourceUtcOffsetMinutes);
    ShapeHandler shape(times);
    TOCSIN_TRY(walkJsonRecords(source, shape, stop));
    std::string name = options.table.value_or("");
    if (!m_schemas.find(name))
        name = name.empty() ? customTableNameOfFile(source.name()) : customTableName(name);
    PlainHandler rows(m_schemas, options, sink, name, shape);
    TOCSIN_TRY(walkJsonRecords(source, rows, stop));
    return rows.finish();
}

} // namespace tocsin::ingest
