// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/syntax/SyntaxTree.h"

#include <optional>
#include <span>

namespace tocsin::kql::services {

/// The call whose parentheses are open at the end of some tokens.
struct OpenCall {
    std::string_view name;      ///< of the function; empty for plain parentheses. `in` and the like count as names
    SourceSpan nameSpan;
    std::size_t open = 0;       ///< place of the parenthesis
    std::size_t argument = 0;   ///< commas passed since
};
std::optional<OpenCall> openCall(std::string_view text, std::span<const Token> tokens);

/// A name of let or a parameter that is in force at the end of a tree.
struct VisibleName {
    std::string name;
    std::size_t madeAt = 0; ///< place of the name
    const ExpressionSyntax* syntax = nullptr; ///< of a let; null for parameters
};
std::vector<VisibleName> visibleNames(const SyntaxTree& tree);

} // namespace tocsin::kql::services
