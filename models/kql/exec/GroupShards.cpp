// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/GroupTable.h"

#include "kql/exec/Operator.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <numeric>

namespace tocsin::kql {
namespace {

static_assert(ShardedRows::kShards <= MergedShards::kMostShards);
constexpr std::size_t kLookedAt = 16'384;    ///< rows by which is told whether groups are still growing in number
constexpr std::size_t kMostStateBytes = 256; ///< of a group: larger ones take more room than rows that wait can tell
constexpr std::size_t kMostRowsPerGroup = 3; ///< of a new one; rows of groups that come again and again do not pay for being kept

} // namespace

/// Has further rows dealt out to shards if the groups are many, more and more, with many rows to come, which can be kept.
Result<void> GroupTable::wantShards(std::size_t rows, std::uint64_t place)
{
    m_lookedAt += rows;
    if (m_lookedAt < kLookedAt)
        return {};
    const bool grows = std::exchange(m_lookedAt, 0) <= kMostRowsPerGroup * (m_size - std::exchange(m_groupsBefore, m_size));
    const std::uint64_t limit = m_run.memory().limit();
    const std::uint64_t expected = m_taken * (m_ordinals / ((place >> kOrdinalShift) + 1)); // the rows so far are spread like those to come
    if (m_writer || m_size < kManyGroups || !grows || expected < kManyRows || m_table.fitsGrid() || stateBytes() > kMostStateBytes || (limit > 0 && limit < kLeastShardMemory))
        return {};
    m_mayShard = false;
    std::vector<ShardedRows::Argument> arguments;
    for (const AggregateCall& call : m_grouping.aggregates)
        for (const ExpressionPtr& argument : call.arguments) {
            arguments.push_back({argument->type, {}});
            if (isConstant(*argument) && isDeterministic(*argument)) {
                TOCSIN_TRY_ASSIGN(arguments.back().constant, evaluateConstant(*argument, m_run));
            } else if (!ShardedRows::canKeep(argument->type)) {
                return {};
            }
        }
    m_shards = std::make_unique<ShardedRows>(m_grouping.keys.size(), std::move(arguments));
    m_keyHashes.resize(m_grouping.keys.size());
    return {};
}

/// By the values behind the numbers, so that threads agree about it.
void GroupTable::shardsOf(const ColumnNumbers& numbers, std::size_t rows, std::vector<std::uint8_t>& shards)
{
    constexpr std::uint32_t kMultiplier = 0x9E3779B1;
    constexpr int kShift = 32 - std::countr_zero(ShardedRows::kShards);
    m_keyHashes.resize(numbers.size());
    for (std::size_t c = 0; c < numbers.size(); ++c) {
        const KeyColumn& column = m_table.column(c);
        for (std::size_t number = m_keyHashes[c].size(); number < column.size(); ++number)
            m_keyHashes[c].push_back(static_cast<std::uint32_t>(column.hashOf(static_cast<std::uint32_t>(number)) >> 32));
    }
    std::vector<std::uint32_t> mixed(rows, 0);
    for (std::size_t c = 0; c < numbers.size(); ++c)
        for (std::size_t i = 0; i < rows; ++i)
            mixed[i] = (std::rotl(mixed[i], 15) ^ m_keyHashes[c][numbers[c][i]]) * kMultiplier;
    shards.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
        shards[i] = static_cast<std::uint8_t>(mixed[i] >> kShift);
}

Result<void> GroupTable::deal(const Rows& rows, RowOrder places)
{
    ColumnNumbers numbers;
    m_table.number(rows.keys, rows.count, numbers);
    shardsOf(numbers, rows.count, m_rowShards);
    std::vector<const Vector*> arguments;
    for (const std::vector<Vector>& some : rows.arguments)
        for (const Vector& argument : some)
            arguments.push_back(&argument);
    m_shards->add(numbers, arguments, places, m_rowShards);
    return charge(rows.count);
}

/// Rows of a shard as update() takes them.
GroupTable::Rows GroupTable::rowsOf(ShardedRows::Rows& sharded) const
{
    Rows rows;
    rows.count = sharded.count;
    auto next = sharded.arguments.begin();
    for (const AggregateCall& call : m_grouping.aggregates) {
        rows.arguments.emplace_back(std::make_move_iterator(next), std::make_move_iterator(next + static_cast<std::ptrdiff_t>(call.arguments.size())));
        next += static_cast<std::ptrdiff_t>(call.arguments.size());
    }
    return rows;
}

/// Of one group, what its aggregates hold.
std::size_t GroupTable::stateBytes() const
{
    std::size_t bytes = 0;
    for (const auto& accumulator : m_accumulators)
        bytes += accumulator->memoryBytes();
    return bytes / std::max<std::size_t>(1, m_size);
}

bool GroupTable::mayMergeShards(std::span<const std::unique_ptr<GroupTable>> tables, Run& run)
{
    constexpr std::size_t kGroupBytes = 32; // number, place and order
    std::uint64_t bytes = 0;
    for (const auto& table : tables)
        bytes += ((table->m_shards ? table->m_shards->rows() : 0) + table->m_size) * (kGroupBytes + table->stateBytes());
    return run.memory().limit() == 0 || bytes <= run.memory().limit() / 8 * kLaterEighths;
}

Result<void> GroupTable::closeShards()
{
    if (!m_shards)
        return {};
    std::unique_ptr<ShardedRows> shards = std::move(m_shards);
    m_memory.hold(memoryBytes() + shards->memoryBytes());
    for (std::size_t shard = 0; shard < ShardedRows::kShards; ++shard)
        for (std::size_t chunk = 0; chunk < shards->chunks(shard); ++chunk) {
            TOCSIN_TRY(m_run.checkStop());
            ShardedRows::Rows sharded = shards->take(shard, chunk);
            const RowOrder places{0, nullptr, sharded.places.get()};
            Rows rows = rowsOf(sharded);
            if (m_writer) {
                rows.keys = m_table.values(sharded.keys);
                TOCSIN_TRY(takeKnown(rows, places));
                continue;
            }
            m_table.assign(sharded.keys, m_rowGroups);
            TOCSIN_TRY(takeGrouped(rows, places));
            TOCSIN_TRY(charge(rows.count));
        }
    return {};
}

/// Groups the rows of all threads shard by shard.
class ShardMerger {
public:
    ShardMerger(std::span<const std::unique_ptr<GroupTable>> tables, Run& run) : m_tables(tables), m_run(run), m_first(*tables.front()), m_merged(ShardedRows::kShards) {}

    ~ShardMerger()
    {
        m_run.leave(std::move(m_sources));
        m_run.leave(std::move(m_merged));
    }

    Result<void> merge()
    {
        for (std::size_t t = 0; t < m_tables.size(); ++t)
            TOCSIN_TRY(prepare(t));
        std::atomic<std::size_t> next = 0;
        TOCSIN_TRY(m_run.parallel([&](unsigned) -> Result<void> {
            for (std::size_t shard = next++; shard < ShardedRows::kShards; shard = next++) {
                TOCSIN_TRY_ASSIGN(m_merged[shard], group(shard));
            }
            return {};
        }));
        // Keys would have to be chosen for it.
        if (std::ranges::any_of(m_merged, [](const MergedShards::Shard& shard) { return shard.places.size() > MergedShards::kMostGroups; }))
            return fail(kMemoryLimit, std::to_string(m_run.memory().limit() >> 20));
        return install();
    }

private:
    /// What a thread's table brings along: how its numbers are to be read, and the groups it had when it began to deal rows out.
    struct Source {
        ColumnNumbers translation; ///< into the first table's numbers; empty for the first itself
        ColumnNumbers groups;      ///< the keys of its groups, translated
        std::vector<std::vector<std::uint32_t>> byShard; ///< which groups belong to each
    };
    /// The groups of one shard so far.
    struct Groups {
        NumberTuples tuples;
        std::vector<std::uint64_t> places;
    };

    static void translate(const Source& source, ColumnNumbers& numbers)
    {
        for (std::size_t c = 0; c < source.translation.size(); ++c)
            for (std::uint32_t& number : numbers[c])
                number = source.translation[c][number];
    }

    Result<void> prepare(std::size_t t)
    {
        GroupTable& table = *m_tables[t];
        Source& source = m_sources.emplace_back();
        source.byShard.resize(ShardedRows::kShards);
        source.groups = table.m_table.numbers(allRows(table.size()));
        std::vector<std::uint8_t> shards;
        table.shardsOf(source.groups, table.size(), shards);
        for (std::uint32_t group = 0; group < shards.size(); ++group)
            source.byShard[shards[group]].push_back(group);
        if (t > 0) {
            TOCSIN_TRY_ASSIGN(source.translation, m_first.m_table.addValues(table.m_table, m_check));
        }
        translate(source, source.groups);
        table.m_keyHashes = {};
        table.m_table.dropGroups();
        if (t > 0)
            table.m_table = KeyTable({});
        return {};
    }

    /// Numbers the groups of rows by their keys, which it uses up.
    std::vector<std::uint32_t> number(Groups& groups, ColumnNumbers& keys, RowOrder places)
    {
        const KeyTable& table = m_first.m_table;
        std::vector<std::uint32_t> numbers = std::move(keys[0]);
        for (std::size_t c = 1; c < keys.size(); ++c)
            groups.tuples.add(c, numbers, table.column(0).size(), keys[c], table.column(c).size());
        groups.places.resize(groups.tuples.size(), ~std::uint64_t{0});
        for (std::size_t i = 0; i < numbers.size(); ++i)
            groups.places[numbers[i]] = std::min(groups.places[numbers[i]], places[i]);
        return numbers;
    }

    Result<MergedShards::Shard> group(std::size_t shard)
    {
        Groups groups{NumberTuples(m_first.m_grouping.keys.size()), {}};
        // Places rise within what one thread has seen only, so each has a table of its own to begin with.
        std::vector<std::unique_ptr<GroupTable>> states;
        for (std::size_t t = 0; t < m_tables.size(); ++t) {
            TOCSIN_TRY_ASSIGN(std::unique_ptr<GroupTable> state, stateOf(t, shard, groups));
            states.push_back(std::move(state));
        }
        GroupTable& all = *states.front();
        TOCSIN_TRY(all.resize(groups.tuples.size()));
        const std::vector<std::uint32_t> same = allRows(groups.tuples.size());
        for (std::size_t t = 1; t < states.size(); ++t)
            for (std::size_t i = 0; i < all.m_accumulators.size(); ++i)
                TOCSIN_TRY(all.m_accumulators[i]->merge(*states[t]->m_accumulators[i], std::span(same).first(states[t]->m_size)));
        MergedShards::Shard merged;
        TOCSIN_TRY_ASSIGN(merged.results, all.results(0, groups.tuples.size()));
        merged.keys = groups.tuples.columns(same);
        merged.places = std::move(groups.places);
        return merged;
    }

    /// What one thread has of a shard: the groups it had first, and then the rows that waited.
    Result<std::unique_ptr<GroupTable>> stateOf(std::size_t t, std::size_t shard, Groups& groups)
    {
        GroupTable& table = *m_tables[t];
        const Source& source = m_sources[t];
        auto state = std::make_unique<GroupTable>(table.m_grouping, m_run, table.m_shared, 0);
        TOCSIN_TRY(state->open());
        TOCSIN_TRY(takeGroups(table, source, source.byShard[shard], groups, *state));
        for (std::size_t chunk = 0; table.m_shards && chunk < table.m_shards->chunks(shard); ++chunk) {
            TOCSIN_TRY(m_run.checkStop());
            ShardedRows::Rows sharded = table.m_shards->take(shard, chunk);
            const RowOrder places{0, nullptr, sharded.places.get()};
            translate(source, sharded.keys);
            const std::vector<std::uint32_t> numbers = number(groups, sharded.keys, places);
            const GroupTable::Rows rows = table.rowsOf(sharded);
            TOCSIN_TRY(state->resize(groups.tuples.size()));
            TOCSIN_TRY(state->update(rows, places, numbers));
        }
        return state;
    }

    Result<void> takeGroups(GroupTable& table, const Source& source, std::span<const std::uint32_t> which, Groups& groups, GroupTable& state)
    {
        ColumnNumbers keys;
        std::vector<std::uint64_t> places;
        for (const std::vector<std::uint32_t>& column : source.groups) {
            std::vector<std::uint32_t>& some = keys.emplace_back();
            for (const std::uint32_t group : which)
                some.push_back(column[group]);
        }
        for (const std::uint32_t group : which)
            places.push_back(table.m_firstPlaces[group]);
        const std::vector<std::uint32_t> numbers = number(groups, keys, {0, nullptr, places.data()});
        TOCSIN_TRY(state.resize(groups.tuples.size()));
        const std::lock_guard lock(table.m_mutex);
        std::vector<std::uint32_t> mapping(source.groups[0].size(), kLeftOut);
        for (std::size_t i = 0; i < which.size(); ++i)
            mapping[which[i]] = numbers[i];
        for (std::size_t i = 0; i < state.m_accumulators.size(); ++i)
            TOCSIN_TRY(state.m_accumulators[i]->merge(*table.m_accumulators[i], mapping));
        return {};
    }

    Result<void> install()
    {
        for (const auto& table : m_tables) {
            table->m_shards.reset();
            table->m_accumulators.clear();
            table->m_firstPlaces = {};
        }
        TOCSIN_TRY_ASSIGN(MergedShards merged, MergedShards::make(std::move(m_merged), m_check));
        m_first.m_merged = std::make_unique<MergedShards>(std::move(merged));
        return {};
    }

    std::span<const std::unique_ptr<GroupTable>> m_tables;
    Run& m_run;
    GroupTable& m_first;
    const StopCheck m_check = [this] { return m_run.checkStop(); };
    std::vector<Source> m_sources;
    std::vector<MergedShards::Shard> m_merged;
};

Result<void> GroupTable::mergeShards(std::span<const std::unique_ptr<GroupTable>> tables, Run& run) { return ShardMerger(tables, run).merge(); }

} // namespace tocsin::kql
