// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Grouping.h"

#include "kql/exec/Subquery.h"

#include <algorithm>
#include <numeric>

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

} // namespace

/// One thread's groups.
class Groups::Local {
public:
    /// `shared`: other threads take rows of the same input, so the places of the rows count.
    Local(const Grouping& grouping, Run& run, bool shared) : m_grouping(grouping), m_shared(shared), m_table(keyTypes(grouping)), m_memory(run.memory()) {}

    Result<void> open(const Layout& layout, Run& run)
    {
        TOCSIN_TRY_ASSIGN(m_keys, makeEvaluators(m_grouping.keys, layout, run));
        for (const AggregateCall& call : m_grouping.aggregates) {
            TOCSIN_TRY_ASSIGN(auto arguments, makeEvaluators(call.arguments, layout, run));
            m_arguments.push_back(std::move(arguments));
            TOCSIN_TRY_ASSIGN(auto accumulator, makeAccumulator(call, run));
            m_accumulators.push_back(std::move(accumulator));
            if (m_shared)
                m_accumulators.back()->at({}); // so that it knows even if it gets no row
        }
        if (m_grouping.keys.empty())
            resize(1);
        return {};
    }

    Result<void> add(const Batch& batch, std::uint64_t place)
    {
        RowSet rows(batch);
        std::vector<Vector> keys;
        for (Evaluator& key : m_keys) {
            TOCSIN_TRY_ASSIGN(Vector values, key.evaluate(rows));
            keys.push_back(std::move(values));
        }
        m_table.assign(keys, rows.rows(), m_rowGroups);
        if (m_shared && !keys.empty())
            for (std::size_t row = 0; m_firstPlaces.size() < m_table.size(); ++row) // new groups are numbered as they appear
                if (m_rowGroups[row] == m_firstPlaces.size())
                    m_firstPlaces.push_back(place + row);
        resize(m_table.size());
        for (std::size_t i = 0; i < m_accumulators.size(); ++i) {
            std::vector<Vector> arguments;
            for (Evaluator& argument : m_arguments[i]) {
                TOCSIN_TRY_ASSIGN(Vector values, argument.evaluate(rows));
                arguments.push_back(std::move(values));
            }
            if (m_shared)
                m_accumulators[i]->at({place});
            TOCSIN_TRY(m_accumulators[i]->update(arguments, m_rowGroups));
        }
        return charge();
    }

    Result<void> merge(Local& other)
    {
        std::vector<std::uint32_t> mapping;
        const std::size_t count = other.size();
        if (m_grouping.keys.empty()) {
            mapping.assign(count, 0);
        } else {
            const std::vector<Vector> keys = other.m_table.keys(0, count);
            m_table.assign(keys, count, mapping);
        }
        if (!m_grouping.keys.empty())
            m_firstPlaces.resize(m_table.size(), ~std::uint64_t{0});
        for (std::size_t i = 0; i < other.m_firstPlaces.size(); ++i)
            m_firstPlaces[mapping[i]] = std::min(m_firstPlaces[mapping[i]], other.m_firstPlaces[i]);
        resize(m_table.size());
        for (std::size_t i = 0; i < m_accumulators.size(); ++i)
            TOCSIN_TRY(m_accumulators[i]->merge(*other.m_accumulators[i], mapping));
        return charge();
    }

    std::size_t size() const { return m_grouping.keys.empty() ? 1 : m_table.size(); }
    bool canShareRows() const
    {
        return std::all_of(m_accumulators.begin(), m_accumulators.end(), [](const auto& accumulator) { return accumulator->canShareRows(); });
    }
    /// The groups by the place where each first appears; empty if they stand so already.
    std::vector<std::uint32_t> order() const
    {
        if (std::is_sorted(m_firstPlaces.begin(), m_firstPlaces.end()))
            return {};
        std::vector<std::uint32_t> order(m_firstPlaces.size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return m_firstPlaces[a] < m_firstPlaces[b]; });
        return order;
    }

    Result<Batch> batch(std::size_t from, std::size_t count)
    {
        Batch batch;
        batch.storedRows = count;
        if (!m_grouping.keys.empty())
            batch.columns = m_table.keys(from, count);
        for (const auto& accumulator : m_accumulators) {
            TOCSIN_TRY_ASSIGN(std::vector<Vector> results, accumulator->finish(from, count));
            for (Vector& result : results)
                batch.columns.push_back(std::move(result));
        }
        return batch;
    }

private:
    void resize(std::size_t groups)
    {
        const std::size_t count = m_grouping.keys.empty() ? 1 : groups;
        if (count == m_size)
            return;
        m_size = count;
        for (const auto& accumulator : m_accumulators)
            accumulator->resize(count);
    }
    Result<void> charge()
    {
        std::size_t bytes = m_table.memoryBytes() + m_firstPlaces.capacity() * sizeof(std::uint64_t);
        for (const auto& accumulator : m_accumulators)
            bytes += accumulator->memoryBytes();
        return m_memory.resize(bytes);
    }

    const Grouping& m_grouping;
    bool m_shared;
    KeyTable m_table;
    std::vector<std::uint64_t> m_firstPlaces; ///< of each group
    MemoryShare m_memory;
    std::vector<Evaluator> m_keys;
    std::vector<std::vector<Evaluator>> m_arguments;
    std::vector<std::unique_ptr<Accumulator>> m_accumulators;
    std::vector<std::uint32_t> m_rowGroups;
    std::size_t m_size = 0;
};

Groups::Groups(const Grouping& grouping) : m_grouping(grouping) {}
Groups::~Groups() = default;

Result<void> Groups::consume(Operator& input, Run& run)
{
    const bool mayShare = run.threads() > 1 && !input.ordered() && input.ordinals() > 1;
    m_locals.clear();
    m_locals.push_back(std::make_unique<Local>(m_grouping, run, mayShare));
    TOCSIN_TRY(m_locals[0]->open(input.layout(), run));
    const bool shares = mayShare && m_locals[0]->canShareRows();
    m_locals.resize(shares ? run.threads() : 1);
    TOCSIN_TRY(drain(input, run, [&](unsigned worker, const Batch& batch, std::uint64_t place) -> Result<void> {
        auto& local = m_locals[worker];
        if (!local) {
            local = std::make_unique<Local>(m_grouping, run, true);
            TOCSIN_TRY(local->open(input.layout(), run));
        }
        return local->add(batch, place);
    }, shares ? Threads::All : Threads::One));
    return mergeLocals(run);
}

Result<void> Groups::mergeLocals(Run& run)
{
    for (std::size_t i = 1; i < m_locals.size(); ++i) {
        TOCSIN_TRY(run.checkStop());
        if (m_locals[i])
            TOCSIN_TRY(m_locals[0]->merge(*m_locals[i]));
        m_locals[i].reset();
    }
    return {};
}

std::size_t Groups::size() const { return m_locals[0]->size(); }

Result<Batch> Groups::batch(std::size_t from, std::size_t count) { return m_locals[0]->batch(from, count); }

Result<std::vector<Batch>> Groups::finish(Run& run)
{
    std::vector<Batch> batches;
    for (std::size_t from = 0; from < size(); from += kBatchRows) {
        TOCSIN_TRY(run.checkStop());
        TOCSIN_TRY_ASSIGN(Batch batch, m_locals[0]->batch(from, std::min(kBatchRows, size() - from)));
        batches.push_back(std::move(batch));
    }
    const std::vector<std::uint32_t> order = m_locals[0]->order();
    if (order.empty())
        return batches;
    const Batch whole = concatenate(batches, batches[0].columns.size());
    for (std::size_t i = 0; i < batches.size(); ++i) {
        TOCSIN_TRY(run.checkStop());
        batches[i] = gatherRows(whole, std::span(order).subspan(i * kBatchRows, batches[i].storedRows));
    }
    return batches;
}

Result<Batch> Groups::finishAsOne(Run& run)
{
    if (size() == 0)
        return m_locals[0]->batch(0, 0);
    TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, finish(run));
    return concatenate(batches, batches[0].columns.size());
}

} // namespace tocsin::kql
