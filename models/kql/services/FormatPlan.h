// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/Format.h"
#include "kql/syntax/SyntaxTree.h"

#include <vector>

namespace tocsin::kql::services {

/// What stands between two tokens when no line ends there.
enum class Spacing : unsigned char { ByTokens, Tight, Space };

/// How the tokens of a text are to be laid out. Numbers are indices into `tokens`; "gap i" is what stands before token i.
struct FormatPlan {
    /// Tokens that belong on one line if they fit; otherwise the line ends at each gap of the group.
    struct Group {
        std::size_t first, last;
        bool forced = false; ///< broken whatever the width
        bool fill = false;   ///< gaps marked `fill` end the line only where the next item does not fit
    };
    /// Gaps [first, last] are one step further right while the group is broken.
    struct Nest {
        std::size_t group, first, last;
    };
    struct Gap {
        Spacing spacing = Spacing::ByTokens;
        std::size_t group = kNone; ///< the line may end here
        bool fill = false;
        bool hard = false;         ///< the line ends here
    };
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::vector<std::size_t> tokens; ///< of the tree, without trivia and End
    std::vector<Gap> gaps;
    std::vector<Group> groups;
    std::vector<Nest> nests;
};

/// Reads the layout off a tree without errors.
FormatPlan planFormat(const SyntaxTree& tree);
/// Writes the text by the plan, with its comments; no blank line at its ends.
std::string printPlan(const SyntaxTree& tree, const FormatPlan& plan, const FormatOptions& options);

} // namespace tocsin::kql::services
