// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Declaration.h"

namespace tocsin::kql {

/// Functions that only a Kusto service can answer; they bind and fail when run.
void addServiceFunctions(FunctionRegistry& registry);

} // namespace tocsin::kql
