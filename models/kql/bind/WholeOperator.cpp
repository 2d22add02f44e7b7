// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/WholeOperator.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

bool isCall(const ExpressionSyntax& expression)
{
    if (expression.kind == ExpressionSyntax::Kind::SchemaCast)
        return !expression.arguments.empty() && isCall(*expression.arguments[0]);
    return expression.kind == ExpressionSyntax::Kind::Call;
}

} // namespace

bool isWholeOperator(const OperatorSyntax& op)
{
    using K = OperatorSyntax::Kind;
    const bool first = !op.expressions.empty();
    switch (op.kind) {
    case K::Where: case K::Find: case K::Search: case K::Parse: case K::ParseWhere: case K::ParseKv: case K::MacroExpand: return first;
    case K::GraphWhereNodes: case K::GraphWhereEdges: return first;
    case K::Invoke: case K::Evaluate: return first && isCall(*op.expressions[0]);
    case K::Sort: return !op.orders.empty();
    case K::Top: return op.count && !op.orders.empty();
    case K::Take: case K::Sample: return op.count;
    case K::TopHitters: case K::SampleDistinct: return op.count && first;
    case K::TopNested: return !op.levels.empty();
    case K::Join: case K::Lookup: case K::GraphMerge: return op.table;
    case K::MvApply: return !op.expansions.empty() && op.subquery;
    case K::MvExpand: return !op.expansions.empty();
    case K::MakeSeries: return op.axis && !op.series.empty();
    case K::Partition: return !op.by.empty() && op.subquery;
    case K::Reduce: return !op.by.empty();
    case K::Range: return op.expressions.size() == 3;
    case K::MakeGraph: return op.graph.source && op.graph.target;
    case K::GraphMatch: case K::GraphShortestPaths:
        return !op.graph.patterns.empty() && std::none_of(op.graph.patterns.begin(), op.graph.patterns.end(), [](const auto& path) { return path.empty(); });
    case K::GraphToTable: return !op.graph.outputs.empty();
    default: return true;
    }
}

} // namespace tocsin::kql
