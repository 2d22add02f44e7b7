// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/GroupTable.h"

#include "base/MergeSort.h"
#include "kql/exec/Operator.h"
#include "kql/exec/PlaceOrder.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tocsin::kql {
namespace {

std::vector<DataType> keyTypes(const Grouping& grouping)
{
    std::vector<DataType> types;
    for (const ExpressionPtr& key : grouping.keys)
        types.push_back(key->type);
    return types;
}

Result<std::unique_ptr<Accumulator>> makeAccumulator(const AggregateCall& call, Run& run)
{
    AggregateBinding binding;
    for (const ExpressionPtr& argument : call.arguments) {
        binding.argumentTypes.push_back(argument->type);
        if (isConstant(*argument) && isDeterministic(*argument)) {
            TOCSIN_TRY_ASSIGN(Value value, evaluateConstant(*argument, run));
            binding.constants.emplace_back(std::move(value));
        } else {
            binding.constants.emplace_back(std::nullopt);
        }
    }
    binding.resultTypes = call.resultTypes;
    binding.seed = run.options().seed;
    return call.signature->make(binding);
}

/// Where key and argument values stand in a spilled row: a column that several expressions pass on is written once. The place is last.
class SpilledColumns {
public:
    explicit SpilledColumns(const Grouping& grouping)
    {
        for (const ExpressionPtr& key : grouping.keys)
            m_slots.push_back(slotOf(*key));
        for (const AggregateCall& call : grouping.aggregates)
            for (const ExpressionPtr& argument : call.arguments)
                m_slots.push_back(slotOf(*argument));
    }
    /// Slots of the keys and then of all arguments.
    const std::vector<std::size_t>& slots() const { return m_slots; }
    std::size_t count() const { return m_count; }

private:
    std::size_t slotOf(const Expression& expression)
    {
        if (expression.kind != Expression::Kind::Column)
            return m_count++;
        const auto [found, added] = m_columns.try_emplace(expression.column, m_count);
        m_count += added;
        return found->second;
    }
    std::vector<std::size_t> m_slots;
    std::unordered_map<ColumnId, std::size_t> m_columns;
    std::size_t m_count = 0;
};

constexpr std::size_t kMostSharded = 512 << 20; ///< bytes; should groups not be so many after all, rows must not pile up

/// How many groups to take next, so that a step takes milliseconds, whatever they hold.
class StepSize {
public:
    StepSize(std::size_t least, std::size_t most) : m_least(least), m_most(most), m_groups(std::clamp<std::size_t>(kFirst, least, most)) {}
    /// Before each step.
    std::size_t next()
    {
        const auto now = std::chrono::steady_clock::now();
        const auto took = now - std::exchange(m_began, now);
        if (took > kLong)
            m_groups = std::max(m_least, m_groups / 4);
        else if (took < kShort)
            m_groups = std::min(m_most, m_groups * 2);
        return m_groups;
    }

private:
    static constexpr std::size_t kFirst = 4'096;
    static constexpr std::chrono::milliseconds kShort{4}, kLong{16};
    std::size_t m_least;
    std::size_t m_most;
    std::size_t m_groups;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

} // namespace

GroupTable::GroupTable(const Grouping& grouping, Run& run, bool shared, unsigned level)
    : m_grouping(grouping), m_run(run), m_shared(shared || grouping.times), m_level(level), m_table(keyTypes(grouping)), m_memory(run.memory()), m_mayShard(m_grouping.keys.size() > 1 && m_level == 0 && !m_grouping.times)
{
}

GroupTable::~GroupTable()
{
    m_run.leave(std::move(m_accumulators));
    m_run.leave(std::move(m_table));
    m_run.leave(std::move(m_firstPlaces));
    m_run.leave(std::move(m_results));
    m_run.leave(std::move(m_order));
    m_run.leave(std::move(m_shards));
    m_run.leave(std::move(m_merged));
}

Result<void> GroupTable::open()
{
    for (const AggregateCall& call : m_grouping.aggregates) {
        TOCSIN_TRY_ASSIGN(auto accumulator, makeAccumulator(call, m_run));
        m_accumulators.push_back(std::move(accumulator));
        if (m_shared)
            m_accumulators.back()->at({}); // so that it knows even if it gets no row
    }
    return m_grouping.keys.empty() ? resize(1) : Result<void>();
}

Result<void> GroupTable::readFrom(const Layout& layout)
{
    TOCSIN_TRY_ASSIGN(m_keys, makeEvaluators(m_grouping.keys, layout, m_run));
    for (const AggregateCall& call : m_grouping.aggregates) {
        TOCSIN_TRY_ASSIGN(auto arguments, makeEvaluators(call.arguments, layout, m_run));
        m_arguments.push_back(std::move(arguments));
    }
    return {};
}

Result<GroupTable::Rows> GroupTable::evaluate(const Batch& batch)
{
    RowSet set(batch);
    Rows rows;
    rows.count = set.rows();
    for (Evaluator& key : m_keys) {
        TOCSIN_TRY_ASSIGN(Vector values, key.evaluate(set));
        rows.keys.push_back(std::move(values));
    }
    for (std::vector<Evaluator>& evaluators : m_arguments) {
        std::vector<Vector>& arguments = rows.arguments.emplace_back();
        for (Evaluator& argument : evaluators) {
            TOCSIN_TRY_ASSIGN(Vector values, argument.evaluate(set));
            arguments.push_back(std::move(values));
        }
    }
    return rows;
}

Result<void> GroupTable::add(const Batch& batch, std::uint64_t place)
{
    TOCSIN_TRY_ASSIGN(const Rows rows, evaluate(batch));
    if (m_grouping.times)
        m_grouping.times->note(rows.keys.front(), rows.arguments.front().front());
    return take(rows, {place});
}

Result<void> GroupTable::addSpilled(const Batch& batch)
{
    const SpilledColumns columns(m_grouping);
    Rows rows;
    rows.count = batch.storedRows;
    auto slot = columns.slots().begin();
    for (std::size_t k = 0; k < m_grouping.keys.size(); ++k)
        rows.keys.push_back(batch.columns[*slot++]);
    for (const AggregateCall& call : m_grouping.aggregates) {
        std::vector<Vector>& arguments = rows.arguments.emplace_back();
        for (std::size_t i = 0; i < call.arguments.size(); ++i)
            arguments.push_back(batch.columns[*slot++]);
    }
    return take(rows, {0, nullptr, static_cast<const std::uint64_t*>(batch.columns[columns.count()].data())});
}

Result<void> GroupTable::take(const Rows& rows, RowOrder places)
{
    if (m_writer)
        return takeKnown(rows, places);
    if (m_shards)
        return deal(rows, places);
    m_taken += rows.count;
    m_table.assign(rows.keys, rows.count, m_rowGroups);
    TOCSIN_TRY(takeGrouped(rows, places));
    TOCSIN_TRY(charge(rows.count));
    return m_mayShard ? wantShards(rows.count, places[0]) : Result<void>();
}

/// Rows whose groups are known.
Result<void> GroupTable::takeGrouped(const Rows& rows, RowOrder places)
{
    if ((m_shared || m_level > 0 || m_grouping.keys.size() > 1) && !m_grouping.keys.empty())
        for (std::size_t row = 0, size = m_table.size(); m_firstPlaces.size() < size; ++row) // new groups are numbered as they appear
            if (m_rowGroups[row] == m_firstPlaces.size())
                m_firstPlaces.push_back(places[row]);
    TOCSIN_TRY(resize(m_table.size()));
    return update(rows, places, m_rowGroups);
}

Result<void> GroupTable::update(const Rows& rows, RowOrder places, std::span<const std::uint32_t> groups)
{
    for (std::size_t i = 0; i < m_accumulators.size(); ++i) {
        if (m_shared)
            m_accumulators[i]->at(places);
        TOCSIN_TRY(m_accumulators[i]->update(rows.arguments[i], groups));
    }
    return {};
}

/// Rows of groups that are here go on to them; the others to disk.
Result<void> GroupTable::takeKnown(const Rows& rows, RowOrder places)
{
    if (m_spillsAll)
        return spill(rows, places, allRows(rows.count));
    m_table.lookUp(rows.keys, rows.count, m_scratch, m_rowGroups);
    std::vector<std::uint32_t> known, unknown, groups;
    for (std::uint32_t row = 0; row < rows.count; ++row) {
        (m_rowGroups[row] == kNoGroup ? unknown : known).push_back(row);
        if (m_rowGroups[row] != kNoGroup)
            groups.push_back(m_rowGroups[row]);
    }
    TOCSIN_TRY(spill(rows, places, unknown));
    if (known.empty())
        return {};
    if (unknown.empty()) {
        TOCSIN_TRY(update(rows, places, groups));
        return charge(rows.count);
    }
    Rows here;
    here.count = known.size();
    for (const std::vector<Vector>& arguments : rows.arguments) {
        std::vector<Vector>& gathered = here.arguments.emplace_back();
        for (const Vector& argument : arguments)
            gathered.push_back(argument.gather(known));
    }
    std::vector<std::uint64_t> knownPlaces;
    for (const std::uint32_t row : known)
        knownPlaces.push_back(places[row]);
    TOCSIN_TRY(update(here, {0, nullptr, knownPlaces.data()}, groups));
    return charge(here.count);
}

Result<void> GroupTable::spill(const Rows& rows, RowOrder places, std::span<const std::uint32_t> which)
{
    if (which.empty())
        return {};
    const SpilledColumns columns(m_grouping);
    Batch batch;
    batch.storedRows = which.size();
    batch.columns.resize(columns.count() + 1);
    auto slot = columns.slots().begin();
    const auto put = [&](const Vector& values) {
        Vector& column = batch.columns[*slot++];
        if (column.size() == 0)
            column = values.gather(which);
    };
    for (const Vector& key : rows.keys)
        put(key);
    for (const std::vector<Vector>& arguments : rows.arguments)
        for (const Vector& argument : arguments)
            put(argument);
    auto numbers = makeBuffer<std::int64_t>(which.size());
    for (std::size_t i = 0; i < which.size(); ++i)
        numbers[i] = static_cast<std::int64_t>(places[which[i]]);
    batch.columns.back() = Vector::flat<std::int64_t>(DataType::Long, std::move(numbers), which.size());
    std::vector<Vector> keys;
    for (std::size_t k = 0; k < rows.keys.size(); ++k)
        keys.push_back(batch.columns[columns.slots()[k]]);
    std::vector<std::uint64_t> hashes;
    m_hasher.hash(keys, which.size(), hashes);
    return m_writer->add(std::move(batch), hashes);
}

std::size_t GroupTable::memoryBytes() const
{
    std::size_t bytes = m_table.memoryBytes() + m_firstPlaces.capacity() * sizeof(std::uint64_t) + (m_shards ? m_shards->memoryBytes() : 0);
    if (m_merged)
        bytes += m_merged->memoryBytes();
    for (const std::vector<std::uint32_t>& hashes : m_keyHashes)
        bytes += hashes.capacity() * sizeof(std::uint32_t);
    for (const auto& accumulator : m_accumulators)
        bytes += accumulator->memoryBytes();
    return bytes;
}

Result<void> GroupTable::charge(std::size_t rows)
{
    constexpr std::size_t kMostRows = 65'536, kPart = 16, kBytesPerRow = 4'096; // between two counts rows add a part of the budget at the most
    m_uncharged += rows;
    const std::size_t few = m_run.memory().limit() == 0 ? kMostRows : std::min<std::size_t>(kMostRows, m_run.memory().limit() / kPart / kBytesPerRow);
    if (m_uncharged < std::max(std::min(4 * m_size, few), m_size / 16)) // counting looks at every group
        return {};
    m_uncharged = 0;
    const std::size_t bytes = memoryBytes();
    if (m_shards) {
        if (m_shards->memoryBytes() <= kMostSharded && m_memory.tryResize(bytes, kFirstEighths))
            return {};
        return closeShards();
    }
    const bool maySpill = m_run.spill().enabled() && m_size > 1 && m_level + 1 < PartitionWriter::kLevels; // one group cannot be divided
    if (!maySpill || (m_writer && !canShareRows())) // then a group's rows must stay together
        return m_memory.tryResize(bytes, 8) ? Result<void>() : m_memory.resize(bytes);
    if (m_memory.tryResize(bytes, m_writer ? kKnownEighths : m_level == 0 ? kFirstEighths : kLaterEighths))
        return {};
    m_memory.hold(bytes);
    if (m_writer) {
        m_spillsAll = true;
        return {};
    }
    TOCSIN_TRY_ASSIGN(std::shared_ptr<SpillFile> file, m_run.spill().file());
    m_writer = std::make_unique<PartitionWriter>(m_run, std::move(file), m_level);
    return {};
}

Result<void> GroupTable::merge(GroupTable& other)
{
    std::vector<std::uint32_t> mapping;
    const std::size_t count = other.size();
    if (m_grouping.keys.empty()) {
        mapping.assign(count, 0);
    } else {
        TOCSIN_TRY_ASSIGN(mapping, m_table.addAll(other.m_table, [this] { return m_run.checkStop(); }));
    }
    if (!m_grouping.keys.empty())
        m_firstPlaces.resize(m_table.size(), ~std::uint64_t{0});
    for (std::size_t i = 0; i < other.m_firstPlaces.size(); ++i)
        m_firstPlaces[mapping[i]] = std::min(m_firstPlaces[mapping[i]], other.m_firstPlaces[i]);
    other.m_table = KeyTable({}); // what has been taken over goes before this one grows further
    other.m_firstPlaces = {};
    TOCSIN_TRY(resize(m_table.size()));
    for (std::size_t i = 0; i < m_accumulators.size(); ++i) {
        TOCSIN_TRY(mergeInSteps(*m_accumulators[i], *other.m_accumulators[i], mapping));
        other.m_accumulators[i].reset();
    }
    return {};
}

/// As Accumulator::merge(), but can be stopped on the way.
Result<void> GroupTable::mergeInSteps(Accumulator& to, Accumulator& from, std::span<const std::uint32_t> mapping) const
{
    StepSize step(std::max<std::size_t>(1, mapping.size() / 256), std::max<std::size_t>(1, mapping.size())); // not too small: each step passes over the groups before it
    std::vector<std::uint32_t> some(mapping.size(), kLeftOut);
    for (std::size_t start = 0, end = 0; start < mapping.size(); start = end) {
        TOCSIN_TRY(m_run.checkStop());
        end = std::min(mapping.size(), start + step.next());
        std::copy(mapping.begin() + static_cast<std::ptrdiff_t>(start), mapping.begin() + static_cast<std::ptrdiff_t>(end), some.begin() + static_cast<std::ptrdiff_t>(start));
        TOCSIN_TRY(to.merge(from, std::span(some).first(end)));
        std::fill(some.begin() + static_cast<std::ptrdiff_t>(start), some.begin() + static_cast<std::ptrdiff_t>(end), kLeftOut);
    }
    return {};
}

Result<void> GroupTable::dealOut()
{
    m_parts.assign(PartitionWriter::kPartitions, {});
    std::vector<std::uint64_t> hashes;
    for (std::size_t from = 0; from < size(); from += kBatchRows) {
        TOCSIN_TRY(m_run.checkStop());
        const std::size_t count = std::min(kBatchRows, size() - from);
        m_hasher.hash(m_table.keys(from, count), count, hashes);
        for (std::size_t i = 0; i < count; ++i)
            m_parts[PartitionWriter::partitionOf(hashes[i], m_level)].push_back(static_cast<std::uint32_t>(from + i));
    }
    return {};
}

Result<void> GroupTable::mergePart(GroupTable& other, std::size_t partition)
{
    const std::lock_guard lock(other.m_mutex);
    const std::vector<std::uint32_t>& part = other.m_parts[partition];
    std::vector<std::uint32_t> mapping(other.size(), kLeftOut);
    std::vector<std::uint32_t> groups;
    for (std::size_t start = 0; start < part.size(); start += kBatchRows) {
        TOCSIN_TRY(m_run.checkStop());
        const std::span<const std::uint32_t> some = std::span(part).subspan(start, std::min(kBatchRows, part.size() - start));
        m_table.assign(other.m_table.keys(some), some.size(), groups);
        m_firstPlaces.resize(m_table.size(), ~std::uint64_t{0});
        for (std::size_t i = 0; i < some.size(); ++i) {
            mapping[some[i]] = groups[i];
            m_firstPlaces[groups[i]] = std::min<std::uint64_t>(m_firstPlaces[groups[i]], other.m_firstPlaces.empty() ? some[i] : other.m_firstPlaces[some[i]]);
        }
    }
    TOCSIN_TRY(resize(m_table.size()));
    for (std::size_t i = 0; i < m_accumulators.size() && !part.empty(); ++i)
        TOCSIN_TRY(m_accumulators[i]->merge(*other.m_accumulators[i], mapping));
    other.m_memory.hold(other.memoryBytes());
    return charge(part.size());
}

bool GroupTable::canShareRows() const
{
    return std::all_of(m_accumulators.begin(), m_accumulators.end(), [](const auto& accumulator) { return accumulator->canShareRows(); });
}

Result<PartitionWriter::Runs> GroupTable::takeSpilled()
{
    if (!m_writer)
        return PartitionWriter::Runs();
    return m_writer->finish();
}

Result<std::vector<std::uint32_t>> GroupTable::order() const
{
    if (std::is_sorted(m_firstPlaces.begin(), m_firstPlaces.end()))
        return std::vector<std::uint32_t>();
    const auto forEach = [this](const auto& visit) {
        for (std::size_t group = 0; group < m_firstPlaces.size(); ++group)
            visit(m_firstPlaces[group], static_cast<std::uint32_t>(group));
    };
    return sortedByPlace(m_firstPlaces.size(), forEach, [this] { return m_run.checkStop(); });
}

Result<std::vector<std::uint32_t>> GroupTable::orderByTime() const
{
    const VectorReader<Ticks> times(m_results.front());
    const Vector keys = m_table.keys(0, size()).front();
    const VectorReader<std::string_view> texts(keys);
    const bool newest = m_grouping.times->newest();
    std::vector<std::uint32_t> order = allRows(size());
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        if (times.isNull(a) != times.isNull(b))
            return times.isNull(b);
        if (!times.isNull(a) && times[a] != times[b])
            return newest ? times[a] > times[b] : times[a] < times[b];
        return texts[a] < texts[b];
    };
    TOCSIN_TRY(mergeSort(order, before, [this] { return m_run.checkStop(); }));
    return order;
}

Result<std::vector<Vector>> GroupTable::results(std::size_t from, std::size_t count)
{
    std::vector<Vector> all;
    for (const auto& accumulator : m_accumulators) {
        TOCSIN_TRY_ASSIGN(std::vector<Vector> results, accumulator->finish(from, count));
        std::move(results.begin(), results.end(), std::back_inserter(all));
    }
    return all;
}

Result<void> GroupTable::finish()
{
    TOCSIN_TRY(finishResults());
    m_accumulators.clear();
    TOCSIN_TRY_ASSIGN(m_order, m_grouping.times && !m_writer && m_level == 0 ? orderByTime() : order());
    m_table.shareValues(size());
    std::size_t bytes = memoryBytes() + m_order.capacity() * sizeof(std::uint32_t);
    for (const Vector& result : m_results)
        bytes += result.memoryBytes();
    m_memory.hold(bytes);
    return {};
}

Result<void> GroupTable::finishResults()
{
    if (m_merged)
        return {}; // it has them
    constexpr std::size_t kMostAtOnce = 65'536;
    StepSize step(1, kMostAtOnce);
    std::vector<std::vector<Vector>> parts; // of each result column
    for (std::size_t from = 0, count = 0; from < size() || parts.empty(); from += count) {
        TOCSIN_TRY(m_run.checkStop());
        count = std::min(step.next(), size() - from);
        TOCSIN_TRY_ASSIGN(std::vector<Vector> some, results(from, count));
        parts.resize(std::max<std::size_t>(some.size(), 1));
        for (std::size_t c = 0; c < some.size(); ++c)
            parts[c].push_back(std::move(some[c]));
    }
    for (std::vector<Vector>& column : parts) {
        if (!column.empty())
            m_results.push_back(concatenate(column));
        column = {};
    }
    return {};
}

Batch GroupTable::finished(std::size_t from, std::size_t count) const
{
    Batch batch;
    batch.storedRows = count;
    if (m_merged) {
        batch.columns = m_table.values(m_merged->keys(from, count));
        std::ranges::move(m_merged->results(from, count), std::back_inserter(batch.columns));
        return batch;
    }
    const auto which = m_order.empty() ? std::span<const std::uint32_t>() : std::span(m_order).subspan(from, count);
    if (!m_grouping.keys.empty())
        batch.columns = m_order.empty() ? m_table.keys(from, count) : m_table.keys(which);
    for (const Vector& result : m_results)
        batch.columns.push_back(m_order.empty() ? result.slice(from, count) : result.gather(which));
    return batch;
}

Vector GroupTable::placesOf(std::size_t from, std::size_t count) const
{
    auto numbers = makeBuffer<std::int64_t>(count);
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = static_cast<std::int64_t>(m_firstPlaces.empty() ? from + i : m_firstPlaces[m_order.empty() ? from + i : m_order[from + i]]);
    return Vector::flat<std::int64_t>(DataType::Long, std::move(numbers), count);
}

Result<void> GroupTable::write(RunWriter& writer)
{
    TOCSIN_TRY(finish());
    for (std::size_t from = 0; from < size(); from += kBatchRows) {
        TOCSIN_TRY(m_run.checkStop());
        const std::size_t count = std::min(kBatchRows, size() - from);
        Batch rows = finished(from, count);
        rows.columns.push_back(placesOf(from, count));
        TOCSIN_TRY(writer.write(rows));
    }
    return {};
}

Result<void> GroupTable::resize(std::size_t groups)
{
    const std::size_t count = m_grouping.keys.empty() ? 1 : groups;
    if (count == m_size)
        return {};
    m_size = count;
    for (const auto& accumulator : m_accumulators) {
        TOCSIN_TRY(m_run.checkStop()); // millions of groups take their time to move
        accumulator->resize(count);
    }
    return {};
}

} // namespace tocsin::kql
