// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "detect/sigma/SigmaErrors.h"
#include "detect/sigma/SigmaRule.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

// Shared by the readers of rules and of correlations; not for others.
namespace tocsin::detect::sigma {

inline std::string yamlText(const YAML::Node& node) { return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string(); }

/// A scalar as a list of one.
std::vector<std::string> yamlTexts(const YAML::Node& node);
/// `file:line:column`, counted from 1.
std::string yamlPlace(std::string_view source, const YAML::Node& node);
/// id, title, level, tags, …; what is odd goes to the warnings.
Result<SigmaHeader> readHeader(const YAML::Node& document, std::string_view source, std::vector<Error>& warnings);
Result<SigmaCorrelation> readCorrelation(const YAML::Node& document, std::string_view source, std::vector<Error>& warnings);

} // namespace tocsin::detect::sigma
