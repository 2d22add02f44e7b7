// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/ByteSources.h"
#include "ingest/LogReader.h"
#include "ingest/ReaderRegistry.h"
#include "ingest/SchemaLibrary.h"

#include <QByteArray>
#include <QString>

#include <map>
#include <string>
#include <vector>

namespace tocsin::ingest::test {

/// Keeps every row a reader gives, for looking at single cells.
class CollectingSink final : public RowSink {
public:
    struct Table {
        catalog::TableSchema schema;
        std::vector<std::pair<catalog::TableSchema, Batch>> batches;
        std::size_t rows = 0;
    };

    Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t count) override
    {
        if (batch.columns.size() != schema.columns.size())
            return fail(kInternal, "a batch has another number of columns than its schema");
        for (std::size_t i = 0; i < batch.columns.size(); ++i)
            if (batch.columns[i].type() != schema.columns[i].type || batch.columns[i].size() != batch.storedRows)
                return fail(kInternal, "column " + schema.columns[i].name + " does not fit its schema");
        Table& table = tables[schema.name];
        table.schema = schema;
        table.rows += batch.rows();
        records += count;
        table.batches.emplace_back(schema, std::move(batch));
        return {};
    }
    void reject(Reject reject) override { rejects.push_back(std::move(reject)); }
    void warning(Reject note) override { warnings.push_back(std::move(note)); }
    void progress(std::uint64_t bytes) override { progressed = std::max(progressed, bytes); }
    Result<void> restart() override
    {
        tables.clear();
        rejects.clear();
        warnings.clear();
        records = progressed = 0;
        ++restarts;
        return {};
    }

    std::size_t rowsOf(const std::string& table) const
    {
        const auto found = tables.find(table);
        return found == tables.end() ? 0 : found->second.rows;
    }
    /// The cell as KQL prints it; "<null>" for a null, "<no column>" if the table lacks it.
    QByteArray cell(const std::string& table, std::size_t row, const std::string& column) const
    {
        const auto found = tables.find(table);
        if (found == tables.end())
            return "<no table>";
        for (const auto& [schema, batch] : found->second.batches) {
            if (row >= batch.rows()) {
                row -= batch.rows();
                continue;
            }
            const auto index = schema.indexOf(column);
            if (!index)
                return "<no column>";
            const Value value = batch.columns[*index].valueAt(row);
            return value.isNull() ? QByteArray("<null>") : QByteArray::fromStdString(value.toString());
        }
        return "<no row>";
    }

    std::map<std::string, Table> tables;
    std::vector<Reject> rejects;
    std::vector<Reject> warnings;
    std::uint64_t records = 0;
    std::uint64_t progressed = 0;
    int restarts = 0;
};

/// The moment every test imports at: 2026-01-15T12:00:00Z.
inline constexpr Ticks kTestNow = 639'040'752'000'000'000;

/// Reads a text with the reader that recognises it, or with the one named.
struct ReadResult {
    CollectingSink sink;
    std::string format;
    Result<void> status;
};

inline const SchemaLibrary& testSchemas()
{
    static const SchemaLibrary kLibrary = SchemaLibrary::builtIn().value();
    return kLibrary;
}

inline std::unique_ptr<ReadResult> readBytes(std::string bytes, const std::string& name = "test.json", const std::string& format = {}, ReadOptions options = {})
{
    auto result = std::make_unique<ReadResult>();
    const ReaderRegistry registry = makeReaderRegistry(testSchemas());
    if (options.importTime == 0)
        options.importTime = kTestNow;
    MemoryByteSource source(name, std::move(bytes));
    const LogReader* reader = registry.find(format);
    if (format.empty()) {
        const auto detected = registry.detect(source.bytes().substr(0, kProbeBytes), name, source.size());
        if (!detected) {
            result->status = std::unexpected(detected.error());
            return result;
        }
        reader = *detected;
    }
    result->format = reader->id();
    result->status = reader->read(source, options, result->sink, {});
    return result;
}

} // namespace tocsin::ingest::test
