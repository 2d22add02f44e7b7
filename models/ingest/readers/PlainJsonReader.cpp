// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/JsonLogReader.h"

#include "ingest/Errors.h"
#include "ingest/readers/PlainRows.h"
#include "ingest/readers/TableLineParser.h"
#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/json/JsonLines.h"
#include "ingest/readers/json/JsonPeek.h"

namespace tocsin::ingest {

namespace {

/// Parses the records that stand on lines of their own; none that is broken or holds others.
class PlainParser {
public:
    std::optional<JsonObject> parse(std::string_view record)
    {
        const auto object = m_parser.parse(record);
        if (!object || !m_parser.mended().empty() || object->size() == 0)
            return {};
        const auto first = *object->begin();
        return mayHoldRecords(first.key, first.value) ? std::nullopt : std::optional(*object);
    }

private:
    JsonParser m_parser;
};

/// First pass: which members there are and what type each needs.
class ShapeParser {
public:
    using Output = JsonShape;
    explicit ShapeParser(const TimestampReader& times) : m_times(times) {}
    bool parse(std::string_view record, Output& out)
    {
        const auto object = m_parser.parse(record);
        if (object)
            out.see(*object, m_times);
        return object.has_value();
    }
    void endChunk(Output&) {}

private:
    const TimestampReader& m_times;
    PlainParser m_parser;
};

class ShapeHandler final : public JsonRecordHandler {
public:
    explicit ShapeHandler(const TimestampReader& times) : m_times(times) {}

    Result<void> record(const JsonRecord& record) override
    {
        if (const auto object = m_parser.parse(record.text))
            shape.see(*object, m_times);
        return {};
    }
    void reject(Reject) override {}
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}

    JsonShape shape;

private:
    const TimestampReader& m_times;
    JsonParser m_parser;
};

/// Second pass: the rows.
class RowParser {
public:
    using Output = std::vector<RowCollector::Part>;
    RowParser(const SchemaLibrary& schemas, const ReadOptions& options, const std::string& table, const JsonShape& shape) : m_rows(schemas, options, m_made, table, shape) {}
    bool parse(std::string_view record, Output&)
    {
        const auto object = m_parser.parse(record);
        if (object)
            m_rows.add(*object, record.size());
        return object.has_value();
    }
    void endChunk(Output& out)
    {
        static_cast<void>(m_rows.flush()); // the collector refuses nothing
        out = std::exchange(m_made.parts, {});
    }

private:
    RowCollector m_made;
    PlainRows m_rows;
    PlainParser m_parser;
};

class RowHandler final : public JsonRecordHandler {
public:
    explicit RowHandler(PlainRows& rows) : m_rows(rows) {}

    Result<void> record(const JsonRecord& record) override
    {
        const auto object = m_parser.parse(record.text);
        if (!object) {
            reject({record.offset, record.line, object.error()});
            return {};
        }
        if (!m_parser.mended().empty())
            warning({record.offset, record.line, makeError(kJsonRepaired, m_parser.mended())});
        m_rows.add(*object, record.text.size());
        return m_rows.status();
    }
    void reject(Reject reject) override { m_rows.sink().reject(std::move(reject)); }
    void warning(Reject note) override { m_rows.sink().warning(std::move(note)); }
    void progress(std::uint64_t bytes) override { m_rows.sink().progress(bytes); }

private:
    PlainRows& m_rows;
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
    ShapeHandler handler(times);
    JsonLineReader<ShapeParser> look(source, options.executor, handler, stop, [&] { return std::make_unique<ShapeParser>(times); },
        [&](const JsonShape& part) -> Result<void> {
            handler.shape.add(part);
            return {};
        });
    TOCSIN_TRY(look.run());
    std::string name = options.table.value_or("");
    if (!m_schemas.find(name))
        name = name.empty() ? customTableNameOfFile(source.name()) : chosenTableName(name);
    PlainRows rows(m_schemas, options, sink, name, handler.shape);
    RowHandler others(rows);
    JsonLineReader<RowParser> lines(source, options.executor, others, stop, [&] { return std::make_unique<RowParser>(m_schemas, options, name, handler.shape); },
        [&](RowParser::Output made) -> Result<void> {
            TOCSIN_TRY(rows.flush());
            return RowCollector::deliver(std::move(made), sink);
        });
    TOCSIN_TRY(lines.run());
    return rows.flush();
}

} // namespace tocsin::ingest
