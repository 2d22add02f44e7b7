// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/support/Sketches.h"

#include <optional>

namespace tocsin::kql {

/// Beyond this many values what hll() gives is an estimate.
inline constexpr std::size_t kSketchExactLimit = 4096;

/// As the dynamic value `[version, precision, [hashes]]`, or `[version, precision, "registers in base64"]` for an estimate.
void writeDistinctSketch(DynamicBuilder& out, const DistinctCounter& counter);
std::optional<DistinctCounter> readDistinctSketch(DynamicView value);

} // namespace tocsin::kql
