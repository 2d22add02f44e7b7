// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Purge.h"

#include <algorithm>

namespace tocsin::session {
namespace {

/// A table with one more column: the ids of its rows.
class NumberedTable final : public catalog::TableSource {
public:
    NumberedTable(std::shared_ptr<const catalog::TableSource> table, const std::string& idColumn) : m_table(std::move(table)), m_schema(m_table->schema())
    {
        m_schema.columns.push_back({idColumn, DataType::Long, ""});
    }
    const catalog::TableSchema& schema() const override { return m_schema; }
    catalog::TableStatistics statistics() const override { return m_table->statistics(); }
    Result<std::unique_ptr<catalog::TableScan>> scan(const catalog::ScanRequest& request) const override;

private:
    std::shared_ptr<const catalog::TableSource> m_table;
    catalog::TableSchema m_schema;
};

class NumberedMorsel final : public catalog::Morsel {
public:
    NumberedMorsel(std::unique_ptr<catalog::Morsel> morsel, std::vector<std::size_t> places) : m_morsel(std::move(morsel)), m_places(std::move(places)) {}
    std::uint64_t ordinal() const override { return m_morsel->ordinal(); }
    Result<std::optional<Batch>> next() override
    {
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_morsel->next());
        if (!batch)
            return std::nullopt;
        Batch arranged{{}, batch->storedRows, batch->selection};
        for (const std::size_t place : m_places)
            arranged.columns.push_back(batch->columns[place]);
        return arranged;
    }

private:
    std::unique_ptr<catalog::Morsel> m_morsel;
    std::vector<std::size_t> m_places; ///< in the table's batches, of each column asked for
};

class NumberedScan final : public catalog::TableScan {
public:
    NumberedScan(std::unique_ptr<catalog::TableScan> scan, std::vector<std::size_t> places) : m_scan(std::move(scan)), m_places(std::move(places)) {}
    Result<std::unique_ptr<catalog::Morsel>> nextMorsel(std::stop_token stop) override
    {
        TOCSIN_TRY_ASSIGN(std::unique_ptr<catalog::Morsel> morsel, m_scan->nextMorsel(std::move(stop)));
        if (!morsel)
            return nullptr;
        return std::make_unique<NumberedMorsel>(std::move(morsel), m_places);
    }
    std::uint64_t ordinals() const override { return m_scan->ordinals(); }
    catalog::ScanStatistics statistics() const override { return m_scan->statistics(); }

private:
    std::unique_ptr<catalog::TableScan> m_scan;
    std::vector<std::size_t> m_places;
};

Result<std::unique_ptr<catalog::TableScan>> NumberedTable::scan(const catalog::ScanRequest& request) const
{
    const std::size_t idColumn = m_schema.columns.size() - 1;
    catalog::ScanRequest inner{{}, {}, request.timeBound, true};
    const auto innerColumn = [idColumn](std::size_t column) { return column > idColumn ? column - 1 : column; }; // behind it the ingestion time
    std::vector<std::size_t> places;
    for (const std::size_t column : request.columns) {
        places.push_back(inner.columns.size());
        if (column != idColumn)
            inner.columns.push_back(innerColumn(column));
    }
    for (std::size_t i = 0; i < places.size(); ++i)
        if (request.columns[i] == idColumn)
            places[i] = inner.columns.size(); // the ids come last
    for (const catalog::ScanPredicate& predicate : request.predicates)
        if (predicate.column != idColumn)
            inner.predicates.push_back({innerColumn(predicate.column), predicate.kind, predicate.values});
    TOCSIN_TRY_ASSIGN(auto scan, m_table->scan(inner));
    return std::make_unique<NumberedScan>(std::move(scan), std::move(places));
}

/// One snapshot with another table in place of one of its own.
class OneSnapshot final : public catalog::Catalog, public catalog::Snapshot, public std::enable_shared_from_this<OneSnapshot> {
public:
    OneSnapshot(std::shared_ptr<const catalog::Snapshot> below, std::shared_ptr<const catalog::TableSource> table) : m_below(std::move(below)), m_table(std::move(table)) {}
    Result<std::shared_ptr<const catalog::Snapshot>> snapshot() const override { return shared_from_this(); }
    std::shared_ptr<const catalog::TableSource> findTable(std::string_view name) const override { return name == m_table->schema().name ? m_table : m_below->findTable(name); }
    const catalog::StoredFunction* findFunction(std::string_view name) const override { return m_below->findFunction(name); }
    std::vector<std::string> tableNames() const override { return m_below->tableNames(); }
    std::vector<std::string> functionNames() const override { return m_below->functionNames(); }
    std::string databaseName() const override { return m_below->databaseName(); }

private:
    std::shared_ptr<const catalog::Snapshot> m_below;
    std::shared_ptr<const catalog::TableSource> m_table;
};

std::string kqlName(std::string_view name)
{
    std::string text = "['";
    for (const char c : name) {
        if (c == '\'' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + "']";
}

std::vector<std::int64_t> idsOf(const engine::QueryResult& result)
{
    std::vector<std::int64_t> ids;
    for (const Batch& batch : result.batches) {
        const Vector column = batch.column(0);
        const VectorReader<std::int64_t> values(column);
        for (std::size_t i = 0; i < column.size(); ++i)
            ids.push_back(values[i]);
    }
    return ids;
}

} // namespace

Result<store::PurgeResult> purge(Session& session, const PurgeOrder& order, std::stop_token stop)
{
    store::PurgeRequest request{order.table, order.predicate, order.actor, {}, order.onlyCount};
    request.choose = [&](const std::shared_ptr<const catalog::Snapshot>& snapshot, const std::shared_ptr<const catalog::TableSource>& table) -> Result<std::vector<std::int64_t>> {
        std::string idColumn = "_RowId";
        while (table->schema().indexOf(idColumn))
            idColumn += '_';
        const auto catalog = std::make_shared<OneSnapshot>(snapshot, std::make_shared<NumberedTable>(table, idColumn));
        const Services& services = session.services();
        const std::filesystem::path folder = session.workspace().file().parent_path();
        engine::LocalEngine engine(*catalog, services.functions, services.executor, services.clock, services.log, {}, folder.empty() ? "." : folder);
        engine::QueryRequest query;
        const std::string before = kqlName(order.table) + " | where (\n";
        query.text = before + order.predicate + "\n) | project " + idColumn;
        query.limits = {0, 0, 0, 0, 0};
        Result<engine::QueryResult> rows = engine::runForResult(engine, std::move(query), stop);
        if (rows)
            return idsOf(*rows);
        Error error = rows.error();
        if (error.span)
            error.span->start = std::min(error.span->start < before.size() ? 0 : error.span->start - before.size(), order.predicate.size());
        return std::unexpected(std::move(error));
    };
    return store::purgeRows(session.workspace(), request, std::move(stop));
}

} // namespace tocsin::session
