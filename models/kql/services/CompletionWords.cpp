// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionBuilder.h"

#include "kql/syntax/Lexer.h"

namespace tocsin::kql::services {

using Op = OperatorSyntax::Kind;

bool CompletionBuilder::behindTableName() const
{
    if (m_expected.op || m_tokens.empty() || m_tokens.back()->kind != TokenKind::Identifier)
        return false;
    return m_services.isTable(m_tokens.back()->text(m_expected.tree->text()));
}

std::optional<DataType> CompletionBuilder::typeBefore()
{
    if (m_tokens.empty() || m_tokens.back()->kind != TokenKind::Identifier)
        return std::nullopt;
    const Meaning* known = meaning().use(m_tokens.back()->span.start);
    if (!known || (known->kind != Meaning::Kind::Column && known->kind != Meaning::Kind::Value))
        return std::nullopt;
    return known->type;
}

void CompletionBuilder::words()
{
    const bool table = behindTableName();
    const bool search = isOneOf({Op::Search, Op::Find});
    for (const std::string_view text : m_expected.words) {
        const bool value = findWord(innerWords(), text) || text == "+" || text == "-" || text == "/" || text == "%" || (text == "*" && !m_expected.expression) || text == "matches";
        const bool clause = text == "on" || text == "by" || text == "to" || text == "with" || text == "from" || text == "step" || text == "of" || text == "asc" || text == "desc";
        if (table && value && !clause)
            continue;
        // What only services write to one another, and spellings of true and false that no one uses.
        if (text.starts_with("__") || text == "datascope" || text == "True" || text == "TRUE" || text == "False" || text == "FALSE" || text == "@" || (text == ":" && !search && !m_expected.typeName && m_expected.words.contains("==")))
            continue;
        if (text == "{" && m_expected.expression)
            continue;
        word(text);
    }
}

void CompletionBuilder::word(std::string_view text)
{
    if (text == "matches") {
        const WordHelp* known = findWord(innerWords(), "matches regex");
        add(Kind::Symbol, known->word, 3, known->form, known->help);
        return;
    }
    if (text == "nulls") {
        add(Kind::Keyword, "nulls first", 1, {}, "Nulls come first.");
        add(Kind::Keyword, "nulls last", 1, {}, "Nulls come last.");
        return;
    }
    const WordHelp* known = findWord(innerWords(), text);
    const std::string_view form = known ? known->form : std::string_view(), help = known ? known->help : std::string_view();
    const bool letters = isNameStart(text[0]);
    const bool negated = text[0] == '!' && text.size() > 2 && isNameStart(text[1]);
    if (text.ends_with("_cs") || text.find("like") != std::string_view::npos || text.ends_with("cs") || text.starts_with("notcontains") || text == "<>") {
        add(Kind::Symbol, text, 5, "text " + std::string(text) + " text", text.ends_with("_cs") ? "In this letter case." : "An old spelling.");
        return;
    }
    if (known && !known->form.empty() && text != "and" && text != "or" && text != "default") {
        // What is usual between values of the type comes first.
        const auto type = typeBefore();
        const bool textual = !type || *type == DataType::String;
        const bool usual = text == "==" || text == "!=" || text == "in" || (textual ? letters || text == "=~" : text[0] == '<' || text[0] == '>' || text == "between");
        add(Kind::Symbol, text, usual && !negated ? 2 : 3, form, help);
    } else if (letters) {
        if (findWord(tabularOperators(), text) && m_expected.operatorName)
            return;
        add(text == "true" || text == "false" || text == "null" ? Kind::Literal : Kind::Keyword, text, text == "and" || text == "or" ? 1 : 0, form, help);
    } else if (negated) {
        add(Kind::Symbol, text, 4, form, help);
    } else {
        add(Kind::Punctuation, text, text == "|" ? 1 : 6);
    }
}

} // namespace tocsin::kql::services
