// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LanguageServices.h"
#include "kql/services/LanguageWords.h"
#include "kql/services/TokenLookup.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

constexpr std::size_t kColumnsShown = 12;

std::string columnsText(const RowsInfo& rows)
{
    std::string text;
    for (std::size_t i = 0; i < rows.columns.size() && i < kColumnsShown; ++i)
        text += (i ? ", " : "") + rows.columns[i].name + ": " + std::string(typeName(rows.columns[i].type));
    if (rows.columns.size() > kColumnsShown)
        text += ", … (" + std::to_string(rows.columns.size()) + " columns)";
    return text;
}

void describeMeaning(const Meaning& meaning, Hover& hover)
{
    switch (meaning.kind) {
    case Meaning::Kind::Column:
        hover.title = meaning.name + ": " + std::string(typeName(meaning.type));
        hover.detail = meaning.table.empty() ? "computed column" : "column of " + meaning.table;
        break;
    case Meaning::Kind::Table:
        hover.title = meaning.name + " (table)";
        hover.detail = columnsText(meaning.rows);
        break;
    case Meaning::Kind::Value:
        hover.title = meaning.name + ": " + std::string(typeName(meaning.type));
        hover.detail = "value of let or a parameter";
        break;
    case Meaning::Kind::Rows:
        hover.title = meaning.name + " (table)";
        hover.detail = columnsText(meaning.rows);
        break;
    case Meaning::Kind::Function: hover.title = meaning.name + "()"; break;
    }
    hover.help = meaning.description;
}

void describeWord(const WordHelp& word, Hover& hover)
{
    hover.title = word.form.empty() ? std::string(word.word) : std::string(word.form);
    hover.help = word.help;
    hover.example = word.example;
}

/// The signature of a let function of the text by its name.
void describeFunction(const SyntaxTree& tree, std::string_view name, Hover& hover)
{
    for (const StatementSyntax* statement : tree.statements())
        if (statement->kind == StatementSyntax::Kind::Let && statement->name.text == name && statement->expression->kind == ExpressionSyntax::Kind::Function)
            hover.title = signatureText(name, statement->expression->functionParameters).text;
}

} // namespace

std::optional<Hover> LanguageServices::hover(std::string_view text, std::size_t position) const
{
    const auto tree = parseQuery(std::string(text));
    const auto& tokens = tree->tokens();
    const std::size_t index = tokenAt(tokens, position);
    const Token& token = tokens[index];
    Hover hover;
    hover.place = token.span;
    const TextMeaning meaning(tree, *m_snapshot, m_functions);
    for (const auto* list : {&meaning.errors(), &meaning.warnings()})
        for (const Error& error : *list)
            if (hover.problem.empty() && error.span && position >= error.span->start && position <= error.span->end()) {
                hover.problem = errorMessage(error);
                if (error.kind && !error.kind->advice.empty())
                    hover.problem += ". " + std::string(error.kind->advice);
            }
    const std::string_view word = token.text(tree->text());
    const auto significant = significantTokens(tokens);
    const auto place = std::find(significant.begin(), significant.end(), index);
    const auto neighbour = [&](std::ptrdiff_t step) -> std::string_view {
        if (place == significant.end() || place - significant.begin() + step < 0 || place + step >= significant.end())
            return {};
        return tokens[*(place + step)].text(tree->text());
    };
    const Meaning* known = meaning.use(token.span.start);
    if (!known)
        known = meaning.definition(token.span.start);
    if (token.kind == TokenKind::Identifier || token.kind == TokenKind::Operator) {
        if (known) {
            describeMeaning(*known, hover);
            if (known->kind == Meaning::Kind::Function)
                describeFunction(*tree, word, hover);
            if (const catalog::StoredFunction* stored = known->stored ? m_snapshot->findFunction(word) : nullptr) {
                hover.title = stored->name + "(" + stored->parameters + ")";
                hover.help = stored->description;
            }
        } else if (const WordHelp* op = findWord(tabularOperators(), word); op && (neighbour(-1) == "|" || neighbour(-1) == "(" )) {
            describeWord(*op, hover);
        } else if (const WordHelp* first = findWord(prefixOperators(), word); first && neighbour(1) != "(" && neighbour(1) != "=") {
            describeWord(*first, hover);
        } else if (const WordHelp* plugin = findWord(pluginWords(), word); plugin && neighbour(-1) == "evaluate") {
            describeWord(*plugin, hover);
        } else if (const auto help = neighbour(1) == "(" ? signatureHelp(text, std::min(text.size(), tokens[*(place + 1)].span.end())) : std::nullopt) {
            hover.title = help->signatures[help->active].text;
            if (help->signatures.size() > 1)
                hover.detail = "and " + std::to_string(help->signatures.size() - 1) + (help->signatures.size() == 2 ? " other form" : " other forms");
            hover.help = help->help;
            hover.example = help->example;
        } else if (const WordHelp* inner = findWord(innerWords(), word == "matches" || word == "regex" ? "matches regex" : word)) {
            describeWord(*inner, hover);
        } else if (const WordHelp* statement = findWord(statementWords(), word)) {
            describeWord(*statement, hover);
        } else if (const WordHelp* option = findWord(optionWords(), word); option && neighbour(1) == "=") {
            describeWord(*option, hover);
        } else if (const WordHelp* type = findWord(typeWords(), word); type && neighbour(-1) == ":") {
            describeWord(*type, hover);
        }
    } else if (token.kind == TokenKind::TypedLiteral || token.kind == TokenKind::TimeSpan) {
        const WordHelp* type = findWord(typeWords(), token.kind == TokenKind::TimeSpan ? std::string_view("timespan") : word.substr(0, word.find_first_of(" (")));
        if (type)
            hover.title = std::string(type->word) + " literal";
    }
    if (hover.title.empty() && hover.problem.empty())
        return std::nullopt;
    return hover;
}

} // namespace tocsin::kql::services
