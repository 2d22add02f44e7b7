// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "detect/Rule.h"

#include <string_view>
#include <vector>

namespace tocsin::detect {

inline constexpr ErrorKind kRuleSyntax{"detect.rule_syntax", "The rule file cannot be read: {0}", "Mend the YAML or JSON at the position named."};
inline constexpr ErrorKind kRuleField{"detect.rule_field", "Rule field '{0}': {1}", "See the rule format for the allowed values."};
inline constexpr ErrorKind kRuleMoved{"detect.rule_moved", "The rule was moved elsewhere and holds no query", "Import the rule from its new place."};

/// What a file gave: rules, and what is odd about them without making them unusable.
struct RuleFile {
    std::vector<QueryRule> rules;
    std::vector<Error> warnings;
};

/// Reads Sentinel analytics rules and hunting queries: the YAML of the public repository, or an ARM or API export in JSON (one rule, a list, or a template with
/// `resources`). `source` names the file in errors.
Result<RuleFile> readSentinelRules(std::string_view text, std::string_view source);
/// The rule as YAML in the same form; reading it again gives the same rule.
std::string writeSentinelRule(const QueryRule& rule);

/// `5m`, `1h`, `14d`, `PT1H`, `P1DT2H`, `1.00:00:00`.
std::optional<Ticks> parseRuleDuration(std::string_view text);

} // namespace tocsin::detect
