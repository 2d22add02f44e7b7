// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/DataType.h"
#include "kql/services/Navigation.h"

namespace tocsin::catalog {
class Snapshot;
}

namespace tocsin::kql::services {

inline constexpr ErrorKind kNothingToExtract{"kql.nothing_to_extract", "The selection is no whole expression or table", "Select a value, a call, a subquery, or a table with its first operators."};
inline constexpr ErrorKind kCannotExtract{"kql.cannot_extract", "This cannot be made a let: {0}", "Select a part of it, or more than it."};
inline constexpr ErrorKind kCannotInline{"kql.cannot_inline", "'{0}' cannot be inlined: {1}", "Put the cursor on a let with a value or a table."};

/// Type of the column whose name begins at a byte of a query; nothing where it is not known.
using ColumnTypes = std::function<std::optional<DataType>(std::string_view query, std::size_t place)>;

/// The types that the binder gives to columns, by binding the query up to the operator around a name. The arguments must outlive the function.
ColumnTypes boundColumnTypes(const catalog::Snapshot& snapshot, const FunctionRegistry& functions);

struct LetExtraction {
    std::vector<TextEdit> edits; ///< in order, of the document
    std::string name;            ///< made up, and new to the document
    std::size_t nameAt = 0;      ///< byte of the name in the let, after the edits: to rename it there
    bool function = false;       ///< a let with parameters: the selection uses columns of its row
};

/// Gives a selected expression or table a name: a let before its statement (in the same body), and the name, or a call with the columns it uses, in
/// its place. An empty selection means the literal or the call at the place. A column that took its name from the selection keeps it.
Result<LetExtraction> extractLet(std::string_view document, SourceSpan selection, const SymbolContext& context = {}, const ColumnTypes& types = {});

/// Puts the value of the let at a byte in place of its uses, in parentheses where needed, and takes the let away.
Result<std::vector<TextEdit>> inlineLet(std::string_view document, std::size_t position, const SymbolContext& context = {});

} // namespace tocsin::kql::services
