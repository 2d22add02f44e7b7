// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Plan.h"

namespace tocsin::kql {

/// Lets tables give the members of JSON texts as columns: parse_json(Text).Key becomes a column of the scan where the table can do that
/// (see TableSource::withMembers) and the expression stands no further from the scan than filters, projections and sorts allow.
void readMembers(BoundQuery& query);

} // namespace tocsin::kql
