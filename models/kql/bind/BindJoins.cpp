// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

constexpr std::pair<std::string_view, JoinKind> kJoinKinds[] = {
    {"innerunique", JoinKind::InnerUnique}, {"inner", JoinKind::Inner}, {"leftouter", JoinKind::LeftOuter}, {"rightouter", JoinKind::RightOuter},
    {"fullouter", JoinKind::FullOuter}, {"leftsemi", JoinKind::LeftSemi}, {"rightsemi", JoinKind::RightSemi}, {"leftanti", JoinKind::LeftAnti},
    {"anti", JoinKind::LeftAnti}, {"leftantisemi", JoinKind::LeftAnti}, {"rightanti", JoinKind::RightAnti}, {"rightantisemi", JoinKind::RightAnti},
    {"semi", JoinKind::LeftSemi}};

/// The comparisons of `a == b and c == d`.
void splitConditions(const ExpressionSyntax& condition, std::vector<const ExpressionSyntax*>& out)
{
    if (condition.kind == ExpressionSyntax::Kind::Parenthesis)
        return splitConditions(*condition.arguments[0], out);
    const ExpressionSyntax* at = &condition;
    std::vector<const ExpressionSyntax*> reversed;
    while (at->kind == ExpressionSyntax::Kind::Binary && at->op == "and") {
        reversed.push_back(at->arguments[1]);
        at = at->arguments[0];
    }
    out.push_back(at);
    out.insert(out.end(), reversed.rbegin(), reversed.rend());
}

enum class Side { None, Left, Right, Both };

Side sideOf(const Expression& expression, const Relation& left)
{
    bool usesLeft = false, usesRight = false;
    visitExpression(expression, [&](const Expression& e) {
        if (e.kind != Expression::Kind::Column)
            return;
        const bool inLeft = std::any_of(left.plan->columns.begin(), left.plan->columns.end(), [&](const PlanColumn& c) { return c.id == e.column; });
        (inLeft ? usesLeft : usesRight) = true;
    });
    return usesLeft ? (usesRight ? Side::Both : Side::Left) : usesRight ? Side::Right : Side::None;
}

} // namespace

Relation QueryBinder::bindJoin(const Relation& input, Op op, const ScopePtr& scope)
{
    const bool lookup = op.kind == OperatorSyntax::Kind::Lookup;
    const Relation right = op.table ? bindTable(*op.table, scope) : broken(op.span);
    if (observer())
        observer()->otherSide(op, right);
    Node node = newNode(PlanNode::Kind::Join, op.span, {input.plan, right.plan});
    node->joinKind = lookup ? JoinKind::LeftOuter : JoinKind::InnerUnique;
    if (const ExpressionSyntax* kind = parameter(op, "kind")) {
        const std::string wanted = parameterText(op, "kind");
        const auto found = std::find_if(std::begin(kJoinKinds), std::end(kJoinKinds), [&](const auto& k) { return k.first == wanted; });
        if (found == std::end(kJoinKinds) || (lookup && wanted != "leftouter" && wanted != "inner"))
            report(makeError(kBadOption, "kind", "'" + wanted + "'", lookup ? "leftouter or inner" : "innerunique, inner, leftouter, rightouter, fullouter, leftsemi, rightsemi, leftanti or rightanti"), kind->span);
        else
            node->joinKind = found->second;
    }
    const bool isBroken = input.broken || right.broken;
    std::set<ColumnId> rightKeyColumns;
    if (op.on.empty() && !isBroken)
        report(op.expressions.empty() ? makeError(kJoinNeedsKeys) : makeError(kJoinCondition), op.expressions.empty() ? op.keyword : op.expressions[0]->span);
    std::vector<const ExpressionSyntax*> conditions;
    for (const ExpressionSyntax* condition : op.on)
        splitConditions(*condition, conditions);
    for (const ExpressionSyntax* condition : conditions) {
        ExpressionPtr leftKey, rightKey;
        if (condition->kind == Kind::Name) {
            leftKey = columnNamed(input, condition->name.text, condition->span);
            rightKey = columnNamed(right, condition->name.text, condition->span);
            if (!leftKey)
                leftKey = unknownName(condition->name.text, condition->span, {.rows = &input}, scope);
            else if (!rightKey)
                rightKey = unknownName(condition->name.text, condition->span, {.rows = &right}, scope);
        } else if (condition->kind == Kind::Binary && condition->op == "==") {
            const RowContext both{.rows = &input, .right = &right};
            leftKey = bindScalar(*condition->arguments[0], both, scope);
            rightKey = bindScalar(*condition->arguments[1], both, scope);
            if (!isBad(leftKey) && !isBad(rightKey)) {
                const Side first = sideOf(*leftKey, input), second = sideOf(*rightKey, input);
                if (first != Side::Left || second != Side::Right) {
                    error(kJoinCondition, condition->span);
                    continue;
                }
            }
        } else {
            if (condition->kind != Kind::Missing)
                error(kJoinCondition, condition->span);
            continue;
        }
        if (!leftKey || !rightKey || isBad(leftKey) || isBad(rightKey))
            continue;
        DataType common = commonType(leftKey->type, rightKey->type);
        if (leftKey->type != rightKey->type && common == DataType::Dynamic) {
            error(kJoinTypes, condition->span, std::string(typeName(leftKey->type)), std::string(typeName(rightKey->type)));
            continue;
        }
        if (common == DataType::Dynamic) {
            if (!input.openAt && !right.openAt)
                error(kDynamicKey, condition->span, "join on");
            common = DataType::String;
        }
        if (rightKey->kind == Expression::Kind::Column)
            rightKeyColumns.insert(rightKey->column);
        node->leftKeys.push_back(convertExpression(leftKey, common));
        node->rightKeys.push_back(convertExpression(rightKey, common));
    }
    const JoinKind kind = node->joinKind;
    const bool wantsLeft = kind != JoinKind::RightSemi && kind != JoinKind::RightAnti;
    const bool wantsRight = kind != JoinKind::LeftSemi && kind != JoinKind::LeftAnti;
    // A name that comes again gets a number, but not one that makes the name of another column.
    NameTable names;
    std::set<std::string, std::less<>> given;
    const auto each = [&](const Relation& side, int index, const auto& use) {
        for (const PlanColumn& column : side.plan->columns) {
            const bool hidden = column.name == kIngestionTimeColumn && (index == 1 || !wantsLeft);
            if (!hidden && !(lookup && index == 1 && rightKeyColumns.contains(column.id)))
                use(column);
        }
    };
    if (wantsLeft)
        each(input, 0, [&](const PlanColumn& column) { names.reserve(column.name); });
    if (wantsRight)
        each(right, 1, [&](const PlanColumn& column) { names.reserve(column.name); });
    const auto add = [&](const Relation& side, int index) {
        each(side, index, [&](const PlanColumn& column) {
            node->columns.push_back({column.id, given.insert(column.name).second ? column.name : names.unique(column.name), column.type});
            node->joinColumns.emplace_back(index, column.id);
        });
    };
    if (wantsLeft)
        add(input, 0);
    if (wantsRight)
        add(right, 1);
    Relation result = finish(node, wantsLeft ? input : right);
    result.broken = isBroken;
    if (!result.openAt && wantsRight)
        result.openAt = right.openAt;
    return result;
}

Relation QueryBinder::makeUnion(std::vector<UnionBranch> branches, SourceSpan span, bool inner, const std::string& sourceColumn)
{
    UnionColumns columns;
    for (UnionBranch& branch : branches)
        alignBranch(branch, columns, span);
    Node node = newNode(PlanNode::Kind::Union, span);
    Relation result;
    for (const UnionBranch& branch : branches) {
        node->inputs.push_back(branch.relation.plan);
        node->unionNames.push_back(branch.name);
        result.broken = result.broken || branch.relation.broken;
        if (branch.relation.openAt && !result.openAt)
            result.openAt = branch.relation.openAt;
    }
    addUnionColumns(*node, columns.finish(inner ? branches.size() : 0), sourceColumn);
    result.plan = node;
    if (m_options.endOnly)
        return result;
    const std::size_t first = sourceColumn.empty() ? 0 : 1;
    node->unionSources.resize(branches.size());
    for (std::size_t b = 0; b < branches.size(); ++b) {
        node->unionSources[b].resize(node->columns.size());
        for (const PlanColumn& column : branches[b].relation.plan->columns)
            if (const std::size_t place = columns.place(column.name, column.type); place != UnionColumns::kNowhere)
                if (std::optional<ColumnId>& source = node->unionSources[b][first + place]; !source)
                    source = column.id;
    }
    return result;
}

/// Gives the columns of a branch the types they have in the union.
void QueryBinder::alignBranch(UnionBranch& branch, UnionColumns& columns, SourceSpan span)
{
    std::vector<DataType> types;
    bool converted = false;
    for (const PlanColumn& column : branch.relation.plan->columns) {
        types.push_back(columns.add(column.name, column.type));
        converted = converted || types.back() != column.type;
    }
    if (!converted)
        return;
    std::vector<Assignment> assignments;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const PlanColumn& column = branch.relation.plan->columns[i];
        assignments.push_back(types[i] == column.type ? keep(column) : Assignment{newColumn(column.name, types[i]), convertExpression(columnRef(column.id, column.type), types[i])});
    }
    branch.relation = project(branch.relation, std::move(assignments), span);
}

void QueryBinder::addUnionColumns(PlanNode& node, const std::vector<UnionColumns::Column>& columns, const std::string& sourceColumn)
{
    node.columns.reserve(columns.size() + 1);
    if (!sourceColumn.empty()) {
        node.columns.push_back(newColumn(sourceColumn, DataType::String));
        node.unionSourceColumn = node.columns[0].id;
    }
    for (const UnionColumns::Column& column : columns)
        node.columns.push_back(newColumn(column.name, column.type));
}

Relation QueryBinder::unionOfSchemas(const Tables& tables, SourceSpan span, bool inner, const std::string& sourceColumn)
{
    UnionColumns columns;
    for (const auto& [name, table] : tables) {
        for (const catalog::ColumnSchema& column : table->schema().columns)
            columns.add(column.name, column.type);
        if (m_usesIngestionTime)
            columns.add(kIngestionTimeColumn, DataType::DateTime);
        for (const auto& [alias, place] : aliasesUsed(table->schema()))
            columns.add(alias, table->schema().columns[place].type);
    }
    Node node = newNode(PlanNode::Kind::Rows, span);
    addUnionColumns(*node, columns.finish(inner ? tables.size() : 0), sourceColumn);
    return {node};
}

std::vector<std::pair<std::string, Relation>> QueryBinder::bindTableList(const std::vector<const ExpressionSyntax*>& tables, bool fuzzy, const ScopePtr& scope, std::size_t first)
{
    std::vector<std::pair<std::string, Relation>> result;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const ExpressionSyntax& expression = *tables[i];
        if ((expression.kind == Kind::Name || expression.kind == Kind::Member) && expression.name.wildcard) {
            const auto found = tablesLike(expression.name.text, scope);
            for (const auto& [name, table] : found)
                result.emplace_back(name, scan(table, expression.span));
            const std::vector<std::string> views = viewsLike(expression.name.text, scope);
            for (const std::string& name : views)
                result.emplace_back(name, bindTableName(name, expression.span, scope));
            if (found.empty() && views.empty() && !fuzzy)
                report(makeError(kUnknownTable, expression.name.text, ""), expression.span);
            continue;
        }
        std::string missing;
        std::optional<Relation> relation = fuzzy ? tryTable([&] { return bindTable(expression, scope); }, missing) : bindTable(expression, scope);
        if (!relation) {
            warn(makeError(kTableSkipped, missing), expression.span);
            continue;
        }
        std::string name = "union_arg" + std::to_string(first + i);
        if (expression.kind == Kind::Name || expression.kind == Kind::Member)
            name = expression.name.text;
        else if (relation->plan->kind == PlanNode::Kind::Named)
            name = relation->plan->name;
        result.emplace_back(std::move(name), std::move(*relation));
    }
    return result;
}

Relation QueryBinder::bindUnion(const Relation* input, Op op, const ScopePtr& scope)
{
    std::string source = parameterText(op, "withsource");
    if (source.empty())
        source = parameterText(op, "with_source");
    const bool inner = parameterText(op, "kind") == "inner";
    std::vector<UnionBranch> branches;
    if (input)
        branches.push_back({input->name.empty() ? "union_arg0" : input->name, *input});
    const bool fuzzy = parameterFlag(op, "isfuzzy") || parameterFlag(op, "__isFuzzy") || isSet("best_effort");
    const ExpressionSyntax* only = !input && op.expressions.size() == 1 ? op.expressions[0] : nullptr;
    if (only && only->name.wildcard && !scope->restriction() && viewsLike(only->name.text, scope).empty())
        if (const auto tables = tablesLike(only->name.text, scope); !tables.empty())
            return remembered("union\n" + only->name.text + '\n' + source + (inner ? "\ninner" : ""), op.span, [&] {
                if (m_options.endOnly)
                    return unionOfSchemas(tables, op.span, inner, source);
                for (const auto& [name, table] : tables)
                    branches.push_back({name, scan(table, only->span)});
                return makeUnion(std::move(branches), op.span, inner, source);
            });
    for (auto& [name, relation] : bindTableList(op.expressions, fuzzy, scope, branches.size()))
        branches.push_back({std::move(name), std::move(relation)});
    if (branches.empty()) {
        report(makeError(kNoTables), op.span);
        return broken(op.span);
    }
    return makeUnion(std::move(branches), op.span, inner, source);
}

} // namespace tocsin::kql
