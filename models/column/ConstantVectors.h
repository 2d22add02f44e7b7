// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <span>

namespace tocsin {

/// Whether all are constants of one type and of exactly one value: all null, or equal to the bit. False for none.
bool equalConstants(std::span<const Vector* const> parts);

} // namespace tocsin
