// SPDX-License-Identifier: GPL-3.0-or-later
// Management commands: `.show tables`, `.create function f() { … }`, `.set T <| query`.
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

namespace {
constexpr std::size_t kMaxParts = 10'000;
} // namespace

StatementSyntax* Parser::commandStatement()
{
    StatementSyntax* statement = make<StatementSyntax>(here());
    statement->kind = StatementSyntax::Kind::Command;
    CommandSyntax* command = make<CommandSyntax>(here());
    statement->command = command;
    take();
    command->verb = takeName(1);
    while (!atEnd() && !at(";") && !at("|") && !at("<|") && !m_panic && command->parts.size() < kMaxParts)
        command->parts.push_back(commandPart());
    PipelineSyntax* pipeline = make<PipelineSyntax>(here());
    if (accept("<|")) {
        statements(command->query, false);
    } else if (at("|")) {
        operatorChain(*pipeline);
        command->operators = done(pipeline);
    }
    done(command);
    return statement;
}

/// A word, a literal, a list in parentheses, a body in braces; whatever else stands there by itself.
CommandSyntax::Part Parser::commandPart()
{
    CommandSyntax::Part part;
    const std::size_t start = here();
    const Deeper deeper(*this);
    if (tooDeep())
        return part;
    if (at("with") && at("(", 1)) {
        take();
        part.kind = CommandSyntax::Part::Kind::Properties;
        part.properties = propertyList();
    } else if (at("(") || at("{")) {
        part.kind = at("(") ? CommandSyntax::Part::Kind::List : CommandSyntax::Part::Kind::Body;
        const std::string_view end = at("(") ? ")" : "}";
        take();
        while (!atEnd() && !at(end) && !m_panic && part.parts.size() < kMaxParts)
            part.parts.push_back(commandPart());
        expect(end);
    } else if (const Expr value = atLiteral() && !atWord() ? literal() : nullptr) {
        part.kind = CommandSyntax::Part::Kind::Value;
        part.value = value;
    } else if (const std::size_t length = nameLength(0, Names::Declared)) {
        part.name = takeName(length);
    } else if (atWord()) {
        part.name = takeName(1);
    } else {
        part.kind = CommandSyntax::Part::Kind::Symbol;
        part.name = takeName(1);
    }
    part.span = spanFrom(start);
    return part;
}

} // namespace tocsin::kql
