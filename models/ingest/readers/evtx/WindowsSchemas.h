// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"

namespace tocsin::ingest {

/// The columns of the three tables of Windows events that a log can fill, named and typed as Azure Monitor publishes them.
catalog::TableSchema securityEventSchema();
catalog::TableSchema eventSchema();
catalog::TableSchema windowsEventSchema();

} // namespace tocsin::ingest
