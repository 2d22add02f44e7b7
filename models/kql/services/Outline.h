// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql::services {

struct OutlineItem {
    enum class Kind { Query, Table, Value, Function, Declaration, Operator };
    Kind kind = Kind::Query;
    std::string title;  ///< name of a let, first table of a query, word of an operator
    std::string detail; ///< parameters of a function, the beginning of the rest of an operator or a value; on one line, at most 80 bytes
    SourceSpan span;    ///< the whole of it
    SourceSpan focus;   ///< where the cursor goes: the name
    int level = 0;      ///< 0 for statements of the document
};

/// Statements, names of let, functions and the operators of pipelines, with those of subqueries below, in the order of the text.
std::vector<OutlineItem> outline(std::string_view document);

/// Lines, counted from 0, of which all but the first can be hidden.
struct FoldRange {
    std::size_t firstLine = 0, lastLine = 0;
    enum class Kind { Statement, Brackets, Comments, Text } kind = Kind::Statement;
    bool operator==(const FoldRange&) const = default;
};

/// Statements, brackets, runs of comment lines and long strings of more than one line; outer ones before inner ones. Of ranges that begin on one line the
/// longest is kept.
std::vector<FoldRange> foldRanges(std::string_view document);

} // namespace tocsin::kql::services
