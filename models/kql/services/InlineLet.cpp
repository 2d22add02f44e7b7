// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LetRefactoring.h"
#include "kql/services/SyntaxPath.h"

#include <algorithm>
#include <array>

namespace tocsin::kql::services {

namespace {

using Kind = ExpressionSyntax::Kind;
using Op = OperatorSyntax::Kind;

/// Functions of which one call is not like the next.
constexpr std::array kNotRepeatable = {"rand", "new_guid", "materialize", "rand()"};

const StatementSyntax* letAt(const SyntaxTree& tree, SourceSpan body)
{
    for (const SyntaxStep& step : pathTo(tree, body))
        if (step.statement && step.span() == body)
            return step.statement;
    return nullptr;
}

bool callsOnceOnly(const ExpressionSyntax& e)
{
    if (e.kind == Kind::Call && e.arguments[0]->kind == Kind::Name && std::find(kNotRepeatable.begin(), kNotRepeatable.end(), e.arguments[0]->name.text) != kNotRepeatable.end())
        return true;
    if (e.kind == Kind::Pipeline && e.pipeline->source && callsOnceOnly(*e.pipeline->source))
        return true;
    return std::any_of(e.arguments.begin(), e.arguments.end(), [](const ExpressionSyntax* a) { return callsOnceOnly(*a); });
}

/// The text that stands for the name in its place.
std::string replacement(const SyntaxTree& tree, const ExpressionSyntax& value, const SymbolUse& use)
{
    const std::string text(tree.textOf(value.span)), bracketed = "(" + text + ")";
    const std::vector<SyntaxStep> path = pathTo(tree, use.span);
    if (path.size() < 2)
        return text;
    const SyntaxStep& parent = path[path.size() - 2];
    if (value.kind == Kind::Pipeline) {
        const bool open = parent.pipeline || parent.statement || (parent.expression && (parent.expression->kind == Kind::Call || parent.expression->kind == Kind::Parenthesis || parent.expression->kind == Kind::InList));
        return open ? text : bracketed;
    }
    const bool loose = value.kind == Kind::Binary || value.kind == Kind::Unary || value.kind == Kind::Between || value.kind == Kind::InList;
    const bool tight = parent.expression && parent.expression->kind != Kind::Parenthesis && parent.expression->kind != Kind::Call && parent.expression->kind != Kind::Assign;
    if (loose && tight)
        return bracketed;
    const bool makes = parent.op && (parent.op->kind == Op::Extend || parent.op->kind == Op::Project || parent.op->kind == Op::Print || parent.op->kind == Op::Distinct || parent.op->kind == Op::Summarize);
    const auto isItem = [&](const auto& list) { return std::any_of(list.begin(), list.end(), [&](const ExpressionSyntax* e) { return e->span == use.span; }); };
    // A column that was called after the let keeps its name.
    return makes && (isItem(parent.op->expressions) || isItem(parent.op->by)) ? std::string(tree.textOf(use.span)) + " = " + text : text;
}

std::size_t moved(const std::vector<TextEdit>& edits, std::size_t place)
{
    std::size_t grown = 0, shrunk = 0;
    for (const TextEdit& edit : edits)
        if (edit.span.end() <= place) {
            grown += edit.text.size();
            shrunk += edit.span.length;
        }
    return place + grown - shrunk;
}

/// The let with its `;` and the blanks up to the next statement; a let alone on its line takes the line with it.
SourceSpan wholeStatement(std::string_view query, SourceSpan body)
{
    std::size_t end = query.find_first_not_of(" \t\r\n", body.end());
    end = end != std::string_view::npos && query[end] == ';' ? end + 1 : body.end();
    const std::size_t next = query.find_first_not_of(" \t", end);
    if (next != std::string_view::npos && (query[next] == '\n' || query[next] == '\r'))
        end = std::min(query.find('\n', next), query.size() - 1) + 1;
    else if (next != std::string_view::npos && !query.substr(next).starts_with("//"))
        end = next;
    return {body.start, end - body.start};
}

} // namespace

Result<std::vector<TextEdit>> inlineLet(std::string_view document, std::size_t position, const SymbolContext& context)
{
    const SourceSpan query = queryAround(document, position);
    if (query.length == 0 || position < query.start)
        return fail(kNoSymbol);
    const std::string text(document.substr(query.start, query.length));
    const auto tree = parseQuery(text);
    if (!tree->errors().empty())
        return std::unexpected(makeError(kBrokenStatement, errorMessage(tree->errors().front())).at({query.start + tree->errors().front().span->start, 1}));
    const QuerySymbols symbols = resolveSymbols(*tree, context);
    const SymbolUse* here = symbols.at(position - query.start);
    if (!here)
        return fail(kNoSymbol);
    const QuerySymbol& symbol = symbols.symbols[here->symbol];
    if (symbol.kind == SymbolKind::Function)
        return fail(kCannotInline, symbol.name, "it is a function with parameters");
    const StatementSyntax* let = symbol.body ? letAt(*tree, *symbol.body) : nullptr;
    if (!let || !let->expression || let->kind != StatementSyntax::Kind::Let)
        return fail(kCannotInline, symbol.name, "it is no let");
    const ExpressionSyntax& value = *let->expression;

    std::vector<TextEdit> edits{{wholeStatement(text, let->span), ""}};
    for (const SymbolUse& use : symbols.uses)
        if (use.symbol == here->symbol && !use.definition)
            edits.push_back({use.span, replacement(*tree, value, use)});
    if (edits.size() > 2 && callsOnceOnly(value))
        return fail(kCannotInline, symbol.name, "it is computed once and used several times");
    const std::string changed = applyEdits(text, edits);
    const auto newTree = parseQuery(changed);
    const QuerySymbols after = resolveSymbols(*newTree, context);
    // Every name in the value must still mean what it meant where the value stands now.
    for (std::size_t i = 1; i < edits.size(); ++i) {
        const std::size_t copy = moved(edits, edits[i].span.start) + edits[i].text.rfind(tree->textOf(value.span));
        for (const SymbolUse& use : symbols.uses) {
            if (use.span.start < value.span.start || use.span.end() > value.span.end())
                continue;
            const SymbolUse* now = after.at(copy + use.span.start - value.span.start);
            const QuerySymbol& was = symbols.symbols[use.symbol];
            const bool same = now && after.symbols[now->symbol].kind == was.kind && after.symbols[now->symbol].name == was.name;
            const bool outer = was.definition && (was.definition->start < value.span.start || was.definition->start >= value.span.end());
            if (!same || (outer && (!after.symbols[now->symbol].definition || after.symbols[now->symbol].definition->start != moved(edits, was.definition->start))))
                return fail(kCannotInline, symbol.name, "'" + was.name + "' means something else where it is used");
        }
    }
    if (!newTree->errors().empty())
        return fail(kCannotInline, symbol.name, "its value cannot stand where it is used");
    for (TextEdit& edit : edits)
        edit.span.start += query.start;
    return edits;
}

} // namespace tocsin::kql::services
