// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/Reduce.h"
#include "kql/exec/Subquery.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kReduceThreshold{"query.reduce_threshold", "The threshold of reduce must be a number from 0 to 1", "Leave it out for 0.1."};

constexpr double kThreshold = 0.1;

Result<double> thresholdOf(const PlanNode& node)
{
    const auto found = node.options.find("threshold");
    if (found == node.options.end())
        return kThreshold;
    const Value& value = found->second;
    if (!value.isNull() && (value.type() == DataType::Real || value.type() == DataType::Long || value.type() == DataType::Int)) {
        const double threshold = value.type() == DataType::Real ? value.asReal() : value.type() == DataType::Int ? value.asInt() : static_cast<double>(value.asLong());
        if (threshold >= 0 && threshold <= 1)
            return threshold;
    }
    Error error = makeError(kReduceThreshold);
    error.at(node.span);
    return std::unexpected(std::move(error));
}

/// kind=source: the rows as they are, each with its pattern.
Result<void> addPatterns(const PlanNode& node, const Batch& rows, const Layout& layout, const std::vector<ReducedGroup>& groups, const std::vector<std::uint32_t>& groupOf, BatchCollector& out)
{
    TypedBuilder<DataType::String> patterns;
    for (const std::uint32_t group : groupOf)
        patterns.append(groups[group].pattern);
    Batch batch;
    batch.storedRows = rows.storedRows;
    const Vector pattern = patterns.finish();
    for (const PlanColumn& column : node.columns)
        batch.columns.push_back(layout.contains(column.id) ? rows.columns[layout.indexOf(column.id)] : pattern);
    return out.add(std::move(batch));
}

} // namespace

/// reduce by text: patterns, how many texts each stands for, and one of them.
Result<OperatorPtr> makeReduce(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(const double threshold, thresholdOf(node));
    const auto characters = node.options.find("characters");
    const std::string separators = characters == node.options.end() ? std::string() : characters->second.toString();
    const Layout layout = input->layout();
    return makeWholeInput(node, std::move(input), [node, layout, threshold, separators](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*node.expressions[0], layout, r));
        RowSet set(rows);
        TOCSIN_TRY_ASSIGN(const Vector values, evaluator.evaluate(set));
        const VectorReader<std::string_view> reader(values);
        std::vector<std::string_view> texts;
        for (std::size_t row = 0; row < rows.storedRows; ++row)
            texts.push_back(reader[row]);
        MemoryShare memory(r.memory());
        TOCSIN_TRY(memory.resize(texts.size() * 4 * sizeof(std::string_view)));
        const bool ofRows = node.options.contains("kind");
        std::vector<std::uint32_t> groupOf;
        TOCSIN_TRY_ASSIGN(const std::vector<ReducedGroup> groups, reduceTexts(texts, threshold, separators, r, ofRows ? &groupOf : nullptr));
        if (ofRows)
            return addPatterns(node, rows, layout, groups, groupOf, out);
        TypedBuilder<DataType::String> patterns, representatives;
        TypedBuilder<DataType::Long> counts;
        for (const ReducedGroup& group : groups) {
            patterns.append(group.pattern);
            counts.append(group.count);
            representatives.append(group.representative);
        }
        Batch batch;
        batch.storedRows = groups.size();
        batch.columns = {patterns.finish(), counts.finish(), representatives.finish()};
        return out.add(std::move(batch));
    });
}

} // namespace tocsin::kql
