// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/CompletionList.h"
#include "kql/services/LanguageServices.h"
#include "kql/services/Surroundings.h"
#include "kql/syntax/Expectation.h"

#include <initializer_list>

namespace tocsin::kql::services {

/// Turns what the parser expects at the end of a text into items. One use.
class CompletionBuilder : private CompletionList {
public:
    /// `before`: the text up to the word that is being written. `typed`: what of it stands in front of the cursor. `whole`: the text with what follows.
    CompletionBuilder(const LanguageServices& services, std::string before, std::string_view typed, std::string_view whole);
    std::vector<CompletionItem> run();

private:
    // --- what the expectation asks for (CompletionBuilder.cpp)
    void names();
    void optionValues();
    void options();
    void properties();
    void statementStart();
    /// The operator or the call whose options and properties are meant.
    std::string_view owner() const;
    static bool isMissing(const ExpressionSyntax* expression) { return !expression || expression->kind == ExpressionSyntax::Kind::Missing; }
    /// Whether the text ends in one of these operators.
    bool isOneOf(std::initializer_list<OperatorSyntax::Kind> kinds) const;
    const TextMeaning& meaning();

    // --- columns and members (CompletionColumns.cpp)
    void addColumns(const RowsInfo& rows, int group);
    void addUnknownColumns(int group);
    void rowColumns(bool counting);
    void joinColumns();
    void operatorVariables();
    void members();

    // --- values, calls and tables (CompletionOperands.cpp)
    void operands();
    void tables(int group);
    void variables(bool tabular, int group);
    void functions(bool aggregatesFirst);
    void storedFunctions(int group);
    void literals(int group);
    void parameterValues();
    bool tablesWanted() const;
    bool isCounting() const;

    // --- words and signs (CompletionWords.cpp)
    void words();
    void word(std::string_view text);
    bool behindTableName() const;
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
};

} // namespace tocsin::kql::services
