// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "detect/sigma/SigmaModifiers.h"
#include "detect/sigma/SigmaRule.h"

#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

/// What a file gave. A document that cannot be used is in `errors` with file, line and reason, and never in part among the rules.
struct SigmaFile {
    std::vector<SigmaRule> rules;
    std::vector<SigmaCorrelation> correlations;
    std::vector<Error> errors;
    std::vector<Error> warnings; ///< odd, but the rule works
};

/// Whether a text is meant to be a Sigma rule or correlation: it has `detection` or `correlation` at the start of a line.
bool looksLikeSigma(std::string_view text);

/// Reads Sigma rules and correlations: one YAML document each (Sigma rules specification 2.1). Only text that is no YAML fails as a whole.
Result<SigmaFile> readSigmaFile(std::string_view text, std::string_view source, const Placeholders& placeholders = {});

} // namespace tocsin::detect::sigma
