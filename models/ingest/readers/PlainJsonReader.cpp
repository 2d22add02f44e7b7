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

/// Finds which members there are and what type each needs.
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

/// Makes the rows.
class RowParser {
public:
    struct Output {
        std::vector<RowCollector::Part> parts;
        bool misfit = false;
    };
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
        out.parts = std::exchange(m_made.parts, {});
        out.misfit = m_rows.takeMisfit();
    }

private:
    RowCollector m_made;
    PlainRows m_rows;
    PlainParser m_parser;
};

/// Not for people: a record does not have the shape that was guessed, and stands on a line of its own or not.
constexpr ErrorKind kMisfitInLine{"ingest.misfit_in_line", "", ""};
constexpr ErrorKind kMisfitElsewhere{"ingest.misfit_elsewhere", "", ""};

class RowHandler final : public JsonRecordHandler {
public:
    RowHandler(PlainRows& rows, bool guessed) : m_rows(rows), m_guessed(guessed) {}

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
        if (m_guessed && m_rows.takeMisfit())
            return fail(kMisfitElsewhere);
        return m_rows.status();
    }
    void reject(Reject reject) override { m_rows.sink().reject(std::move(reject)); }
    void warning(Reject note) override { m_rows.sink().warning(std::move(note)); }
    void progress(std::uint64_t bytes) override { m_rows.sink().progress(bytes); }

private:
    PlainRows& m_rows;
    bool m_guessed;
    JsonParser m_parser;
};

/// One source. The types of the columns hang on every record of it, but parsing all of them twice is dear: the shape is guessed from
/// the first lines, and looked for in all only when a record turns up that does not have it.
class PlainImport {
public:
    PlainImport(const SchemaLibrary& schemas, ByteSource& source, const ReadOptions& options, RowSink& sink, std::string table, std::stop_token stop)
        : m_schemas(schemas), m_source(source), m_options(options), m_sink(sink), m_table(std::move(table)), m_stop(std::move(stop)), m_times(options.sourceUtcOffsetMinutes)
    {
    }

    Result<void> run()
    {
        TOCSIN_TRY_ASSIGN(const std::optional<JsonShape> guess, shapeOfHead());
        LinePosition at;
        JsonShape shape;
        if (guess) {
            const Result<void> made = rows(*guess, at, true);
            if (made || (made.error().kind != &kMisfitInLine && made.error().kind != &kMisfitElsewhere))
                return made;
            if (made.error().kind == &kMisfitInLine) {
                shape = *guess;
                TOCSIN_TRY_ASSIGN(const JsonShape rest, shapeFrom(at));
                shape.add(rest);
                if (shape.extends(*guess)) // the rows made so far lack nothing but columns that are null in them
                    return rows(shape, at, false);
            }
            TOCSIN_TRY(m_sink.restart());
            at = {};
        }
        if (shape.columns().empty()) {
            TOCSIN_TRY_ASSIGN(shape, shapeFrom(at));
        }
        return rows(shape, at, false);
    }

private:
    static constexpr int kGuessedChunks = 2;

    /// Nothing if a record there is not simply a line.
    Result<std::optional<JsonShape>> shapeOfHead()
    {
        LineChunks chunks(m_source, 0);
        ShapeParser parser(m_times);
        JsonShape shape;
        for (int i = 0; i < kGuessedChunks; ++i) {
            TOCSIN_TRY_ASSIGN(std::string chunk, chunks.next());
            std::uint64_t lines = 0;
            if (forEachLine(chunk, lines, [&](std::string_view record) { return parser.parse(record, shape); }) < chunk.size())
                return std::nullopt;
            chunks.reuse(std::move(chunk));
        }
        return shape;
    }

    Result<JsonShape> shapeFrom(LinePosition start)
    {
        ShapeHandler others(m_times);
        JsonLineReader<ShapeParser> lines(m_source, m_options.executor, others, m_stop, [&] { return std::make_unique<ShapeParser>(m_times); },
            [&](const JsonShape& part) -> Result<void> {
                others.shape.add(part);
                return {};
            }, start);
        TOCSIN_TRY(lines.run());
        return std::move(others.shape);
    }

    /// Makes the rows of the records from `at` on. If the shape is guessed and one does not have it, the error says so; `at` is then the
    /// first line whose rows were not handed on.
    Result<void> rows(const JsonShape& shape, LinePosition& at, bool guessed)
    {
        PlainRows rows(m_schemas, m_options, m_sink, m_table, shape);
        RowHandler others(rows, guessed);
        JsonLineReader<RowParser> lines(m_source, m_options.executor, others, m_stop, [&] { return std::make_unique<RowParser>(m_schemas, m_options, m_table, shape); },
            [&](RowParser::Output made) -> Result<void> {
                TOCSIN_TRY(rows.flush());
                if (guessed && made.misfit)
                    return fail(kMisfitInLine);
                return RowCollector::deliver(std::move(made.parts), m_sink);
            }, at);
        const Result<void> read = lines.run();
        at = lines.position();
        return read ? rows.flush() : read;
    }

    const SchemaLibrary& m_schemas;
    ByteSource& m_source;
    const ReadOptions& m_options;
    RowSink& m_sink;
    std::string m_table;
    std::stop_token m_stop;
    TimestampReader m_times;
};

} // namespace

Confidence PlainJsonReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    return JsonPeek(head).isJson() ? Confidence::Maybe : Confidence::No;
}

Result<void> PlainJsonReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    std::string name = options.table.value_or("");
    if (!m_schemas.find(name))
        name = name.empty() ? customTableNameOfFile(source.name()) : chosenTableName(name);
    return PlainImport(m_schemas, source, options, sink, std::move(name), std::move(stop)).run();
}

} // namespace tocsin::ingest
