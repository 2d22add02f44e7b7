// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/Token.h"

#include <span>
#include <vector>

namespace tocsin::kql::services {

/// Index of the token that holds the byte; at a border the one that begins there. `tokens` are those of a text, without gaps, up to End.
std::size_t tokenAt(std::span<const Token> tokens, std::size_t byte);

/// Indices of the tokens that are neither white space nor comment, without End.
std::vector<std::size_t> significantTokens(std::span<const Token> tokens);

} // namespace tocsin::kql::services
