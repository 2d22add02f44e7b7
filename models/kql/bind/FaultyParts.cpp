// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/FaultyParts.h"

#include "kql/syntax/SyntaxOperators.h"

namespace tocsin::kql {

namespace {

/// Where the operator begins in which the place is; the begin of the statement if it is in front of all, or there is none.
std::size_t faultStart(const StatementSyntax& statement, std::size_t place)
{
    std::size_t start = statement.span.start;
    if (!statement.expression || statement.expression->kind != ExpressionSyntax::Kind::Pipeline)
        return start;
    for (const OperatorSyntax* op : statement.expression->pipeline->operators)
        if (op->span.start <= place)
            start = op->span.start;
    return start;
}

} // namespace

std::vector<SourceSpan> faultyParts(const SyntaxTree& tree)
{
    std::vector<SourceSpan> parts;
    const auto& statements = tree.statements();
    for (const Error& error : tree.errors()) {
        const std::size_t place = error.span ? error.span->start : 0;
        std::size_t at = 0;
        while (at + 1 < statements.size() && statements[at + 1]->span.start <= place)
            ++at;
        const std::size_t end = at + 1 < statements.size() ? statements[at + 1]->span.start : tree.text().size() + 1;
        const std::size_t start = at < statements.size() ? faultStart(*statements[at], place) : 0;
        parts.push_back({start, end > start ? end - start : 0});
    }
    return parts;
}

std::set<std::string> namesMade(const SyntaxTree& tree)
{
    std::set<std::string> names;
    std::string_view before;
    for (const Token& token : tree.tokens()) {
        if (token.isTrivia())
            continue;
        const std::string_view text = token.text(tree.text());
        if (token.kind == TokenKind::Identifier && (before == "let" || before == "as" || before == "pattern"))
            names.emplace(text);
        before = text;
    }
    return names;
}

} // namespace tocsin::kql
