// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Extensions.h"

namespace tocsin::kql {

Result<OperatorPtr> compileExtension(const PlanPtr& plan, Run&)
{
    Error error = makeError(kUnsupportedOperator, plan->name);
    error.at(plan->span);
    return std::unexpected(std::move(error));
}

} // namespace tocsin::kql
