// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/TokenLookup.h"

#include <algorithm>

namespace tocsin::kql::services {

std::size_t tokenAt(std::span<const Token> tokens, std::size_t byte)
{
    const auto behind = std::upper_bound(tokens.begin(), tokens.end(), byte, [](std::size_t at, const Token& token) { return at < token.span.start; });
    return behind == tokens.begin() ? 0 : static_cast<std::size_t>(behind - tokens.begin() - 1);
}

std::vector<std::size_t> significantTokens(std::span<const Token> tokens)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (!tokens[i].isTrivia() && tokens[i].kind != TokenKind::End)
            found.push_back(i);
    return found;
}

} // namespace tocsin::kql::services
