// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/TextEdit.h"

#include <optional>

namespace tocsin::kql::services {

struct FormatOptions {
    std::size_t indent = 4;  ///< blanks of one step
    std::size_t width = 100; ///< characters of a line before lists and conditions are broken
};

/// Lays a document out anew: each `|` of a statement on its own line, let bodies, function bodies and subqueries indented, one item a line where
/// a list is too long or was written so, one blank line at most between statements and none inside them. Only white space changes: tokens and
/// comments stay as they are and in their order. What does not parse is left as it is, and so are management commands. Formatting again changes nothing.
std::string formatQuery(std::string_view document, const FormatOptions& options = {});

/// The same for the statements that a selection touches (an empty one: the statement at the place). Nothing if there is nothing to change.
std::optional<TextEdit> formatSelection(std::string_view document, SourceSpan selection, const FormatOptions& options = {});

/// Where a place of a text is after only its white space changed.
std::size_t placeAfterFormat(std::string_view before, std::size_t place, std::string_view after);

} // namespace tocsin::kql::services
