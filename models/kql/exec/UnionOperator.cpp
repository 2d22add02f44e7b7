// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"

namespace tocsin::kql {
namespace {

/// union: the rows of all inputs under one set of columns.
class UnionOperator final : public Operator {
public:
    UnionOperator(const PlanNode& node, std::vector<OperatorPtr> inputs) : Operator(node), m_inputs(std::move(inputs)), m_names(node.unionNames), m_nameColumn(node.unionSourceColumn)
    {
        for (std::size_t i = 0; i < m_inputs.size(); ++i) {
            std::vector<std::optional<std::size_t>> places;
            for (const auto& source : node.unionSources[i])
                places.push_back(source ? std::optional(m_inputs[i]->layout().indexOf(*source)) : std::nullopt);
            m_places.push_back(std::move(places));
        }
    }
    Result<void> prepare(Run& run) override
    {
        m_claimed.assign(m_inputs.size(), false);
        m_firstOrdinals.assign(1, 0);
        for (const OperatorPtr& input : m_inputs) {
            TOCSIN_TRY(input->prepare(run));
            m_firstOrdinals.push_back(m_firstOrdinals.back() + input->ordinals());
        }
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;
    std::uint64_t ordinals() const override { return m_firstOrdinals.back(); }
    /// The ordinal where the batches of an input begin.
    std::uint64_t firstOrdinal(std::size_t index) const { return m_firstOrdinals[index]; }

    std::size_t inputCount() const { return m_inputs.size(); }
    Operator& input(std::size_t index) { return *m_inputs[index]; }
    /// One cursor per ordered input, whoever comes first.
    bool claimOrdered(std::size_t index)
    {
        const std::lock_guard lock(m_mutex);
        const bool first = !m_claimed[index];
        m_claimed[index] = true;
        return first;
    }
    Batch map(std::size_t index, const Batch& batch) const
    {
        Batch result;
        result.storedRows = batch.storedRows;
        result.selection = batch.selection;
        for (std::size_t c = 0; c < columns().size(); ++c) {
            if (m_nameColumn && columns()[c].id == *m_nameColumn)
                result.columns.push_back(Vector::constant(Value::string(m_names[index]), batch.storedRows));
            else if (const auto place = m_places[index][c])
                result.columns.push_back(batch.columns[*place]);
            else
                result.columns.push_back(Vector::nulls(columns()[c].type, batch.storedRows));
        }
        return result;
    }

private:
    std::vector<OperatorPtr> m_inputs;
    std::vector<std::string> m_names;
    std::optional<ColumnId> m_nameColumn;
    std::vector<std::vector<std::optional<std::size_t>>> m_places;
    std::vector<std::uint64_t> m_firstOrdinals{0};
    std::mutex m_mutex;
    std::vector<bool> m_claimed;
};

class UnionCursor final : public Cursor {
public:
    UnionCursor(UnionOperator& op, Run& run) : m_operator(op), m_run(run) {}
    Result<std::optional<Batch>> next() override
    {
        for (; m_index < m_operator.inputCount(); ++m_index, m_input.reset()) {
            if (!m_input) {
                if (m_operator.input(m_index).ordered() && !m_operator.claimOrdered(m_index))
                    continue;
                m_input = m_operator.input(m_index).cursor(m_run);
                if (m_watch)
                    m_input->follow(*m_watch, m_base + m_operator.firstOrdinal(m_index));
            }
            TOCSIN_TRY_ASSIGN(const std::optional<Batch> batch, m_input->next());
            if (batch)
                return m_operator.map(m_index, *batch);
        }
        return std::nullopt;
    }
    std::uint64_t ordinal() const override { return m_operator.firstOrdinal(m_index) + (m_input ? m_input->ordinal() : 0); }
    void follow(Watch& watch, std::uint64_t base) override
    {
        m_watch = &watch;
        m_base = base;
    }

private:
    UnionOperator& m_operator;
    Run& m_run;
    std::unique_ptr<Cursor> m_input;
    std::size_t m_index = 0;
    Watch* m_watch = nullptr;
    std::uint64_t m_base = 0;
};

std::unique_ptr<Cursor> UnionOperator::cursor(Run& run) { return std::make_unique<UnionCursor>(*this, run); }

} // namespace

OperatorPtr makeUnion(const PlanNode& node, std::vector<OperatorPtr> inputs) { return std::make_unique<UnionOperator>(node, std::move(inputs)); }

} // namespace tocsin::kql
