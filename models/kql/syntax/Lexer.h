// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/Token.h"

#include <vector>

namespace tocsin::kql {

/// Cuts a text into tokens, with white space and comments; the last one is End. Any bytes are accepted; linear in the length.
std::vector<Token> tokenize(std::string_view text);

inline bool isNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
inline bool isDigit(char c) { return c >= '0' && c <= '9'; }
inline bool isNameChar(char c) { return isNameStart(c) || isDigit(c); }

} // namespace tocsin::kql
