// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/LanguageServices.h"
#include "kql/services/LanguageWords.h"
#include "kql/services/Surroundings.h"
#include "kql/syntax/Expectation.h"

namespace tocsin::kql::services {

/// Turns what the parser expects at the end of a text into items. One use.
class CompletionBuilder {
public:
    /// `before`: the text up to the word that is being written. `typed`: what of it stands in front of the cursor. `whole`: the text with what follows.
    CompletionBuilder(const LanguageServices& services, std::string before, std::string_view typed, std::string_view whole);
    std::vector<CompletionItem> run();

private:
    using Kind = CompletionKind;
    CompletionItem* add(Kind kind, std::string_view label, int group, std::string_view detail = {}, std::string_view help = {});
    void addWords(std::span<const WordHelp> words, Kind kind, int group);
    void addCall(Kind kind, std::string_view name, int group, std::string_view detail, std::string_view help, bool arguments = true);
    void addAssigned(std::string_view name, int group, std::string_view detail, std::string_view help);
    void addNewName(std::string_view what, int group);
    void addColumns(const RowsInfo& rows, int group);
    void addUnknownColumns(int group);

    // --- parts of the expectation
    void names();
    void members();
    void optionValues();
    void options();
    void properties();
    void statementStart();
    void tables(int group);
    void operands();
    void rowColumns(bool counting);
    void joinColumns();
    void functions(bool aggregatesFirst);
    void variables(bool tabular, int group);
    void operatorVariables();
    void literals(int group);
    void parameterValues();
    void words();
    void word(std::string_view text);

    bool tablesWanted() const;
    bool isCounting() const;
    bool behindTableName() const;
    std::string_view owner() const;
    const TextMeaning& meaning();
    std::optional<DataType> typeBefore();

    const LanguageServices& m_services;
    std::string m_before;
    std::string m_typed;
    std::string_view m_whole;
    Expectation m_expected;
    std::optional<OpenCall> m_call;
    std::vector<const Token*> m_tokens; ///< of the text before, without blanks
    std::optional<TextMeaning> m_meaning;
    std::optional<std::vector<VisibleName>> m_names;
    std::vector<CompletionItem> m_items;
    std::set<std::string> m_seen;
};

} // namespace tocsin::kql::services
