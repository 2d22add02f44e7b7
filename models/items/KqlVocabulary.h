// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

namespace tocsin::items {

/// The names an editor colours and completes.
struct KqlVocabulary {
    std::set<std::string, std::less<>> keywords;  ///< let, set, by, on, asc, …
    std::set<std::string, std::less<>> operators; ///< tabular operators and word operators: where, summarize, has, in, …
    std::set<std::string, std::less<>> functions;
    std::set<std::string, std::less<>> plugins;
    std::set<std::string, std::less<>> tables;
    std::set<std::string, std::less<>> columns;
};

/// The words of the language itself, without tables and columns.
KqlVocabulary languageVocabulary();

} // namespace tocsin::items
