// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// What the language itself offers beside functions: words with their form and one line of help.
namespace tocsin::kql::services {

struct WordHelp {
    std::string_view word;
    std::string_view form; ///< how it is written, or the type of a property's value
    std::string_view help;
    std::string_view example = {}; ///< a query, and what it gives behind ` // `
};

/// Operators behind `|`, those most used first (declared in `kql/functions/Operators.h`, as the next).
std::span<const WordHelp> tabularOperators();
/// Operators that may begin a query.
std::span<const WordHelp> prefixOperators();
/// Statements other than queries.
std::span<const WordHelp> statementWords();
/// Operators between values, and words inside of operators (by, on, asc …).
std::span<const WordHelp> innerWords();
/// Calls that are part of the language and not functions over values: toscalar, materialize, datatable, …
std::span<const WordHelp> specialCalls();
/// Plugins of evaluate, those most used first (declared in `kql/functions/Plugins.h`).
std::span<const WordHelp> pluginWords();
std::span<const WordHelp> chartKinds();
std::span<const WordHelp> chartProperties();
std::span<const WordHelp> hints();
std::span<const WordHelp> queryOptions();
/// The types, with how a literal of each is written.
std::span<const WordHelp> typeWords();

/// Properties in `with (…)` of an operator or of externaldata.
std::span<const WordHelp> propertiesOf(std::string_view owner);
/// The values an option or property may have: `kind` of join, `legend` of render … Empty when any value may stand there.
std::span<const WordHelp> valuesOf(std::string_view owner, std::string_view option);
/// The options an operator takes in front of its arguments, hints left out.
std::span<const std::string_view> optionsOf(std::string_view operatorWord);
/// What each option is.
std::span<const WordHelp> optionWords();

/// The entry of a word, null if there is none.
const WordHelp* findWord(std::span<const WordHelp> words, std::string_view word);

} // namespace tocsin::kql::services
