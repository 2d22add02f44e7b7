// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/Binder.h"
#include "kql/services/LetRefactoring.h"
#include "kql/services/SyntaxPath.h"

namespace tocsin::kql::services {

namespace {

/// The query whose result an operator works on: the definitions before it, and its pipeline up to its `|`. Empty if it begins a pipeline.
std::string queryBefore(std::string_view text, const std::vector<SyntaxStep>& path, std::size_t column)
{
    const PipelineSyntax* pipeline = nullptr;
    const OperatorSyntax* op = nullptr;
    for (const SyntaxStep& step : path) {
        if (step.pipeline)
            pipeline = step.pipeline;
        else if (step.op)
            op = step.op;
    }
    if (path.empty() || !path.front().statement || !pipeline || !op || !pipeline->source || pipeline->span.start > op->span.start)
        return {};
    std::size_t end = pipeline->source->span.end();
    for (const OperatorSyntax* before : pipeline->operators)
        if (before->span.end() < op->span.start)
            end = before->span.end();
    return end > column ? std::string() : std::string(text.substr(0, path.front().span().start)) + std::string(text.substr(pipeline->span.start, end - pipeline->span.start));
}

} // namespace

ColumnTypes boundColumnTypes(const catalog::Snapshot& snapshot, const FunctionRegistry& functions)
{
    return [&snapshot, &functions](std::string_view query, std::size_t place) -> std::optional<DataType> {
        const auto tree = parseQuery(std::string(query));
        const std::vector<SyntaxStep> path = pathTo(*tree, {place, 1});
        const std::string before = queryBefore(query, path, place);
        if (before.empty() || path.empty() || !path.back().expression)
            return std::nullopt;
        const BoundQuery bound = bindQuery(before, snapshot, functions);
        if (!bound.ok() || bound.results.empty())
            return std::nullopt;
        for (const PlanColumn& column : bound.results.back().plan->columns)
            if (column.name == path.back().expression->name.text)
                return column.type;
        return std::nullopt;
    };
}

} // namespace tocsin::kql::services
