// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/KqlVocabulary.h"

#include <string_view>
#include <vector>

namespace tocsin::widgets {

/// What a piece of a query is, for its colour.
enum class KqlTokenKind { Text, Keyword, Operator, Table, Column, Function, String, Number, Comment, Plugin, Punctuation };

struct KqlToken {
    std::size_t start = 0; ///< in bytes
    std::size_t length = 0;
    KqlTokenKind kind = KqlTokenKind::Text;
};

/// The tokens of the KQL lexer, without gaps and for any bytes. Names are told apart by the vocabulary and by what stands around them.
std::vector<KqlToken> kqlTokens(std::string_view text, const items::KqlVocabulary& vocabulary);

} // namespace tocsin::widgets
