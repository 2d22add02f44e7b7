// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Surroundings.h"

#include <algorithm>
#include <array>

namespace tocsin::kql::services {

namespace {

/// Keywords in front of a parenthesis that is none of a call.
constexpr std::array kNoCallees = {"and", "or", "by", "on", "with", "where", "as", "of", "to", "from", "step", "between", "!between", "join", "lookup", "union",
                                   "extend", "project", "fork", "materialized", "declare", "kind", "print", "summarize", "distinct", "has", "contains"};

bool isNoCallee(std::string_view word) { return std::any_of(kNoCallees.begin(), kNoCallees.end(), [&](const char* w) { return word == w; }); }

/// Collects the names in force at the end, following the bodies of functions that are still open there.
class ScopeWalk {
public:
    explicit ScopeWalk(const SyntaxTree& tree) : m_tree(tree)
    {
        for (const Token& token : tree.tokens()) {
            const std::string_view text = token.text(tree.text());
            if (token.kind == TokenKind::Operator && text == "{")
                m_openBraces.push_back(token.span.start);
            else if (token.kind == TokenKind::Operator && text == "}" && !m_openBraces.empty())
                m_openBraces.pop_back();
            if (!token.isTrivia() && token.kind != TokenKind::End)
                m_endsStatement = text == ";";
        }
    }

    std::vector<VisibleName> run()
    {
        statements(m_tree.statements(), true);
        return std::move(m_names);
    }

private:
    void statements(const std::vector<const StatementSyntax*>& list, bool reachesEnd)
    {
        for (const StatementSyntax* statement : list) {
            const bool last = reachesEnd && statement == list.back();
            if (statement->kind == StatementSyntax::Kind::QueryParameters)
                parameters(statement->parameters);
            if (statement->kind != StatementSyntax::Kind::Let || statement->name.missing())
                continue;
            const ExpressionSyntax* expression = statement->expression;
            const bool function = expression && expression->kind == ExpressionSyntax::Kind::Function;
            if (last && function && isOpen(*expression)) {
                parameters(expression->functionParameters);
                statements(expression->statements, true);
            } else if (!last || m_endsStatement) {
                m_names.push_back({statement->name.text, statement->name.span.start, expression});
            }
        }
    }

    void parameters(const std::vector<ExpressionSyntax::FunctionParameter>& list)
    {
        for (const auto& parameter : list)
            m_names.push_back({parameter.name.text, parameter.name.span.start, nullptr});
    }

    /// Whether the brace of the function's body is still open at the end.
    bool isOpen(const ExpressionSyntax& function) const
    {
        const std::size_t first = function.statements.empty() ? m_tree.text().size() : function.statements.front()->span.start;
        return std::any_of(m_openBraces.begin(), m_openBraces.end(), [&](std::size_t brace) { return brace > function.span.start && brace < first; });
    }

    const SyntaxTree& m_tree;
    std::vector<std::size_t> m_openBraces;
    bool m_endsStatement = false;
    std::vector<VisibleName> m_names;
};

} // namespace

std::optional<OpenCall> openCall(std::string_view text, std::span<const Token> tokens)
{
    struct Bracket {
        char kind;
        OpenCall call;
    };
    std::vector<Bracket> open;
    const Token* before = nullptr;
    for (const Token& token : tokens) {
        if (token.isTrivia() || token.kind == TokenKind::End)
            continue;
        const std::string_view word = token.text(text);
        if (token.kind == TokenKind::Operator) {
            if (word == "(" || word == "[" || word == "{") {
                OpenCall call;
                call.open = token.span.start;
                const std::string_view callee = before ? before->text(text) : std::string_view();
                const bool list = before && before->kind == TokenKind::Operator && (callee.starts_with("!in") || callee == "in~" || callee == "!has_any" || callee == "!has_all");
                if (word == "(" && before && (before->kind == TokenKind::Identifier || list) && !isNoCallee(callee)) {
                    call.name = callee;
                    call.nameSpan = before->span;
                }
                open.push_back({word[0], call});
            } else if (word == ")" || word == "]" || word == "}") {
                if (!open.empty())
                    open.pop_back();
            } else if (word == "," && !open.empty()) {
                ++open.back().call.argument;
            } else if (word == ";") {
                while (!open.empty() && open.back().kind != '{')
                    open.pop_back();
            }
        }
        before = &token;
    }
    if (open.empty() || open.back().kind != '(')
        return std::nullopt;
    return open.back().call;
}

std::vector<VisibleName> visibleNames(const SyntaxTree& tree) { return ScopeWalk(tree).run(); }

} // namespace tocsin::kql::services
