// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "detect/sigma/SigmaRule.h"

#include <map>
#include <span>

namespace tocsin::detect::sigma {

/// Values of the placeholders of `expand`, by name without percent signs.
using Placeholders = std::map<std::string, std::vector<std::string>>;

/// A value beside a field, as the YAML gave it.
struct RuleValue {
    bool isNull = false;
    std::string text;
};

/// Makes tests of `field|modifier|…: values` and adds them to `tests`; gives the condition over them. An empty field stands for any.
/// Errors: kSigmaField, kSigmaUnsupported, kSigmaPlaceholder, without a position.
Result<Condition> readFieldTest(std::string_view key, std::span<const RuleValue> values, const Placeholders& placeholders, std::vector<Test>& tests);

} // namespace tocsin::detect::sigma
