// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql::services {

enum class CompletionKind {
    Operator,    ///< a tabular operator, behind `|`
    Keyword,
    Table,
    Column,
    Function,
    Aggregate,
    Plugin,
    Variable,    ///< a name of let, `as`, or a parameter
    Option,      ///< `kind=`, a hint, a property of render
    Value,       ///< one of the words an option may have
    Type,
    Database,
    Property,    ///< a member of a dynamic value
    Symbol,      ///< an operator between values: `==`, `has`
    Punctuation,
    Literal,
    Name,        ///< a name that is made here: nothing to choose, `label` says what for
};
/// `operator`, `keyword` … as tools know them.
std::string_view completionKindName(CompletionKind kind);

struct CompletionItem {
    std::string label;
    CompletionKind kind = CompletionKind::Keyword;
    std::string detail;  ///< type of a column, form of an operator, signature of a function
    std::string help;    ///< one line; may be empty
    std::string example; ///< of an operator or a function: a query, and what it gives behind ` // `; may be empty
    std::string insert;  ///< what takes the place of `replaced`
    std::size_t caret = 0; ///< where the cursor goes, in bytes of `insert`
    SourceSpan replaced;
    /// The word before the cursor is whole, and this may stand behind it; only of use when nothing completes the word.
    bool follows = false;
    int group = 0;       ///< smaller is nearer to what is wanted here
};

struct Completions {
    SourceSpan word; ///< what is being written: up to the cursor for matching, as far as the word goes for replacing
    std::vector<CompletionItem> items; ///< best first
};

/// Whether an item can be chosen from a list (others only say what kind of thing belongs there).
bool isChoice(const CompletionItem& item);

} // namespace tocsin::kql::services
