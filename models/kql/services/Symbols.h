// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

#include <functional>
#include <optional>

namespace tocsin::kql {
class FunctionRegistry;
}

namespace tocsin::kql::services {

enum class SymbolKind {
    Scalar,       ///< let with a value
    Table,        ///< let with rows, or `as`
    Function,     ///< let with parameters
    Parameter,    ///< of a function, or of the query
    Column,       ///< made by an operator, a datatable or a schema
    SourceTable,  ///< a table that the text does not define
    SourceColumn, ///< a column of such a table
    GraphElement, ///< a node or an edge of a graph pattern
    Step,         ///< a step of scan
};

struct QuerySymbol {
    SymbolKind kind = SymbolKind::Column;
    std::string name;
    std::optional<SourceSpan> definition; ///< of the name; none for what the text does not define, and for columns that the language names
    std::optional<SourceSpan> body;       ///< of let: the statement
    std::string table;                    ///< SourceColumn: whose
    std::optional<SourceSpan> impliedBy;  ///< Column: the expression that the language named it after, if its name says more than a column's
    bool hidesColumn = false;             ///< Column: takes the place of a column of the same name
};

struct SymbolUse {
    enum class Form {
        Name,
        JoinKey, ///< `on x`: the column of both sides; there is a use for each
        Text,    ///< a string literal: column_ifexists("x", …)
    };
    SourceSpan span;
    std::size_t symbol = 0;
    bool definition = false;
    bool right = false; ///< JoinKey: of the right side
    Form form = Form::Name;
    std::size_t rows = static_cast<std::size_t>(-1); ///< columns: where the operator begins whose rows are meant; the highest number without one
};

/// What the names of one text mean. Columns that flow together (branches of a union, a column named after another) are one symbol.
struct QuerySymbols {
    std::vector<QuerySymbol> symbols;
    std::vector<SymbolUse> uses; ///< in order of their places; definitions are uses too
    /// Names of columns that mean nothing known, in closed rows (behind project, summarize …).
    std::vector<std::pair<std::string, SourceSpan>> unknown;

    /// The use at a byte (also right behind it), null if none.
    const SymbolUse* at(std::size_t byte) const;
};

/// What a text cannot say by itself.
struct SymbolContext {
    /// Names of a table's columns; nothing if the table is not known.
    std::function<std::optional<std::vector<std::string>>(std::string_view table)> columnsOf;
    const FunctionRegistry* functions = nullptr; ///< for the names that aggregates give their results; may be null
};

/// Looks every name up, scope by scope and operator by operator. Takes texts with errors too.
QuerySymbols resolveSymbols(const SyntaxTree& tree, const SymbolContext& context = {});

} // namespace tocsin::kql::services
