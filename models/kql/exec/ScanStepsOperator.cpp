// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/Operators.h"
#include "kql/exec/Subquery.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tocsin::kql {
namespace {

/// A row with its declared columns, as it matched a step.
using Row = std::shared_ptr<const std::vector<Value>>;

/// What a step remembers: the row that matched it and each step before it, and the match they belong to.
struct StepState {
    std::vector<Row> rows; ///< by step; empty: no active match
    std::int64_t matchId = 0;
    bool active() const { return !rows.empty(); }
};

/// An expression over the row and the states of the steps, computed for one row at a time.
class RowExpression {
public:
    static Result<RowExpression> make(const Expression& expression, const PlanNode& node, const std::vector<PlanColumn>& rowColumns, Run& run)
    {
        RowExpression result;
        std::vector<PlanColumn> columns;
        const auto add = [&](const PlanColumn& column, std::optional<std::size_t> step, std::size_t place) {
            bool used = false;
            visitExpression(expression, [&](const Expression& e) { used = used || (e.kind == Expression::Kind::Column && e.column == column.id); });
            if (used) {
                columns.push_back(column);
                result.m_sources.push_back({step, place});
            }
        };
        for (std::size_t c = 0; c < rowColumns.size(); ++c)
            add(rowColumns[c], std::nullopt, c);
        for (std::size_t s = 0; s < node.scanSteps.size(); ++s)
            for (std::size_t c = 0; c < node.scanSteps[s].state.size(); ++c)
                add(node.scanSteps[s].state[c], s, c);
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(expression, Layout(columns), run));
        result.m_evaluator.emplace(std::move(evaluator));
        return result;
    }
    Result<Value> evaluate(const std::vector<Value>& row, const StepState& state, const std::vector<Value>& initial)
    {
        Batch batch;
        batch.storedRows = 1;
        for (const auto& [step, place] : m_sources) {
            const bool matched = step && *step < state.rows.size() && state.rows[*step];
            batch.columns.push_back(Vector::constant(step ? (matched ? (*state.rows[*step])[place] : initial[place]) : row[place], 1));
        }
        RowSet rows(batch);
        TOCSIN_TRY_ASSIGN(const Vector result, m_evaluator->evaluate(rows));
        return result.valueAt(0);
    }

private:
    std::vector<std::pair<std::optional<std::size_t>, std::size_t>> m_sources; ///< step (none: the row) and column
    std::optional<Evaluator> m_evaluator;
};

/// The scan operator (learn.microsoft.com/kusto/query/scan-operator): each row is tried against the steps from the last to the first;
/// it matches a step by the state of the step before, which moves up, or by the step's own state.
class ScanSteps {
public:
    ScanSteps(const PlanNode& node, std::vector<PlanColumn> input) : m_node(node), m_inputColumns(std::move(input)) {}

    Result<void> operator()(const Batch& rows, Run& run, BatchCollector& out)
    {
        Result<void> result = scan(rows, run, out);
        run.leave(std::exchange(m_output, {}));
        run.leave(std::exchange(m_partitions, {}));
        return result;
    }

private:
    struct Output {
        Row row;
        std::int64_t matchId;
    };

    Result<void> scan(const Batch& rows, Run& run, BatchCollector& out)
    {
        TOCSIN_TRY(open(run));
        std::vector<std::uint32_t> partitions(rows.storedRows, 0);
        std::size_t partitionCount = 1;
        if (!m_node.leftKeys.empty()) {
            TOCSIN_TRY_ASSIGN(partitionCount, partition(rows, partitions, run));
        }
        m_partitions.assign(partitionCount, std::vector<StepState>(m_node.scanSteps.size()));
        m_nextMatch = 0;
        for (std::size_t r = 0; r < rows.storedRows; ++r) {
            if (r % 256 == 0)
                TOCSIN_TRY(run.checkStop());
            std::vector<Value> row;
            for (const Vector& column : rows.columns)
                row.push_back(column.valueAt(r));
            row.insert(row.end(), m_initial.begin() + static_cast<std::ptrdiff_t>(m_inputColumns.size()), m_initial.end());
            TOCSIN_TRY(step(std::move(row), m_partitions[partitions[r]]));
        }
        for (std::vector<StepState>& states : m_partitions)
            for (std::size_t s = 0; s < states.size(); ++s)
                leave(s, states[s]);
        return write(run, out);
    }
    Result<void> open(Run& run)
    {
        std::vector<PlanColumn> rowColumns = m_inputColumns;
        rowColumns.insert(rowColumns.end(), m_node.parseColumns.begin(), m_node.parseColumns.end());
        m_conditions.clear();
        m_assignments.clear();
        m_output.clear();
        for (const PlanNode::ScanStep& step : m_node.scanSteps) {
            TOCSIN_TRY_ASSIGN(RowExpression condition, RowExpression::make(*step.condition, m_node, rowColumns, run));
            m_conditions.push_back(std::move(condition));
            m_assignments.emplace_back();
            for (const Assignment& assignment : step.assignments) {
                TOCSIN_TRY_ASSIGN(RowExpression value, RowExpression::make(*assignment.value, m_node, rowColumns, run));
                const auto place = std::find_if(rowColumns.begin(), rowColumns.end(), [&](const PlanColumn& c) { return c.id == assignment.column.id; });
                m_assignments.back().emplace_back(static_cast<std::size_t>(place - rowColumns.begin()), std::move(value));
            }
        }
        m_initial.clear();
        for (const PlanColumn& column : m_inputColumns)
            m_initial.push_back(Value::null(column.type));
        for (const Assignment& declared : m_node.assignments) {
            TOCSIN_TRY_ASSIGN(Value value, evaluateConstant(*declared.value, run));
            m_initial.push_back(std::move(value));
        }
        return {};
    }
    Result<std::size_t> partition(const Batch& rows, std::vector<std::uint32_t>& partitions, Run& run) const
    {
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> evaluators, makeEvaluators(m_node.leftKeys, Layout(m_inputColumns), run));
        RowSet set(rows);
        std::vector<DataType> types;
        std::vector<Vector> keys;
        for (Evaluator& evaluator : evaluators) {
            TOCSIN_TRY_ASSIGN(Vector key, evaluator.evaluate(set));
            types.push_back(key.type());
            keys.push_back(std::move(key));
        }
        KeyTable table(types);
        table.assign(keys, rows.storedRows, partitions);
        return std::max<std::size_t>(1, table.size());
    }
    /// The state a row may match step s by, coming from the steps before (optional ones may be left out): the step it is the state of.
    std::optional<std::size_t> before(std::size_t s, const std::vector<StepState>& states) const
    {
        while (s-- > 0) {
            if (states[s].active())
                return s;
            if (!m_node.scanSteps[s].optional)
                break;
        }
        return std::nullopt;
    }
    Result<void> step(std::vector<Value> row, std::vector<StepState>& states)
    {
        for (std::size_t s = states.size(); s-- > 0;) {
            if (const auto from = before(s, states)) {
                TOCSIN_TRY_ASSIGN(const Value matches, m_conditions[s].evaluate(row, states[*from], m_initial));
                if (!matches.isNull() && matches.asBool()) {
                    leave(s, states[s]);
                    StepState moved = std::exchange(states[*from], {});
                    leaveLast(*from, moved);
                    TOCSIN_TRY(match(s, row, moved));
                    states[s] = std::move(moved);
                    continue;
                }
            }
            if (!states[s].active() && s != 0 && !optionalStart(s))
                continue;
            TOCSIN_TRY_ASSIGN(const Value matches, m_conditions[s].evaluate(row, states[s], m_initial));
            if (matches.isNull() || !matches.asBool())
                continue;
            StepState next = states[s];
            if (!next.active())
                next.matchId = m_nextMatch++;
            TOCSIN_TRY(match(s, row, next));
            states[s] = std::move(next);
        }
        return {};
    }
    /// Whether all steps before it may be left out, so that a match may begin with it.
    bool optionalStart(std::size_t s) const
    {
        return std::all_of(m_node.scanSteps.begin(), m_node.scanSteps.begin() + static_cast<std::ptrdiff_t>(s), [](const PlanNode::ScanStep& step) { return step.optional; });
    }
    Result<void> match(std::size_t s, std::vector<Value> row, StepState& state)
    {
        for (auto& [place, value] : m_assignments[s]) {
            TOCSIN_TRY_ASSIGN(row[place], value.evaluate(row, state, m_initial));
        }
        state.rows.resize(m_node.scanSteps.size());
        state.rows[s] = std::make_shared<const std::vector<Value>>(std::move(row));
        if (m_node.scanSteps[s].output == "all")
            m_output.push_back({state.rows[s], state.matchId});
        return {};
    }
    /// A match that ends or moves on gives the last row of a step with output=last.
    void leaveLast(std::size_t s, const StepState& state)
    {
        if (state.active() && m_node.scanSteps[s].output == "last" && state.rows[s])
            m_output.push_back({state.rows[s], state.matchId});
    }
    void leave(std::size_t s, StepState& state)
    {
        leaveLast(s, state);
        state = {};
    }
    /// The rows are given up on the way, so that not all are freed at once.
    Result<void> write(const Run& run, BatchCollector& out)
    {
        for (std::size_t start = 0; start < m_output.size(); start += kBatchRows) {
            TOCSIN_TRY(run.checkStop());
            const std::size_t end = std::min(start + kBatchRows, m_output.size());
            Batch batch;
            batch.storedRows = end - start;
            for (std::size_t c = 0; c < m_node.columns.size(); ++c) {
                VectorBuilder builder(m_node.columns[c].type);
                for (std::size_t i = start; i < end; ++i)
                    builder.append(m_node.itemIndexColumn == m_node.columns[c].id ? Value::int64(m_output[i].matchId) : (*m_output[i].row)[c]);
                batch.columns.push_back(builder.finish());
            }
            TOCSIN_TRY(out.add(std::move(batch)));
            for (std::size_t i = start; i < end; ++i)
                m_output[i].row.reset();
        }
        return {};
    }

    PlanNode m_node;
    std::vector<PlanColumn> m_inputColumns;
    std::vector<RowExpression> m_conditions;
    std::vector<std::vector<std::pair<std::size_t, RowExpression>>> m_assignments;
    std::vector<Value> m_initial;
    std::vector<std::vector<StepState>> m_partitions;
    std::vector<Output> m_output;
    std::int64_t m_nextMatch = 0;
};

} // namespace

Result<OperatorPtr> makeScanSteps(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    if (!node.sortKeys.empty()) {
        PlanNode sort;
        sort.kind = PlanNode::Kind::Sort;
        sort.columns = input->columns();
        sort.sortKeys = node.sortKeys;
        sort.serialized = true;
        input = makeSort(sort, std::move(input));
    }
    const auto steps = std::make_shared<ScanSteps>(node, input->columns());
    return makeWholeInput(node, std::move(input), [steps](const Batch& rows, Run& r, BatchCollector& out) { return (*steps)(rows, r, out); });
}

} // namespace tocsin::kql
