// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/bind/Binder.h"
#include "kql/syntax/SyntaxTree.h"

#include <string>

namespace tocsin::fuzz {

/// What holds for any text whatever; empty if it does, else what does not.
inline std::string brokenInvariant(const std::string& text, const catalog::Snapshot& snapshot, const kql::FunctionRegistry& functions)
{
    const auto tree = kql::parseQuery(text);
    std::size_t next = 0;
    for (const kql::Token& token : tree->tokens()) {
        if (token.span.start != next)
            return "tokens leave a gap";
        next = token.span.end();
    }
    if (next != text.size())
        return "tokens do not cover the text";
    if (tree->errors().size() > 80)
        return "too many errors";
    const kql::BoundQuery query = kql::bindTree(tree, snapshot, functions);
    if (query.errors.empty() == query.results.empty())
        return "neither an answer nor an error, or both";
    if (!tree->errors().empty() && query.ok())
        return "a text with syntax errors is accepted";
    for (const Error& error : query.errors)
        if (!error.span || error.span->end() > text.size() || errorMessage(error).empty())
            return "an error without its place: " + errorMessage(error);
    for (const Error& warning : query.warnings)
        if (!warning.span || warning.span->end() > text.size())
            return "a warning without its place: " + errorMessage(warning);
    return {};
}

} // namespace tocsin::fuzz
