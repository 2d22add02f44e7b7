// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxOperators.h"
#include "kql/syntax/Token.h"

#include <memory>
#include <string>
#include <vector>

namespace tocsin::kql {

/// A parsed text: its tokens, its statements, and what is wrong with it. Always there, however wrong the text is. Immutable once parsed.
class SyntaxTree {
public:
    const std::string& text() const { return m_text; }
    /// All tokens with white space and comments, without gaps, up to End.
    const std::vector<Token>& tokens() const { return m_tokens; }
    const std::vector<const StatementSyntax*>& statements() const { return m_statements; }
    const std::vector<Error>& errors() const { return m_errors; }
    std::string_view textOf(SourceSpan span) const { return std::string_view(m_text).substr(span.start, span.length); }

private:
    friend class Parser;
    std::string m_text;
    std::vector<Token> m_tokens;
    std::vector<const StatementSyntax*> m_statements;
    std::vector<Error> m_errors;
    std::vector<std::unique_ptr<SyntaxNode>> m_nodes;
};

/// Parses a query text of any number of statements.
std::shared_ptr<const SyntaxTree> parseQuery(std::string text);
/// Parses `(parameters) { body }` of a saved function, given apart as they are saved; the one statement is a `let name = …`.
std::shared_ptr<const SyntaxTree> parseFunction(std::string_view name, std::string_view parameters, std::string_view body);

} // namespace tocsin::kql
