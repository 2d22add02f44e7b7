// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/ArmScope.h"

#include <span>

namespace tocsin::network {

/// Evaluates the inside of `[…]`. Errors: kTemplateExpression.
Result<JsonTree> evaluateExpression(std::string_view expression, ArmScope& scope);
/// Calls a template function by name, without regard to case. Arguments are evaluated already.
Result<JsonTree> callArmFunction(std::string_view name, std::span<const JsonTree> arguments, ArmScope& scope);
/// The stand-in for a value only a deployment knows.
JsonTree opaqueValue(std::string_view function, std::span<const JsonTree> arguments);
bool isOpaque(const JsonTree& value);

} // namespace tocsin::network
