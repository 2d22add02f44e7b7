// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"

namespace tocsin::kql::geo {

/// Writes a shape in well-known text (OGC Simple Features, part 1) as GeoJSON. False for text that is none; then nothing was written.
bool writeWellKnownText(std::string_view text, DynamicBuilder& out);

} // namespace tocsin::kql::geo
