// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionBuilder.h"

#include "base/Utf8.h"
#include "kql/syntax/Lexer.h"
#include "kql/syntax/Literals.h"

#include <algorithm>
#include <unordered_set>

namespace tocsin::kql::services {

using Op = OperatorSyntax::Kind;

namespace {

bool isPlainName(std::string_view name) { return !name.empty() && isNameStart(name[0]) && std::all_of(name.begin(), name.end(), isNameChar); }

} // namespace

void CompletionBuilder::addColumns(const RowsInfo& rows, int group)
{
    expect(rows.columns.size());
    for (const ColumnInfo& column : rows.columns)
        if (CompletionItem* item = add(Kind::Column, column.name, group, typeName(column.type)); item && !isPlainName(column.name)) {
            item->insert = encodeName(column.name);
            item->caret = item->insert.size();
        }
    if (!rows.complete)
        addUnknownColumns(group + 1);
}

/// Where not all columns are known: names that the text uses, and once something is typed those of all tables.
void CompletionBuilder::addUnknownColumns(int group)
{
    std::unordered_set<std::string_view> seen;
    for (const Token* token : m_tokens)
        if (token->kind == TokenKind::Identifier) {
            const std::string_view word = token->text(m_expected.tree->text());
            if (seen.insert(word).second && !m_services.findFunction(word) && !m_services.isTable(word) && !findWord(tabularOperators(), word) && !findWord(innerWords(), word))
                add(Kind::Column, word, group, "used in this query");
        }
    if (!m_typed.empty())
        for (const ColumnInfo& column : m_services.columns())
            if (matchQuality(column.name, m_typed))
                add(Kind::Column, column.name, group + 1, typeName(column.type));
    addNewName("column", 9);
}

void CompletionBuilder::rowColumns(bool counting)
{
    if (counting || m_expected.op->kind == Op::Print || m_expected.op->kind == Op::Range)
        return;
    if ((m_expected.op->kind == Op::Join || m_expected.op->kind == Op::Lookup) && !isMissing(m_expected.op->table))
        return joinColumns();
    if (meaning().input())
        addColumns(*meaning().input(), m_expected.aggregate ? 2 : 0);
    else
        addUnknownColumns(1);
}

void CompletionBuilder::joinColumns()
{
    const auto& left = meaning().input();
    const auto& right = meaning().other();
    if (left && right)
        for (const ColumnInfo& column : left->columns)
            if (std::any_of(right->columns.begin(), right->columns.end(), [&](const ColumnInfo& c) { return c.name == column.name; }))
                add(Kind::Column, encodeName(column.name), 0, typeName(column.type), "A column of both sides.");
    add(Kind::Keyword, "$left", 0, "$left.column", "A column of the left side.");
    add(Kind::Keyword, "$right", 0, "$right.column", "A column of the right side.");
    if (left)
        addColumns(*left, 3);
    if (right)
        addColumns(*right, 3);
    if (!left || !right || !left->complete || !right->complete)
        addUnknownColumns(4);
}

/// Names that only the operator itself makes: elements of a graph pattern, steps and declared columns of scan.
void CompletionBuilder::operatorVariables()
{
    const OperatorSyntax* op = m_expected.op;
    if (!op)
        return;
    for (const auto& path : op->graph.patterns)
        for (const auto& element : path)
            if (!element.name.missing())
                add(Kind::Variable, element.name.text, 0, element.edge ? "edge" : "node");
    for (const auto& step : op->steps)
        add(Kind::Variable, step.name.text, 1, "step");
    for (const auto& declared : op->scanDeclares)
        add(Kind::Column, declared.name.text, 0, declared.type ? typeName(*declared.type) : std::string_view());
}

void CompletionBuilder::members()
{
    const std::string& text = m_expected.tree->text();
    const std::size_t count = m_tokens.size(); // the last one is the dot
    const std::string_view base = count >= 2 ? m_tokens[count - 2]->text(text) : std::string_view();
    if (base == "$left" || base == "$right") {
        const auto& rows = base == "$left" ? meaning().input() : meaning().other();
        if (rows)
            addColumns(*rows, 0);
        if (!rows || !rows->complete)
            addUnknownColumns(3);
        return;
    }
    if (base == ")") { // database("d").T
        int depth = 0;
        for (std::size_t i = count - 1; i-- > 0;) {
            const std::string_view word = m_tokens[i]->text(text);
            depth += word == ")" ? 1 : word == "(" ? -1 : 0;
            if (depth != 0 || i == 0)
                continue;
            const std::string_view callee = m_tokens[i - 1]->text(text);
            if (callee == "cluster")
                addCall(Kind::Function, "database", 0, "database(\"name\")", "The tables of a database.");
            if (callee == "cluster" || callee == "database" || callee == "workspace" || callee == "app" || callee == "resource")
                tables(1);
            break;
        }
    }
    if (m_expected.op && m_expected.op->kind == Op::Scan && meaning().input())
        addColumns(*meaning().input(), 1);
    // Properties of dynamic values are not known; those the text names elsewhere are likely.
    const std::vector<Token> all = tokenize(m_whole);
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i].kind == TokenKind::Identifier && all[i - 1].text(m_whole) == "." && all[i].span.start != m_before.size())
            add(Kind::Property, all[i].text(m_whole), 4, "used in this query");
    // `Operation = Details.Operation`: a column is often named after its property.
    for (std::size_t i = 0; i + 1 < m_tokens.size(); ++i)
        if (m_tokens[i]->kind == TokenKind::Identifier && m_tokens[i + 1]->text(text) == "=")
            add(Kind::Property, m_tokens[i]->text(text), 5, "a name of this query");
    addNewName("property", 9);
}

} // namespace tocsin::kql::services
