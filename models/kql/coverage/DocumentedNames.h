// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace tocsin::kql {

/// The scalar functions and aggregates of the language, whether there is a declaration of them here or not.
std::span<const std::string_view> documentedFunctions();
std::span<const std::string_view> documentedAggregates();

/// What no declaration tells of: operators, statements and functions that the binder itself understands. Each with a query that
/// runs with it, or why there is none; neither: it is missing.
struct DocumentedForm {
    std::string_view name;
    std::string_view example;
    std::string_view reason = {};
};
std::span<const DocumentedForm> documentedOperators();
std::span<const DocumentedForm> documentedStatements();
std::span<const DocumentedForm> binderFunctions();
/// Functions without a declaration, and why.
std::span<const DocumentedForm> outsideFunctions();

} // namespace tocsin::kql
