// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::detect::sigma {

inline constexpr ErrorKind kSigmaSyntax{"sigma.syntax", "The Sigma file is no valid YAML: {0}", "Mend the YAML at the position named."};
inline constexpr ErrorKind kSigmaField{"sigma.field", "Sigma rule, '{0}': {1}", "See the Sigma rules specification for the allowed form."};
inline constexpr ErrorKind kSigmaCondition{"sigma.condition", "The condition cannot be read: {0}", "Mend the rule's condition."};
inline constexpr ErrorKind kSigmaUnsupported{"sigma.unsupported", "The rule uses {0}, which is not supported: {1}", "The rule was left out; rewrite it without this or use a KQL rule."};
inline constexpr ErrorKind kSigmaPlaceholder{"sigma.placeholder", "The rule needs values for the placeholder %{0}%", "Give the values of this placeholder and import the rule again."};

} // namespace tocsin::detect::sigma
