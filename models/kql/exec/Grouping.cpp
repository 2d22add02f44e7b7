// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Grouping.h"

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
    Local(const Grouping& grouping, Run& run) : m_grouping(grouping), m_table(keyTypes(grouping)), m_memory(run.memory()) {}

    Result<void> open(const Layout& layout, Run& run)
    {
        TOCSIN_TRY_ASSIGN(m_keys, makeEvaluators(m_grouping.keys, layout, run));
        for (const AggregateCall& call : m_grouping.aggregates) {
            TOCSIN_TRY_ASSIGN(auto arguments, makeEvaluators(call.arguments, layout, run));
            m_arguments.push_back(std::move(arguments));
            TOCSIN_TRY_ASSIGN(auto accumulator, makeAccumulator(call, run));
            m_accumulators.push_back(std::move(accumulator));
        }
        if (m_grouping.keys.empty())
            resize(1);
        return {};
    }

    Result<void> add(const Batch& batch)
    {
        RowSet rows(batch);
        std::vector<Vector> keys;
        for (Evaluator& key : m_keys) {
            TOCSIN_TRY_ASSIGN(Vector values, key.evaluate(rows));
            keys.push_back(std::move(values));
        }
        m_table.assign(keys, rows.rows(), m_rowGroups);
        resize(m_table.size());
        for (std::size_t i = 0; i < m_accumulators.size(); ++i) {
            std::vector<Vector> arguments;
            for (Evaluator& argument : m_arguments[i]) {
                TOCSIN_TRY_ASSIGN(Vector values, argument.evaluate(rows));
                arguments.push_back(std::move(values));
            }
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
        resize(m_table.size());
        for (std::size_t i = 0; i < m_accumulators.size(); ++i)
            TOCSIN_TRY(m_accumulators[i]->merge(*other.m_accumulators[i], mapping));
        return charge();
    }

    std::size_t size() const { return m_grouping.keys.empty() ? 1 : m_table.size(); }

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
        std::size_t bytes = m_table.memoryBytes();
        for (const auto& accumulator : m_accumulators)
            bytes += accumulator->memoryBytes();
        return m_memory.resize(bytes);
    }

    const Grouping& m_grouping;
    KeyTable m_table;
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
    m_locals.clear();
    m_locals.resize(std::max(1U, run.threads()));
    TOCSIN_TRY(drain(input, run, [&](unsigned worker, Batch batch, std::uint64_t) -> Result<void> {
        auto& local = m_locals[worker];
        if (!local) {
            local = std::make_unique<Local>(m_grouping, run);
            TOCSIN_TRY(local->open(input.layout(), run));
        }
        return local->add(batch);
    }));
    if (!m_locals[0]) {
        m_locals[0] = std::make_unique<Local>(m_grouping, run);
        TOCSIN_TRY(m_locals[0]->open(input.layout(), run));
    }
    for (std::size_t i = 1; i < m_locals.size(); ++i) {
        if (m_locals[i])
            TOCSIN_TRY(m_locals[0]->merge(*m_locals[i]));
        m_locals[i].reset();
    }
    return {};
}

std::size_t Groups::size() const { return m_locals[0]->size(); }
Result<Batch> Groups::batch(std::size_t from, std::size_t count) { return m_locals[0]->batch(from, count); }

} // namespace tocsin::kql
