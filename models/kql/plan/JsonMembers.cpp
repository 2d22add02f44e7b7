// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/JsonMembers.h"

#include "kql/plan/PlanExpressions.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

using K = PlanNode::Kind;

/// A text column and a key in it.
using Use = std::pair<ColumnId, std::string>;

/// parse_json(column).key, if the expression is that.
std::optional<Use> memberUse(const Expression& expression)
{
    if (expression.kind != Expression::Kind::Call || expression.function->name != "[]" || expression.arguments.size() != 2)
        return std::nullopt;
    const Expression& key = *expression.arguments[1];
    const Expression& bag = *expression.arguments[0];
    if (key.kind != Expression::Kind::Literal || key.type != DataType::String || key.value.isNull())
        return std::nullopt;
    if (bag.kind != Expression::Kind::Call || bag.function->name != "parse_json" || bag.arguments.size() != 1)
        return std::nullopt;
    const Expression& text = *bag.arguments[0];
    if (text.kind != Expression::Kind::Column || text.type != DataType::String)
        return std::nullopt;
    return Use(text.column, key.value.asText());
}

class MemberReading {
public:
    void collect(const PlanPtr& plan)
    {
        if (!m_seen.insert(plan.get()).second)
            return;
        for (const PlanColumn& column : plan->columns)
            if (column.id != kRowIdColumn)
                m_nextColumn = std::max(m_nextColumn, column.id + 1);
        forEachExpression(*plan, [&](const ExpressionPtr& expression) {
            if (!expression)
                return;
            visitExpression(*expression, [&](const Expression& e) {
                if (e.kind == Expression::Kind::Column && e.column != kRowIdColumn)
                    m_nextColumn = std::max(m_nextColumn, e.column + 1);
                if (const auto use = memberUse(e))
                    m_uses.insert(*use);
                if (e.subplan)
                    collect(e.subplan);
            });
        });
        for (const PlanPtr& input : plan->inputs)
            collect(input);
    }
    bool hasUses() const { return !m_uses.empty(); }

    /// The plan with its own columns.
    PlanPtr rewrite(const PlanPtr& plan)
    {
        if (const auto done = m_done.find(plan.get()); done != m_done.end())
            return done->second;
        Given given;
        PlanPtr result = rewrite(plan, given);
        if (!given.empty())
            result = withColumns(result, plan->columns);
        m_done.emplace(plan.get(), result);
        return result;
    }

private:
    using Given = std::map<Use, PlanColumn>; ///< members that an input gives as columns, behind its others

    PlanPtr rewrite(const PlanPtr& plan, Given& given)
    {
        switch (plan->kind) {
        case K::Scan: return rewriteScan(*plan, given);
        case K::Filter: case K::Sort: case K::Top: case K::Take: case K::Serialize: case K::Named: {
            auto node = withInput(*plan, given);
            node->columns = node->inputs[0]->columns;
            return node;
        }
        case K::Project: {
            auto node = withInput(*plan, given);
            for (const auto& [use, column] : given) {
                node->assignments.push_back({column, columnRef(column.id, column.type)});
                node->columns.push_back(column);
            }
            return node;
        }
        case K::Aggregate: case K::MakeSeries: {
            Given below;
            auto node = withInput(*plan, below);
            return node;
        }
        default: {
            auto node = std::make_shared<PlanNode>(*plan);
            for (PlanPtr& input : node->inputs)
                input = rewrite(input);
            forEachExpression(*node, [&](ExpressionPtr& expression) { expression = replaced(expression, {}); });
            return node;
        }
        }
    }

    std::shared_ptr<PlanNode> withInput(const PlanNode& plan, Given& given)
    {
        auto node = std::make_shared<PlanNode>(plan);
        if (node->inputs.size() == 1)
            node->inputs[0] = rewrite(node->inputs[0], given);
        forEachExpression(*node, [&](ExpressionPtr& expression) { expression = replaced(expression, given); });
        return node;
    }

    PlanPtr rewriteScan(const PlanNode& plan, Given& given)
    {
        std::vector<catalog::JsonMember> members;
        std::vector<Use> uses;
        for (std::size_t i = 0; i < plan.columns.size(); ++i)
            for (auto use = m_uses.lower_bound({plan.columns[i].id, {}}); use != m_uses.end() && use->first == plan.columns[i].id; ++use) {
                members.push_back({plan.scanColumns[i], use->second});
                uses.push_back(*use);
            }
        const auto source = members.empty() ? nullptr : plan.source->withMembers(members);
        auto node = std::make_shared<PlanNode>(plan);
        if (!source)
            return node;
        const std::size_t before = plan.source->schema().columns.size();
        const std::size_t after = source->schema().columns.size();
        for (std::size_t& column : node->scanColumns)
            column = column >= before ? column - before + after : column; // the time of ingestion stands behind all
        for (catalog::ScanPredicate& predicate : node->predicates)
            predicate.column = predicate.column >= before ? predicate.column - before + after : predicate.column;
        node->source = source;
        for (std::size_t i = 0; i < uses.size(); ++i) {
            const PlanColumn column{m_nextColumn++, source->schema().columns[before + i].name, DataType::Dynamic};
            node->columns.push_back(column);
            node->scanColumns.push_back(before + i);
            given.emplace(uses[i], column);
        }
        return node;
    }

    ExpressionPtr replaced(const ExpressionPtr& expression, const Given& given)
    {
        if (!expression)
            return expression;
        if (const auto use = memberUse(*expression)) {
            const auto column = given.find(*use);
            return column == given.end() ? expression : columnRef(column->second.id, DataType::Dynamic, expression->span);
        }
        ExpressionPtr result = expression;
        const auto change = [&]() -> Expression& {
            if (result == expression)
                result = std::make_shared<Expression>(*expression);
            return const_cast<Expression&>(*result);
        };
        for (std::size_t i = 0; i < expression->arguments.size(); ++i)
            if (const ExpressionPtr argument = replaced(expression->arguments[i], given); argument != expression->arguments[i])
                change().arguments[i] = argument;
        if (expression->subplan)
            if (const PlanPtr subplan = rewrite(expression->subplan); subplan != expression->subplan)
                change().subplan = subplan;
        return result;
    }

    static PlanPtr withColumns(const PlanPtr& input, const std::vector<PlanColumn>& columns)
    {
        auto project = std::make_shared<PlanNode>();
        project->kind = K::Project;
        project->span = input->span;
        project->serialized = input->serialized;
        project->columns = columns;
        for (const PlanColumn& column : columns)
            project->assignments.push_back({column, columnRef(column.id, column.type)});
        project->inputs = {input};
        return project;
    }

    std::set<const PlanNode*> m_seen;
    std::set<Use> m_uses;
    ColumnId m_nextColumn = ColumnId{1} << 30; ///< the binder numbers from 0
    std::map<const PlanNode*, PlanPtr> m_done;
};

} // namespace

void readMembers(BoundQuery& query)
{
    MemberReading reading;
    for (const BoundResult& result : query.results)
        reading.collect(result.plan);
    if (!reading.hasUses())
        return;
    for (BoundResult& result : query.results)
        result.plan = reading.rewrite(result.plan);
}

} // namespace tocsin::kql
