// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionBuilder.h"

#include <algorithm>

namespace tocsin::kql::services {

using Op = OperatorSyntax::Kind;

CompletionBuilder::CompletionBuilder(const LanguageServices& services, std::string before, std::string_view typed, std::string_view whole)
    : m_services(services), m_before(std::move(before)), m_typed(typed), m_whole(whole), m_expected(expectedAtEnd(m_before))
{
    const auto& tokens = m_expected.tree->tokens();
    m_call = openCall(m_expected.tree->text(), tokens);
    for (const Token& token : tokens)
        if (!token.isTrivia() && token.kind != TokenKind::End)
            m_tokens.push_back(&token);
}

std::vector<CompletionItem> CompletionBuilder::run()
{
    const Expectation& e = m_expected;
    if (e.literal) {
        literals(0);
        addNewName("key", 9);
    }
    if (e.typeName)
        addWords(typeWords(), Kind::Type, 0);
    if (e.member)
        members();
    if (!e.name.empty())
        names();
    optionValues();
    options();
    properties();
    if (e.operatorName)
        addWords(tabularOperators(), Kind::Operator, 0);
    if (e.statement)
        statementStart();
    if (e.expression)
        operands();
    else if (e.table)
        tables(0);
    if (e.pattern) {
        add(Kind::Literal, "\"\"", 0, "string", "Text that stands in front of the next column.");
        addNewName("column", 1);
        if (meaning().input())
            addColumns(*meaning().input(), 3);
    }
    if (e.declares)
        addNewName("name", 9);
    words();
    return take();
}

std::string_view CompletionBuilder::owner() const
{
    // The word in front of `with (` counts: externaldata has no operator of its own.
    for (std::size_t i = m_tokens.size(); i-- > 0;) {
        const std::string_view word = m_tokens[i]->text(m_expected.tree->text());
        if (word == "|" || word == ";")
            break;
        if (m_expected.property && (word == "externaldata" || word == "external_data"))
            return "externaldata";
    }
    if (m_expected.op)
        return m_expected.tree->textOf(m_expected.op->keyword);
    for (std::size_t i = m_tokens.size(); i-- > 0;)
        if (const std::string_view word = m_tokens[i]->text(m_expected.tree->text()); word == "externaldata")
            return "externaldata";
    return {};
}

void CompletionBuilder::names()
{
    const std::string_view what = m_expected.name;
    if (what == "a chart type")
        return addWords(chartKinds(), Kind::Value, 0);
    if (what == "all, last or none")
        return addWords(valuesOf("scan", "output"), Kind::Value, 0);
    if (what == "an option name")
        return addWords(queryOptions(), Kind::Option, 0);
    if (what == "a column name" && isOneOf({Op::Find, Op::Partition, Op::Facet, Op::ProjectReorder, Op::ProjectAway, Op::ProjectKeep}))
        rowColumns(false);
    if (!m_expected.member)
        addNewName(what.starts_with("a ") ? what.substr(2) : what.starts_with("an ") ? what.substr(3) : what, 5);
}

void CompletionBuilder::optionValues()
{
    if (m_expected.valueOf.empty())
        return;
    const std::string_view option = m_expected.valueOf;
    addWords(valuesOf(owner(), option), Kind::Value, 0);
    if (option.find("with_") == 0 || option == "withsource")
        addNewName("column", 0);
    if (isOneOf({Op::Render}) && meaning().input())
        addColumns(*meaning().input(), 1);
    if ((option == "hint.shufflekey" || option == "hint.pass_filters_column") && meaning().input())
        addColumns(*meaning().input(), 0);
}

void CompletionBuilder::options()
{
    if (m_expected.option) {
        for (const std::string_view name : optionsOf(owner())) {
            const WordHelp* known = findWord(optionWords(), name);
            addAssigned(name, 2, known ? known->form : std::string_view(), known ? known->help : std::string_view());
        }
        for (const WordHelp& hint : hints())
            addAssigned("hint." + std::string(hint.word), 8, hint.form, hint.help);
    }
    if (m_expected.hintName)
        addWords(hints(), Kind::Option, 0);
}

void CompletionBuilder::properties()
{
    if (!m_expected.property)
        return;
    const auto known = propertiesOf(owner());
    for (const WordHelp& property : known)
        addAssigned(property.word, 0, property.form, property.help);
    for (const std::string_view name : m_expected.properties)
        addAssigned(name, 0, {}, {});
}

void CompletionBuilder::statementStart()
{
    addWords(statementWords(), Kind::Keyword, 2);
    add(Kind::Name, "function", 9, "a function of another place");
}

bool CompletionBuilder::isOneOf(std::initializer_list<OperatorSyntax::Kind> kinds) const
{
    return m_expected.op && std::find(kinds.begin(), kinds.end(), m_expected.op->kind) != kinds.end();
}

const TextMeaning& CompletionBuilder::meaning()
{
    if (!m_meaning)
        m_meaning.emplace(m_expected.tree, m_services.snapshot(), m_services.functions(), m_services.memory(),
                          TextMeaning::End{m_expected.op ? std::optional(m_expected.op->keyword.start) : std::nullopt, m_tokens.empty() ? std::nullopt : std::optional(m_tokens.back()->span.start)});
    return *m_meaning;
}

} // namespace tocsin::kql::services
