// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/SymbolResolver.h"

#include "kql/bind/ResultNames.h"
#include "kql/functions/Declaration.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

/// The column that gives a result its name, if it is one: `tostring(a)` is called a.
const ExpressionSyntax* namingColumn(const ExpressionSyntax* e, const std::string& name)
{
    using Kind = ExpressionSyntax::Kind;
    for (int depth = 0; depth < 100; ++depth) {
        if (e->kind == Kind::Name)
            return e->name.text == name ? e : nullptr;
        if (e->kind == Kind::Parenthesis && !e->arguments.empty())
            e = e->arguments[0];
        else if (e->kind == Kind::Call && e->arguments.size() > 1)
            e = e->arguments[1];
        else
            return nullptr;
    }
    return nullptr;
}

/// Calls that make more than one column, which one name cannot stand for.
bool isSeveral(const ExpressionSyntax& e)
{
    return e.kind == ExpressionSyntax::Kind::Call && e.arguments[0]->kind == ExpressionSyntax::Kind::Name && e.arguments[0]->name.text.starts_with("percentiles");
}

bool wildcardMatches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace

SymbolResolver::Row SymbolResolver::pipeline(const PipelineSyntax& p, const ScopePtr& scope, const Row* input)
{
    Row row = p.source ? table(p.source, scope) : input ? *input : Row();
    bool hasInput = p.source || input;
    for (const OperatorSyntax* op : p.operators) {
        row = apply(*op, row, scope, hasInput);
        hasInput = true;
    }
    return row;
}

std::vector<std::pair<std::string, SymbolResolver::Id>> SymbolResolver::item(Expr e, const Place& place, bool aggregates)
{
    std::vector<std::pair<std::string, Id>> out;
    if (e->kind == Kind::Assign) {
        scalars(e->arguments, place);
        for (const NameSyntax& name : e->names)
            if (!name.missing())
                out.emplace_back(name.text, defineColumn(name, place.rows ? *place.rows : Row()));
        return out;
    }
    scalar(e, place);
    if (e->kind == Kind::Name) {
        if (e->name.missing() || e->name.wildcard)
            return out;
        const auto id = place.rows ? possible(*place.rows, e->name.text) : std::nullopt;
        out.emplace_back(e->name.text, id ? *id : add(SymbolKind::Column, e->name.text, std::nullopt));
        return out;
    }
    std::string name;
    if (aggregates && e->kind == Kind::Call && e->arguments[0]->kind == Kind::Name) {
        const std::string& called = e->arguments[0]->name.text;
        if (called == "arg_max" || called == "arg_min" || called == "take_any" || called == "any") {
            // Each column keeps its name.
            for (std::size_t i = 1; i < e->arguments.size(); ++i) {
                const ExpressionSyntax& argument = *e->arguments[i];
                if (argument.kind == Kind::Name && place.rows)
                    if (const auto id = possible(*place.rows, argument.name.text))
                        out.emplace_back(argument.name.text, *id);
            }
            return out;
        }
        const AggregateFunction* known = m_context.functions ? m_context.functions->findAggregate(called) : nullptr;
        const ExpressionSyntax* argument = e->arguments.size() > 1 && e->arguments[1]->kind != Kind::Star ? e->arguments[1] : nullptr;
        if (known)
            name = aggregateName(known->prefix.empty() ? known->name : known->prefix, argument);
        else if (!m_context.functions)
            name = aggregateName(called.starts_with("make_") ? called.substr(5) : called, argument);
    }
    if (name.empty())
        name = aggregates && m_context.functions ? impliedAggregateName(*e, *m_context.functions) : impliedName(*e);
    if (name.empty())
        return out;
    const Id id = add(SymbolKind::Column, name, std::nullopt);
    const ExpressionSyntax* column = namingColumn(e, name);
    const auto same = column && place.rows ? known(*place.rows, name) : std::nullopt;
    if (same)
        unify(id, *same);
    else if (!isSeveral(*e))
        m_out.symbols[id].impliedBy = e->span;
    out.emplace_back(name, id);
    return out;
}

void SymbolResolver::named(Row& out, const std::vector<Expr>& items, const Place& place, bool aggregates)
{
    for (const Expr e : items)
        for (const auto& [name, id] : item(e, place, aggregates))
            out.set(name, id);
}

void SymbolResolver::orders(const OperatorSyntax& op, const Place& place)
{
    for (const OrderSyntax& order : op.orders)
        scalar(order.expression, place);
}

std::optional<NameSyntax> SymbolResolver::nameOption(const OperatorSyntax& op, std::string_view option) const
{
    for (const ParameterSyntax& p : op.parameters)
        if (p.name.text == option && p.value && p.value->kind == Kind::Name)
            return p.value->name;
    return std::nullopt;
}

SymbolResolver::Row SymbolResolver::apply(const OperatorSyntax& op, const Row& input, const ScopePtr& scope, bool hasInput)
{
    const Place place{scope, &input, nullptr, op.span.start};
    Row out = input;
    switch (op.kind) {
    case Op::Kind::Extend: case Op::Kind::Serialize: named(out, op.expressions, place); return out;
    case Op::Kind::Project: case Op::Kind::Distinct: case Op::Kind::ProjectAway: case Op::Kind::ProjectKeep: case Op::Kind::ProjectRename: return pick(op, input, place);
    case Op::Kind::Print: {
        Row made;
        named(made, op.expressions, {scope, &made, nullptr, op.span.start});
        return made;
    }
    case Op::Kind::Summarize: return summarize(op, place);
    case Op::Kind::Count: {
        Row made;
        made.set(op.asName.missing() ? "Count" : op.asName.text, op.asName.missing() ? add(SymbolKind::Column, "Count", std::nullopt) : define(SymbolKind::Column, op.asName));
        return made;
    }
    case Op::Kind::Join: case Op::Kind::Lookup: return join(op, input, place);
    case Op::Kind::Union: return unite(op, hasInput ? &input : nullptr, place);
    case Op::Kind::Find: case Op::Kind::Search: {
        for (const Expr e : op.inTables)
            mergeInto(out, table(e, scope));
        if (!hasInput && op.inTables.empty())
            out.sources.push_back(source("*"));
        const Place inside{scope, &out, nullptr, op.span.start};
        scalars(op.expressions, inside);
        scalars(op.project, inside);
        return out;
    }
    case Op::Kind::MvExpand: case Op::Kind::MvApply: return expand(op, input, place);
    case Op::Kind::Parse: case Op::Kind::ParseWhere:
        scalars(op.expressions, place);
        for (const auto& piece : op.pattern)
            if (piece.kind == Op::PatternPiece::Kind::Column && !piece.column.name.missing())
                out.set(piece.column.name.text, defineColumn(piece.column.name, input));
        return out;
    case Op::Kind::ParseKv:
        scalars(op.expressions, place);
        for (const ColumnDeclaration& column : op.columns)
            if (!column.name.missing())
                out.set(column.name.text, defineColumn(column.name, input));
        return out;
    case Op::Kind::MakeSeries: {
        Row made;
        named(made, op.by, place);
        for (const auto& item : op.series) {
            for (const auto& [name, id] : this->item(item.aggregate, place, true))
                made.set(name, id);
            scalar(item.fill, place);
        }
        if (op.axis)
            named(made, {op.axis}, place);
        for (const Expr e : {op.from, op.to, op.step})
            scalar(e, place);
        return made;
    }
    case Op::Kind::TopNested: {
        Row made;
        for (const auto& level : op.levels) {
            scalar(level.count, place);
            scalar(level.others, place);
            for (const Expr e : {level.of, level.by.expression})
                if (e)
                    named(made, {e}, place, e == level.by.expression);
        }
        return made;
    }
    case Op::Kind::TopHitters: case Op::Kind::SampleDistinct: {
        Row made;
        scalar(op.count, place);
        named(made, op.expressions, place);
        scalars(op.by, place);
        return made;
    }
    case Op::Kind::Partition:
        scalars(op.by, place);
        return op.subquery ? pipeline(*op.subquery, scope, &input) : out;
    case Op::Kind::Fork:
        for (const auto& branch : op.branches)
            if (branch.query)
                pipeline(*branch.query, scope, &input);
        return out;
    case Op::Kind::Facet:
        scalars(op.by, place);
        return op.subquery ? pipeline(*op.subquery, scope, &input) : out;
    case Op::Kind::Scan: return scan(op, input, place);
    case Op::Kind::Invoke: case Op::Kind::Evaluate: return evaluate(op, input, place);
    case Op::Kind::Range: {
        scalars(op.expressions, {scope});
        Row made;
        if (!op.asName.missing())
            made.set(op.asName.text, define(SymbolKind::Column, op.asName));
        return made;
    }
    case Op::Kind::As: {
        Entry entry;
        entry.kind = SymbolKind::Table;
        entry.tabular = true;
        entry.rows = input;
        entry.symbol = define(SymbolKind::Table, op.asName);
        scope->names.insert_or_assign(op.asName.text, std::move(entry));
        return out;
    }
    case Op::Kind::GetSchema: {
        Row made;
        for (const char* name : {"ColumnName", "ColumnOrdinal", "DataType", "ColumnType"})
            made.set(name, add(SymbolKind::Column, name, std::nullopt));
        return made;
    }
    case Op::Kind::Reduce: {
        scalars(op.by, place);
        Row made;
        for (const char* name : {"Pattern", "Count", "Representative"})
            made.set(name, add(SymbolKind::Column, name, std::nullopt));
        return made;
    }
    case Op::Kind::Render:
        for (const ParameterSyntax& p : op.parameters)
            for (const Expr e : p.value ? p.value->arguments : std::vector<Expr>())
                if (e->kind == Kind::Name)
                    if (const auto id = known(input, e->name.text))
                        use(*id, e->span, place);
        return out;
    case Op::Kind::MacroExpand: {
        const auto inner = std::make_shared<Scope>(Scope{scope, {}});
        Entry entry;
        entry.kind = SymbolKind::Table;
        entry.symbol = define(SymbolKind::Table, op.asName);
        inner->names.insert_or_assign(op.asName.text, std::move(entry));
        return body(op.body, inner);
    }
    case Op::Kind::MakeGraph: case Op::Kind::GraphMatch: case Op::Kind::GraphShortestPaths: case Op::Kind::GraphToTable: case Op::Kind::GraphMerge:
    case Op::Kind::GraphMarkComponents: case Op::Kind::GraphWhereNodes: case Op::Kind::GraphWhereEdges: return graph(op, input, place);
    default: break; // rows go through as they are
    }
    scalars(op.expressions, place);
    scalars(op.by, place);
    scalar(op.count, place);
    orders(op, place);
    return out;
}

SymbolResolver::Row SymbolResolver::pick(const OperatorSyntax& op, const Row& input, const Place& place)
{
    Row out = input;
    if (op.kind == Op::Kind::Distinct && op.expressions.size() == 1 && op.expressions[0]->kind == Kind::Star)
        return out;
    if (op.kind == Op::Kind::ProjectRename) {
        for (const Expr e : op.expressions) {
            scalars(e->kind == Kind::Assign ? e->arguments : std::vector<Expr>{e}, place);
            if (e->kind != Kind::Assign || e->names.empty() || e->names[0].missing())
                continue;
            if (e->arguments[0]->kind == Kind::Name)
                out.remove(e->arguments[0]->name.text);
            out.set(e->names[0].text, defineColumn(e->names[0], out));
        }
        return out;
    }
    if (op.kind == Op::Kind::ProjectAway) {
        scalars(op.expressions, place);
        for (const Expr e : op.expressions) {
            if (e->kind == Kind::Name && e->name.wildcard)
                std::erase_if(out.columns, [&](const auto& column) { return wildcardMatches(e->name.text, column.first); });
            else if (e->kind == Kind::Name)
                out.remove(e->name.text);
        }
        return out;
    }
    Row made;
    named(made, op.expressions, place);
    for (const Expr e : op.expressions)
        if (e->kind == Kind::Name && e->name.wildcard) {
            for (const auto& [name, id] : input.columns)
                if (wildcardMatches(e->name.text, name))
                    made.set(name, id);
            made.sources = input.sources;
        }
    return made;
}

SymbolResolver::Row SymbolResolver::expand(const OperatorSyntax& op, const Row& input, const Place& place)
{
    Row out = input;
    for (const auto& expansion : op.expansions)
        if (expansion.expression)
            named(out, {expansion.expression}, place);
    if (const auto index = nameOption(op, "with_itemindex"))
        out.set(index->text, define(SymbolKind::Column, *index));
    scalar(op.count, place);
    if (!op.subquery)
        return out;
    Row result = pipeline(*op.subquery, place.scope, &out);
    // What the subquery gives stands beside the columns of the row around it.
    for (const auto& [name, id] : input.columns)
        if (!known(result, name))
            result.set(name, id);
    for (const std::size_t s : input.sources)
        if (std::find(result.sources.begin(), result.sources.end(), s) == result.sources.end())
            result.sources.push_back(s);
    return result;
}

SymbolResolver::Row SymbolResolver::scan(const OperatorSyntax& op, const Row& input, const Place& place)
{
    Row out = input;
    orders(op, place);
    scalars(op.by, place);
    for (const auto& column : op.scanDeclares) {
        scalar(column.defaultValue, {place.scope});
        if (!column.name.missing())
            out.set(column.name.text, define(SymbolKind::Column, column.name));
    }
    const auto inner = std::make_shared<Scope>(Scope{place.scope, {}});
    for (const auto& step : op.steps) {
        Entry entry;
        entry.kind = SymbolKind::Step;
        entry.rows = out;
        entry.symbol = define(SymbolKind::Step, step.name);
        inner->names.insert_or_assign(step.name.text, std::move(entry));
    }
    const Place inside{inner, &out, nullptr, place.owner};
    for (const auto& step : op.steps) {
        scalar(step.condition, inside);
        for (const Expr e : step.assignments) {
            scalars(e->kind == Kind::Assign ? e->arguments : std::vector<Expr>{e}, inside);
            for (const NameSyntax& name : e->names)
                if (const auto id = known(out, name.text))
                    use(*id, name.span, inside);
        }
    }
    if (const auto id = nameOption(op, "with_match_id"))
        out.set(id->text, define(SymbolKind::Column, *id));
    return out;
}

SymbolResolver::Row SymbolResolver::evaluate(const OperatorSyntax& op, const Row& input, const Place& place)
{
    if (op.expressions.empty())
        return input;
    const ExpressionSyntax* e = op.expressions[0];
    const ExpressionSyntax* call = e->kind == Kind::SchemaCast ? e->arguments[0] : e;
    if (op.kind == Op::Kind::Invoke && call->kind == Kind::Call && call->arguments[0]->kind == Kind::Name)
        if (const Entry* entry = find(place.scope, call->arguments[0]->name.text)) {
            use(entry->symbol, call->arguments[0]->span, place);
            arguments(*entry, *call, 2, place); // the rows are the first argument
            if (entry->function && !entry->function->functionParameters.empty())
                if (const auto rows = entry->tableParameters.find(entry->function->functionParameters[0].name.text); rows != entry->tableParameters.end())
                    for (const auto& [column, id] : rows->second.columns)
                        if (const auto same = known(input, column))
                            unify(id, *same);
            return entry->rows;
        }
    scalar(call, place);
    if (e->kind == Kind::SchemaCast) {
        Row made = declared(e->columns);
        if (e->star)
            mergeInto(made, input);
        return made;
    }
    Row out = input;
    out.sources.push_back(source(std::string(m_tree.textOf(call->span)) + " at " + std::to_string(call->span.start)));
    return out;
}

SymbolResolver::Row SymbolResolver::graph(const OperatorSyntax& op, const Row& input, const Place& place)
{
    for (const auto& nodes : op.graph.nodeTables) {
        const Row rows = table(nodes.table, place.scope);
        scalar(nodes.key, {place.scope, &rows, nullptr, place.owner});
    }
    scalar(op.graph.source, place);
    scalar(op.graph.target, place);
    const auto inner = std::make_shared<Scope>(Scope{place.scope, {}});
    for (const auto& path : op.graph.patterns)
        for (const auto& element : path) {
            if (element.name.missing())
                continue;
            if (const auto known = inner->names.find(element.name.text); known != inner->names.end()) {
                use(known->second.symbol, element.name.span, place);
                continue;
            }
            Entry entry;
            entry.kind = SymbolKind::GraphElement;
            entry.symbol = define(SymbolKind::GraphElement, element.name);
            inner->names.insert_or_assign(element.name.text, std::move(entry));
        }
    // Columns of nodes and edges: those of the tables, which are not followed into the graph.
    Row inside;
    inside.sources = {source("graph at " + std::to_string(op.span.start))};
    const Place match{inner, &inside, nullptr, place.owner};
    scalar(op.graph.where, match);
    scalars(op.expressions, match);
    Row out;
    if (op.kind == Op::Kind::MakeGraph)
        return input;
    named(out, op.graph.project, match);
    if (op.kind == Op::Kind::GraphToTable)
        out.sources = inside.sources;
    return out;
}

} // namespace tocsin::kql::services
