// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql::services {

/// One statement of a document: its text without the blanks around, with its `;` and the comments before it.
struct StatementPiece {
    SourceSpan span;
    bool definition = false; ///< let, set, declare, alias, restrict, or nothing but comments: gives no rows by itself
    bool comments = false;   ///< nothing but comments
};

/// A document holds blocks between blank lines, a block holds statements between `;`. Blank lines inside brackets, strings and comments
/// do not separate, nor do those before a `|`.
struct QueryBlock {
    SourceSpan span; ///< without the blanks around
    std::vector<StatementPiece> pieces;
};
/// Blocks of a text in order; the empty text has none. Any bytes are accepted; linear in the length.
std::vector<QueryBlock> queryBlocks(std::string_view document);

/// The same where a block of definitions alone is part of the block behind it, since it gives nothing by itself.
std::vector<QueryBlock> runnableBlocks(std::string_view document);

/// The piece of a document that a run sends, with the place it came from.
struct Statement {
    std::size_t start = 0; ///< byte in the document where `text` begins
    std::size_t shownStart = 0, shownEnd = 0; ///< what is shaded: the statement itself
    std::string text;      ///< what is sent; offsets in it plus `start` are offsets in the document
    bool isEmpty() const { return text.empty(); }
};

/// The statement at a byte of the document. The let, set and declare statements before it in the same block are sent with it; other
/// queries of the block are blanked out. A block of definitions alone goes on in the next block, since it gives nothing by itself.
Statement statementAt(std::string_view document, std::size_t position);

} // namespace tocsin::kql::services
