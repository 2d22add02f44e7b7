// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/TextMeaning.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

constexpr int kMaxDepth = 100; ///< of operators between a column and its table

/// The scan a column comes from unchanged; null if it is computed.
const PlanNode* sourceOf(const PlanNode& node, ColumnId column, int depth = 0)
{
    if (depth > kMaxDepth)
        return nullptr;
    if (node.kind == PlanNode::Kind::Scan)
        return std::any_of(node.columns.begin(), node.columns.end(), [&](const PlanColumn& c) { return c.id == column; }) ? &node : nullptr;
    if (node.kind == PlanNode::Kind::Join) {
        for (std::size_t i = 0; i < node.columns.size() && i < node.joinColumns.size(); ++i)
            if (node.columns[i].id == column)
                return sourceOf(*node.inputs[static_cast<std::size_t>(node.joinColumns[i].first)], node.joinColumns[i].second, depth + 1);
        return nullptr;
    }
    if (node.kind == PlanNode::Kind::Shared) {
        for (const auto& [outer, inner] : node.sharedColumns)
            if (outer == column)
                return sourceOf(*node.inputs[0], inner, depth + 1);
        return nullptr;
    }
    for (const auto& assignment : node.assignments)
        if (assignment.column.id == column && assignment.value && assignment.value->kind == Expression::Kind::Column && !node.inputs.empty())
            return sourceOf(*node.inputs[0], assignment.value->column, depth + 1);
    return node.inputs.size() == 1 ? sourceOf(*node.inputs[0], column, depth + 1) : nullptr;
}

} // namespace

TextMeaning::TextMeaning(std::shared_ptr<const SyntaxTree> tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions) : m_tree(std::move(tree))
{
    bind(snapshot, functions, nullptr);
}

TextMeaning::TextMeaning(std::shared_ptr<const SyntaxTree> tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, BindMemory& memory, End end)
    : m_tree(std::move(tree)), m_end(end)
{
    bind(snapshot, functions, &memory);
}

void TextMeaning::bind(const catalog::Snapshot& snapshot, const FunctionRegistry& functions, BindMemory* memory)
{
    BindOptions options;
    options.observer = this;
    options.endOnly = m_end.has_value();
    options.memory = memory;
    m_query = bindTree(m_tree, snapshot, functions, options);
    m_query.results.clear(); // plans are of no use here
    m_query.openPlugins.clear();
}

const Meaning* TextMeaning::find(const std::map<std::size_t, Meaning>& all, std::size_t start)
{
    const auto found = all.find(start);
    return found == all.end() ? nullptr : &found->second;
}

/// Where the name itself stands in the place of an expression such as `$left.name`.
SourceSpan TextMeaning::nameAt(SourceSpan place, std::string_view name) const
{
    const std::string_view text = m_tree->text();
    if (place.end() > text.size() || place.length < name.size())
        return place;
    const std::size_t start = place.end() - name.size();
    return text.substr(start, name.size()) == name ? SourceSpan{start, name.size()} : place;
}

RowsInfo TextMeaning::rowsOf(const Relation& relation)
{
    RowsInfo rows;
    rows.complete = !relation.broken && !relation.openAt;
    if (!relation.plan)
        return rows;
    rows.columns.reserve(relation.plan->columns.size());
    for (const PlanColumn& column : relation.plan->columns)
        if (column.name != catalog::kIngestionTimeColumn)
            rows.columns.push_back({column.name, column.type});
    return rows;
}

void TextMeaning::operatorBegins(const OperatorSyntax& op, const Relation* input)
{
    if (input && isAsked(op))
        m_input = rowsOf(*input);
}

void TextMeaning::otherSide(const OperatorSyntax& op, const Relation& right)
{
    if (isAsked(op))
        m_other = rowsOf(right);
}

void TextMeaning::columnAt(SourceSpan place, const Relation& rows, const PlanColumn& column)
{
    const SourceSpan name = nameAt(place, column.name);
    if (!isAsked(name) || name.length > column.name.size() + 4) // found on behalf of a larger expression
        return;
    Meaning meaning;
    meaning.name = column.name;
    meaning.type = column.type;
    if (const PlanNode* scan = rows.plan ? sourceOf(*rows.plan, column.id) : nullptr; scan && scan->source) {
        meaning.table = scan->name;
        const catalog::TableSchema& schema = scan->source->schema();
        if (const auto index = schema.indexOf(column.name))
            meaning.description = schema.columns[*index].description;
    }
    m_uses.insert_or_assign(name.start, std::move(meaning));
}

void TextMeaning::tableAt(SourceSpan place, const catalog::TableSchema& schema)
{
    if (!isAsked(nameAt(place, schema.name)))
        return;
    Meaning meaning;
    meaning.kind = Meaning::Kind::Table;
    meaning.name = schema.name;
    meaning.description = schema.description;
    for (const catalog::ColumnSchema& column : schema.columns)
        meaning.rows.columns.push_back({column.name, column.type});
    m_uses.insert_or_assign(nameAt(place, schema.name).start, std::move(meaning));
}

namespace {

Meaning meaningOf(std::string_view name, const Symbol& symbol)
{
    Meaning meaning;
    meaning.name = name;
    meaning.stored = symbol.stored;
    switch (symbol.kind) {
    case Symbol::Kind::Scalar:
        meaning.kind = Meaning::Kind::Value;
        meaning.type = symbol.scalar ? symbol.scalar->type : DataType::Dynamic;
        break;
    case Symbol::Kind::Function: meaning.kind = Meaning::Kind::Function; break;
    default: meaning.kind = Meaning::Kind::Rows; break;
    }
    return meaning;
}

} // namespace

void TextMeaning::symbolAt(SourceSpan place, std::string_view name, const Symbol& symbol)
{
    if (!isAsked(nameAt(place, name)))
        return;
    Meaning meaning = meaningOf(name, symbol);
    if (symbol.kind == Symbol::Kind::Shared)
        meaning.rows = rowsOf(symbol.shared);
    m_uses.insert_or_assign(nameAt(place, name).start, std::move(meaning));
}

void TextMeaning::symbolMade(SourceSpan place, std::string_view name, const Symbol& symbol) { m_made.insert_or_assign(place.start, meaningOf(name, symbol)); }

void TextMeaning::tableMade(SourceSpan place, const Relation& rows)
{
    if (m_end)
        return;
    if (const auto made = m_made.find(place.start); made != m_made.end())
        made->second.rows = rowsOf(rows);
}

} // namespace tocsin::kql::services
