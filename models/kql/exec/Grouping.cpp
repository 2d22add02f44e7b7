// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Grouping.h"

#include "kql/exec/GroupTable.h"
#include "kql/exec/Subquery.h"
#include "kql/exec/spill/RunMerger.h"

#include <algorithm>

namespace tocsin::kql {

Groups::Groups(const Grouping& grouping, Run& run) : m_grouping(grouping), m_run(run), m_memory(run.memory()) {}
Groups::~Groups() = default;

Result<std::unique_ptr<GroupTable>> Groups::makeTable(unsigned level) const
{
    auto table = std::make_unique<GroupTable>(m_grouping, m_run, m_shared, level);
    TOCSIN_TRY(table->open());
    return table;
}

Result<void> Groups::consume(Operator& input)
{
    m_shared = m_run.threads() > 1 && !input.ordered() && input.ordinals() > 1;
    m_tables.clear();
    TOCSIN_TRY_ASSIGN(std::unique_ptr<GroupTable> first, makeTable(0));
    if (m_shared && !first->canShareRows()) {
        m_shared = false;
        TOCSIN_TRY_ASSIGN(first, makeTable(0));
    }
    TOCSIN_TRY(first->readFrom(input.layout()));
    first->expect(input.ordinals());
    m_tables.push_back(std::move(first));
    m_tables.resize(m_shared ? m_run.threads() : 1);
    TOCSIN_TRY(drain(input, m_run, [&](unsigned worker, const Batch& batch, std::uint64_t place) -> Result<void> {
        auto& table = m_tables[worker];
        if (!table) {
            TOCSIN_TRY_ASSIGN(table, makeTable(0));
            TOCSIN_TRY(table->readFrom(input.layout()));
            table->expect(input.ordinals());
        }
        return table->add(batch, place);
    }, m_shared ? Threads::All : Threads::One));
    std::erase(m_tables, nullptr);
    if (!GroupTable::mayMergeShards(m_tables, m_run))
        for (const auto& table : m_tables)
            TOCSIN_TRY(table->closeShards());
    return {};
}

bool Groups::spilled() const
{
    return std::any_of(m_tables.begin(), m_tables.end(), [](const auto& table) { return table->spilled(); });
}

Result<std::unique_ptr<const GroupTable>> Groups::finishTable()
{
    if (std::ranges::any_of(m_tables, &GroupTable::hasShards, [](const auto& table) -> const GroupTable& { return *table; })) {
        TOCSIN_TRY(GroupTable::mergeShards(m_tables, m_run));
        m_tables.resize(1);
    }
    while (m_tables.size() > 1) {
        TOCSIN_TRY(m_run.checkStop());
        TOCSIN_TRY(m_tables.front()->merge(*m_tables.back()));
        m_tables.pop_back();
    }
    TOCSIN_TRY(m_tables.front()->finish());
    std::unique_ptr<const GroupTable> table = std::move(m_tables.front());
    m_tables.clear();
    return table;
}

Result<std::vector<Batch>> Groups::finish()
{
    std::vector<Batch> finished;
    if (!spilled()) {
        TOCSIN_TRY_ASSIGN(const std::unique_ptr<const GroupTable> table, finishTable());
        for (std::size_t from = 0; from < table->size(); from += kBatchRows) {
            TOCSIN_TRY(m_run.checkStop());
            finished.push_back(table->finished(from, std::min(kBatchRows, table->size() - from)));
        }
        return finished;
    }
    TOCSIN_TRY_ASSIGN(const std::unique_ptr<MergedRows> rows, finishSpilled());
    const std::unique_ptr<Cursor> cursor = rows->cursor();
    for (;;) {
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, cursor->next());
        if (!batch)
            return finished;
        TOCSIN_TRY(m_memory.grow(ownBytes(*batch)));
        finished.push_back(std::move(*batch));
    }
}

Result<Batch> Groups::finishAsOne()
{
    TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, finish());
    if (!batches.empty())
        return concatenate(batches, batches[0].columns.size());
    TOCSIN_TRY_ASSIGN(const std::unique_ptr<GroupTable> none, makeTable(0));
    TOCSIN_TRY(none->finish());
    return none->finished(0, 0);
}

Result<std::unique_ptr<MergedRows>> Groups::finishSpilled()
{
    TOCSIN_TRY_ASSIGN(m_file, m_run.spill().file());
    for (const auto& table : m_tables)
        TOCSIN_TRY(table->closeShards());
    TOCSIN_TRY(writeGroups(std::exchange(m_tables, {}), 0));
    m_file.reset();
    std::size_t columns = m_grouping.keys.size();
    for (const AggregateCall& call : m_grouping.aggregates)
        columns += call.resultTypes.size();
    return MergedRows::make(std::exchange(m_runs, {}), RunOrder::byPlace(columns), {.columns = columns}, m_run);
}

/// The groups of tables of one level, which have all been filled.
Result<void> Groups::writeGroups(Tables tables, unsigned level)
{
    if (tables.empty())
        return {};
    if (std::none_of(tables.begin(), tables.end(), [](const auto& table) { return table->spilled(); })) {
        for (; tables.size() > 1; tables.pop_back())
            TOCSIN_TRY(tables.front()->merge(*tables.back()));
        return writeRun(*tables.front());
    }
    std::vector<PartitionWriter::Runs> spilled;
    for (const auto& table : tables) {
        TOCSIN_TRY_ASSIGN(PartitionWriter::Runs runs, table->takeSpilled());
        spilled.push_back(std::move(runs));
    }
    if (tables.size() == 1 && !tables.front()->splitsGroups()) { // what is on disk are other groups
        TOCSIN_TRY(writeRun(*tables.front()));
        tables.clear();
    }
    for (const auto& table : tables)
        TOCSIN_TRY(table->dealOut());
    return writePartitions(tables, spilled, level);
}

Result<void> Groups::writePartitions(Tables& tables, std::vector<PartitionWriter::Runs>& spilled, unsigned level)
{
    std::atomic<std::size_t> next = 0;
    const auto work = [&](unsigned) -> Result<void> {
        for (std::size_t partition = next++; partition < PartitionWriter::kPartitions; partition = next++) {
            Tables filled;
            for (std::size_t i = 0; i < spilled.size(); ++i) {
                TOCSIN_TRY_ASSIGN(std::unique_ptr<GroupTable> table, makeTable(level + 1));
                if (!tables.empty())
                    TOCSIN_TRY(table->mergePart(*tables[i], partition));
                RunReader reader(std::exchange(spilled[i][partition], {}));
                for (;;) {
                    TOCSIN_TRY(m_run.checkStop());
                    TOCSIN_TRY_ASSIGN(const std::optional<Batch> batch, reader.next());
                    if (!batch)
                        break;
                    TOCSIN_TRY(table->addSpilled(*batch));
                }
                filled.push_back(std::move(table));
            }
            TOCSIN_TRY(writeGroups(std::move(filled), level + 1));
        }
        return {};
    };
    return level == 0 ? m_run.parallel(work) : work(0);
}

Result<void> Groups::writeRun(GroupTable& table)
{
    if (table.size() == 0)
        return {};
    RunWriter writer(m_file, m_run.spillBlockBytes());
    TOCSIN_TRY(table.write(writer));
    const std::lock_guard lock(m_mutex);
    m_runs.push_back(writer.finish());
    return {};
}

} // namespace tocsin::kql
