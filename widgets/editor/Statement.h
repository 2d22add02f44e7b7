// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::widgets {

/// The piece of a document that a run sends, with the place it came from.
struct Statement {
    std::size_t start = 0; ///< byte in the document where `text` begins
    std::size_t shownStart = 0, shownEnd = 0; ///< what is shaded: the statement itself
    std::string text;      ///< what is sent; offsets in it plus `start` are offsets in the document
    bool isEmpty() const { return text.empty(); }
};

/// The statement at a byte of the document: blocks are separated by blank lines, statements in a block by `;`. The let, set and
/// declare statements before it in the same block are sent with it; other queries of the block are blanked out.
Statement statementAt(std::string_view document, std::size_t position);

} // namespace tocsin::widgets
