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

/// A column that at least two branches give with one type, before any gives it with another, keeps that type; what comes later is converted where
/// that loses nothing.
void QueryBinder::alignUnion(std::vector<UnionBranch>& branches, SourceSpan span)
{
    struct Seen {
        DataType type;
        int count = 0;
        bool mixed = false;
    };
    std::map<std::string, Seen, std::less<>> seen;
    for (UnionBranch& branch : branches) {
        std::vector<Assignment> assignments;
        bool converted = false;
        for (const PlanColumn& column : branch.relation.plan->columns) {
            Seen& known = seen.emplace(column.name, Seen{column.type}).first->second;
            const bool fits = column.type == known.type;
            const bool follows = !fits && !known.mixed && known.count > 1 && keepsValues(column.type, known.type);
            assignments.push_back(follows ? Assignment{newColumn(column.name, known.type), convertExpression(columnRef(column.id, column.type), known.type)} : keep(column));
            converted = converted || follows;
            known.mixed = known.mixed || (!fits && !follows);
            ++known.count;
        }
        if (converted)
            branch.relation = project(branch.relation, std::move(assignments), span);
    }
}

Relation QueryBinder::makeUnion(std::vector<UnionBranch> branches, SourceSpan span, bool inner, const std::string& sourceColumn)
{
    alignUnion(branches, span);
    Node node = newNode(PlanNode::Kind::Union, span);
    Relation result;
    for (const UnionBranch& branch : branches) {
        node->inputs.push_back(branch.relation.plan);
        node->unionNames.push_back(branch.name);
        result.broken = result.broken || branch.relation.broken;
        if (branch.relation.openAt && !result.openAt)
            result.openAt = branch.relation.openAt;
    }
    if (!sourceColumn.empty()) {
        node->columns.push_back(newColumn(sourceColumn, DataType::String));
        node->unionSourceColumn = node->columns[0].id;
    }
    // Columns meet by name and type; where types differ, each type gets a column of its own.
    struct Output {
        std::string name;
        std::vector<DataType> types;
        std::size_t branches = 0;
        std::vector<std::size_t> columns = {}; ///< of the union, for each type
    };
    std::vector<Output> outputs;
    std::map<std::string, std::size_t, std::less<>> places;
    for (const UnionBranch& branch : branches)
        for (const PlanColumn& column : branch.relation.plan->columns) {
            const auto [place, isNew] = places.emplace(column.name, outputs.size());
            if (isNew)
                outputs.push_back({column.name, {}, 0});
            Output& output = outputs[place->second];
            ++output.branches;
            if (std::find(output.types.begin(), output.types.end(), column.type) == output.types.end())
                output.types.push_back(column.type);
        }
    NameTable names;
    for (const Output& output : outputs)
        names.reserve(output.name);
    for (Output& output : outputs) {
        if (inner && output.branches < branches.size())
            continue;
        for (const DataType type : output.types) {
            const std::string name = output.types.size() == 1 ? output.name : names.unique(output.name + "_" + std::string(typeName(type)));
            output.columns.push_back(node->columns.size());
            node->columns.push_back(newColumn(name, type));
        }
    }
    // A union may be of a thousand tables with ten thousand columns: no step for each pair of them.
    node->unionSources.resize(branches.size());
    for (std::size_t b = 0; b < branches.size(); ++b) {
        node->unionSources[b].resize(node->columns.size());
        for (const PlanColumn& column : branches[b].relation.plan->columns) {
            const Output& output = outputs[places.find(column.name)->second];
            if (output.columns.empty())
                continue;
            const auto type = std::find(output.types.begin(), output.types.end(), column.type) - output.types.begin();
            std::optional<ColumnId>& source = node->unionSources[b][output.columns[static_cast<std::size_t>(type)]];
            if (!source)
                source = column.id;
        }
    }
    result.plan = node;
    return result;
}

std::vector<std::pair<std::string, Relation>> QueryBinder::bindTableList(const std::vector<const ExpressionSyntax*>& tables, bool fuzzy, const ScopePtr& scope)
{
    std::vector<std::pair<std::string, Relation>> result;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const ExpressionSyntax& expression = *tables[i];
        if ((expression.kind == Kind::Name || expression.kind == Kind::Member) && expression.name.wildcard) {
            const auto found = tablesLike(expression.name.text);
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
        const bool plainName = expression.kind == Kind::Name || expression.kind == Kind::Member;
        result.emplace_back(plainName ? expression.name.text : "union_arg" + std::to_string(i), std::move(*relation));
    }
    return result;
}

Relation QueryBinder::bindUnion(const Relation* input, Op op, const ScopePtr& scope)
{
    std::vector<UnionBranch> branches;
    if (input)
        branches.push_back({input->name.empty() ? "union_arg0" : input->name, *input});
    const bool fuzzy = parameterFlag(op, "isfuzzy") || parameterFlag(op, "__isFuzzy");
    for (auto& [name, relation] : bindTableList(op.expressions, fuzzy, scope)) {
        std::string label = name;
        if (input && name.starts_with("union_arg"))
            label = "union_arg" + std::to_string(branches.size());
        branches.push_back({std::move(label), std::move(relation)});
    }
    std::string source = parameterText(op, "withsource");
    if (source.empty())
        source = parameterText(op, "with_source");
    if (branches.empty()) {
        report(makeError(kNoTables), op.span);
        return broken(op.span);
    }
    return makeUnion(std::move(branches), op.span, parameterText(op, "kind") == "inner", source);
}

} // namespace tocsin::kql
