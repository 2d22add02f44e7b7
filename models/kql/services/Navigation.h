// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "kql/services/Symbols.h"
#include "kql/services/TextEdit.h"

namespace tocsin::kql::services {

inline constexpr ErrorKind kNoSymbol{"kql.no_symbol", "There is no name here that the query defines", "Put the cursor on a name of let, a parameter or a column."};
inline constexpr ErrorKind kNotRenamable{"kql.not_renamable", "'{0}' cannot be renamed: {1}", "Give it a name of its own first, for example with extend or project-rename."};
inline constexpr ErrorKind kNameTaken{"kql.name_taken", "'{0}' would mean something else in a place where '{1}' stands", "Choose another name."};
inline constexpr ErrorKind kEmptyName{"kql.empty_name", "A name must not be empty", "Write a name."};
inline constexpr ErrorKind kBrokenStatement{"kql.broken_statement", "The query has an error of syntax", "Correct it first: {0}"};

/// A place where a name stands, in bytes of the document.
struct Reference {
    SourceSpan span;
    bool definition = false;
};

struct SymbolAt {
    QuerySymbol symbol; ///< its places are bytes of the document
    SourceSpan span;    ///< the name at the cursor
    std::vector<Reference> references; ///< in order, each place once; the definition and the place at the cursor too
};

/// The part of a document in which names belong together: a block of statements with the definitions it needs. Empty if there is none.
SourceSpan queryAround(std::string_view document, std::size_t position);

/// What the name at a byte means and where it stands; nothing if there is no name.
std::optional<SymbolAt> symbolAt(std::string_view document, std::size_t position, const SymbolContext& context = {});

/// The edits that give the name at a byte another name, quoted where it must be: `['odd name']`. Refuses names of tables and of their columns,
/// columns that the language names, and a name that something in the query would then be mistaken for.
Result<std::vector<TextEdit>> renameSymbol(std::string_view document, std::size_t position, std::string_view name, const SymbolContext& context = {});

/// How a name is written in a query; words of the language are quoted.
std::string writtenName(std::string_view name);

} // namespace tocsin::kql::services
