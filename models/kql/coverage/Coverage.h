// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Declaration.h"

#include <string>
#include <vector>

/// How much of the language there is: every documented operator, statement, function, aggregate and plugin, and every declared one.
namespace tocsin::kql {

struct CoverageEntry {
    enum class Kind { Operator, Statement, Function, Aggregate, Plugin };
    enum class State {
        Runs,
        Outside, ///< needs what is not here: `note` says what
        Missing, ///< documented, and nothing here knows it
    };
    Kind kind = Kind::Operator;
    std::string name;
    State state = State::Runs;
    std::string note; ///< one line on what it does, or what it needs
};

/// By kind, then by name.
std::vector<CoverageEntry> kqlCoverage(const FunctionRegistry& functions);

struct CoverageCount {
    std::size_t runs = 0, outside = 0, missing = 0;
};
CoverageCount countCoverage(const std::vector<CoverageEntry>& entries, CoverageEntry::Kind kind);

/// `Operators`, `Functions`, …
std::string_view coverageTitle(CoverageEntry::Kind kind);
/// As a page in Markdown.
std::string coverageMarkdown(const std::vector<CoverageEntry>& entries);

} // namespace tocsin::kql
