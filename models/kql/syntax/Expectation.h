// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

#include <set>

namespace tocsin::kql {

/// What the parser would take at the end of a text, noted by the parser itself while it looks there. Once a text is complete up to the end
/// several things may hold together (`T | take 5` may go on with `|`, `;`, `+` …).
struct Expectation {
    std::set<std::string_view> words;      ///< keywords and punctuation, as written
    std::set<std::string_view> properties; ///< names of `name=value` pairs that may stand here
    bool option = false;       ///< an option of the operator, or a hint
    bool expression = false;   ///< an operand: a literal, a column, a call
    bool aggregate = false;    ///< … in which aggregates are allowed
    bool declares = false;     ///< a new name with `=` may stand in front of it
    bool table = false;        ///< a table, or a whole pipeline
    bool statement = false;    ///< a statement begins
    bool operatorName = false; ///< a tabular operator behind `|`
    bool typeName = false;
    bool property = false;     ///< the name of a property (render, externaldata, parse-kv …)
    bool hintName = false;     ///< behind `hint.`
    bool literal = false;      ///< a literal inside of dynamic()
    bool pattern = false;      ///< a piece of a parse pattern: a string or a new column
    bool member = false;       ///< a name behind a dot
    std::string_view name;     ///< what a name is expected for: "a column name", "a chart type" …; empty: no name
    std::string valueOf;       ///< the option or property whose value is expected
    /// The operator at whose end or in whose middle the text ends; null outside of operators.
    const OperatorSyntax* op = nullptr;
    std::shared_ptr<const SyntaxTree> tree;
    bool closed = false;       ///< the parser found something missing: what it looks for from there on means nothing
};

/// Parses a text that is cut off where something is to be written.
Expectation expectedAtEnd(std::string text);

} // namespace tocsin::kql
