// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"

#include "column/Dynamic.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/Operators.h"
#include "kql/exec/Subquery.h"
#include "kql/plan/PlanExpressions.h"

namespace tocsin::kql {
namespace {

/// Runs a subquery and keeps its first column.
Result<std::vector<Value>> computeFirstColumn(const PlanPtr& plan, Run& run, std::size_t limit)
{
    TOCSIN_TRY_ASSIGN(const OperatorPtr op, compile(plan, run));
    TOCSIN_TRY(op->prepare(run));
    MemoryShare memory(run.memory());
    TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*op, run, memory));
    std::vector<Value> values;
    for (const Batch& batch : batches)
        for (std::size_t row = 0; row < batch.rows() && values.size() < limit; ++row)
            values.push_back(batch.columns[0].valueAt(row));
    return values;
}

Result<std::vector<Value>> firstColumn(const PlanPtr& plan, Run& run, std::size_t limit)
{
    if (run.subqueryRows().empty() || standsOnSubqueryRows(*plan))
        return computeFirstColumn(plan, run, limit);
    // What is compiled anew for each group asks again for what is the same for all of them.
    auto& known = run.subqueryRows().front()->values;
    const auto key = std::pair(plan, limit);
    auto found = known.find(key);
    if (found == known.end()) {
        TOCSIN_TRY_ASSIGN(std::vector<Value> values, computeFirstColumn(plan, run, limit));
        found = known.emplace(key, std::move(values)).first;
    }
    return found->second;
}

Result<ExpressionPtr> subqueryValue(const Expression& expression, Run& run)
{
    if (expression.kind == Expression::Kind::Scalar) {
        TOCSIN_TRY_ASSIGN(const std::vector<Value> values, firstColumn(expression.subplan, run, 1));
        const Value value = values.empty() ? Value::null(expression.subplan->columns[0].type) : values[0];
        return convert(literal(value, expression.span), expression.type);
    }
    TOCSIN_TRY_ASSIGN(const std::vector<Value> values, firstColumn(expression.subplan, run, ~std::size_t{0}));
    DynamicBuilder builder;
    builder.beginArray();
    for (const Value& value : values)
        builder.value(value);
    builder.endArray();
    return literal(Value::dynamic(builder.take()), expression.span);
}

bool hasSubquery(const Expression& expression)
{
    bool found = false;
    visitExpression(expression, [&](const Expression& e) { found = found || e.subplan; });
    return found;
}

Result<void> resolve(ExpressionPtr& expression, Run& run)
{
    if (!expression || !hasSubquery(*expression))
        return {};
    TOCSIN_TRY_ASSIGN(expression, resolveSubqueries(expression, run));
    return {};
}

/// The node with its own expressions free of subqueries.
Result<PlanNode> resolveNode(const PlanNode& node, Run& run)
{
    PlanNode copy = node;
    Result<void> resolved;
    forEveryExpression(copy, [&](ExpressionPtr& expression) {
        if (resolved)
            resolved = resolve(expression, run);
    });
    if (!resolved)
        return std::unexpected(std::move(resolved).error());
    return copy;
}

bool callsWindow(const Expression& expression)
{
    return expression.kind == Expression::Kind::Call && expression.function->has(FunctionTrait::Window);
}

/// A window function that needs rows behind its own, as prev does with an offset below 0, or so many before it that carrying them over
/// from batch to batch costs more than having all rows as one.
bool needsAllRows(const Expression& call)
{
    const auto isNear = [](const Expression& offset) {
        return offset.kind == Expression::Kind::Literal && !offset.value.isNull() && offset.value.asLong() >= 0 && offset.value.asLong() <= static_cast<std::int64_t>(kBatchRows);
    };
    return call.function->has(FunctionTrait::LooksAhead) || (call.function->name == "prev" && call.arguments.size() > 1 && !isNear(*call.arguments[1]));
}

template <typename Found>
bool anyExpression(const PlanNode& node, const Found& found)
{
    bool any = false;
    const auto visit = [&](const Expression& each) { any = any || found(each); };
    for (const ExpressionPtr& expression : node.expressions)
        visitExpression(*expression, visit);
    for (const Assignment& assignment : node.assignments)
        visitExpression(*assignment.value, visit);
    return any;
}

} // namespace

Result<ExpressionPtr> resolveSubqueries(const ExpressionPtr& expression, Run& run)
{
    if (expression->subplan)
        return subqueryValue(*expression, run);
    auto copy = std::make_shared<Expression>(*expression);
    for (ExpressionPtr& argument : copy->arguments)
        TOCSIN_TRY(resolve(argument, run));
    return copy;
}

Result<OperatorPtr> compile(const PlanPtr& plan, Run& run)
{
    TOCSIN_TRY(run.checkStop());
    TOCSIN_TRY_ASSIGN(const PlanNode node, resolveNode(*plan, run));
    if (isExtension(node))
        return compileExtension(node, run);
    std::vector<OperatorPtr> inputs;
    for (const PlanPtr& inputPlan : node.inputs) {
        TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(inputPlan, run));
        inputs.push_back(std::move(input));
    }
    const bool windows = (node.kind == PlanNode::Kind::Project || node.kind == PlanNode::Kind::Filter) && anyExpression(node, callsWindow);
    if (windows && (!node.serialized || !inputs[0]->ordered() || anyExpression(node, [](const Expression& e) { return callsWindow(e) && needsAllRows(e); })))
        inputs[0] = makeSingleBatch(std::move(inputs[0]), *node.inputs[0]);
    switch (node.kind) {
    case PlanNode::Kind::Scan: return makeScan(node);
    case PlanNode::Kind::CountRows: return makeCountRows(node);
    case PlanNode::Kind::Fetch: return makeFetch(node, std::move(inputs[0]));
    case PlanNode::Kind::Rows: return makeRows(node);
    case PlanNode::Kind::Range: return makeRange(node);
    case PlanNode::Kind::Filter: return makeFilter(node, std::move(inputs[0]));
    case PlanNode::Kind::Project: return makeProject(node, std::move(inputs[0]));
    case PlanNode::Kind::Aggregate: return makeAggregate(node, std::move(inputs[0]));
    case PlanNode::Kind::Sort: return makeSort(node, std::move(inputs[0]));
    case PlanNode::Kind::Top: return makeTop(node, std::move(inputs[0]));
    case PlanNode::Kind::Take: return makeTake(node, std::move(inputs[0]));
    case PlanNode::Kind::Join: return makeJoin(node, std::move(inputs[0]), std::move(inputs[1]));
    case PlanNode::Kind::Union: return makeUnion(node, std::move(inputs));
    case PlanNode::Kind::MvExpand: return makeMvExpand(node, std::move(inputs[0]));
    case PlanNode::Kind::Parse: return makeParse(node, std::move(inputs[0]));
    case PlanNode::Kind::Serialize: return makeSerialize(node, std::move(inputs[0]));
    case PlanNode::Kind::Shared: return makeShared(node, std::move(inputs[0]), *node.inputs[0]);
    case PlanNode::Kind::Named: return std::move(inputs[0]);
    case PlanNode::Kind::MakeSeries: return makeSeries(node, std::move(inputs[0]));
    case PlanNode::Kind::Extension: break;
    }
    return fail(kInternal, "an extension reached the compiler of plain operators");
}

} // namespace tocsin::kql
