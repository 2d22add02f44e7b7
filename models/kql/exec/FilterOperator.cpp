// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"
#include "kql/exec/StreamOperator.h"

namespace tocsin::kql {
namespace {

/// The parts of a chain of `and`: a row passes when each is true, so the later ones need only see what the earlier left.
void splitConjuncts(const ExpressionPtr& condition, std::vector<ExpressionPtr>& parts)
{
    if (condition->kind == Expression::Kind::Call && condition->function->name == "and") {
        for (const ExpressionPtr& argument : condition->arguments)
            splitConjuncts(argument, parts);
        return;
    }
    parts.push_back(condition);
}

class FilterOperator final : public StreamOperator {
public:
    FilterOperator(const PlanNode& node, OperatorPtr input) : StreamOperator(node, std::move(input)) { splitConjuncts(node.expressions[0], m_conditions); }

private:
    class FilterWorker final : public Worker {
    public:
        explicit FilterWorker(std::vector<Evaluator> conditions) : m_conditions(std::move(conditions)) {}
        Result<Batch> apply(Batch batch, std::uint64_t firstRow) override
        {
            for (Evaluator& condition : m_conditions) {
                if (batch.rows() == 0)
                    break;
                RowSet rows(batch, firstRow);
                TOCSIN_TRY_ASSIGN(const Vector result, condition.evaluate(rows));
                keep(batch, result);
            }
            return batch;
        }

    private:
        static void keep(Batch& batch, const Vector& result)
        {
            const std::size_t rows = batch.rows();
            auto kept = std::make_shared<std::vector<std::uint32_t>>(rows);
            std::uint32_t* out = kept->data();
            const std::uint32_t* selected = batch.selection ? batch.selection->data() : nullptr;
            const auto select = [&](const auto& passes) { // without a branch: which rows pass is hard to guess
                for (std::size_t i = 0; i < rows; ++i) {
                    *out = selected ? selected[i] : static_cast<std::uint32_t>(i);
                    out += passes(i);
                }
            };
            if (result.isDictionary() && !result.dictionaryValues().nullMask()) {
                select([codes = result.codes().data(), values = result.dictionaryValues().values<std::uint8_t>().data()](std::size_t i) { return values[codes[i]] != 0; });
            } else if (result.kind() == VectorKind::Flat && !result.nullMask()) {
                select([values = result.values<std::uint8_t>().data()](std::size_t i) { return values[i] != 0; });
            } else {
                const VectorReader<std::uint8_t> reader(result);
                select([&](std::size_t i) { return reader[i] && !reader.isNull(i); });
            }
            const auto count = static_cast<std::size_t>(out - kept->data());
            if (count == rows)
                return;
            kept->resize(count);
            batch.selection = std::move(kept);
        }
        std::vector<Evaluator> m_conditions;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(std::vector<Evaluator> conditions, makeEvaluators(m_conditions, input().layout(), run));
        return std::make_unique<FilterWorker>(std::move(conditions));
    }
    std::vector<ExpressionPtr> m_conditions;
};

} // namespace

OperatorPtr makeFilter(const PlanNode& node, OperatorPtr input) { return std::make_unique<FilterOperator>(node, std::move(input)); }

} // namespace tocsin::kql
