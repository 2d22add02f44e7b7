// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/MapFiles.h"
#include "engine/QueryEngine.h"
#include "ingest/readers/evtx/WindowsEventMapping.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::test {

/// An engine over tables in memory that knows `Table | take 0` and `Table | project ['a'], ['b']`.
class FakeWindowsEngine final : public engine::QueryEngine, public ingest::RowSink {
public:
    Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t) override
    {
        Table& table = m_tables[schema.name];
        table.columns = schema.columns;
        table.batches.push_back(std::move(batch));
        return {};
    }
    void reject(ingest::Reject) override {}
    void warning(ingest::Reject) override {}
    void progress(std::uint64_t) override {}
    Result<void> restart() override { return fail(kInternal, "an event log is never begun again"); }

    std::unique_ptr<engine::QueryHandle> submit(engine::QueryRequest request, engine::ResultSink& sink) override
    {
        const std::string name = request.text.substr(0, request.text.find('\n'));
        const auto found = m_tables.find(name);
        engine::QueryOutcome outcome;
        if (found == m_tables.end()) {
            outcome.kind = engine::QueryOutcome::Kind::Failed;
            outcome.errors.push_back(makeError(kInternal, "there is no table " + name));
        } else {
            answer(found->second, request.text, sink);
        }
        sink.finished(outcome);
        return std::make_unique<Done>();
    }

private:
    struct Table {
        std::vector<catalog::ColumnSchema> columns;
        std::vector<Batch> batches;
    };
    struct Done final : engine::QueryHandle {
        void cancel() override {}
        void wait() override {}
    };

    static void answer(const Table& table, const std::string& text, engine::ResultSink& sink)
    {
        engine::ResultSchema schema;
        std::vector<std::size_t> places;
        const bool all = text.find("take 0") != std::string::npos;
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (all || text.find("['" + table.columns[i].name + "']") != std::string::npos) {
                schema.columns.push_back(table.columns[i]);
                places.push_back(i);
            }
        sink.schema(schema);
        for (const Batch& batch : table.batches) {
            if (all)
                break;
            Batch projected;
            projected.storedRows = batch.storedRows;
            for (const std::size_t place : places)
                projected.columns.push_back(batch.columns[place]);
            sink.batch(0, std::move(projected));
        }
    }

    std::map<std::string, Table> m_tables;
};

} // namespace tocsin::test
