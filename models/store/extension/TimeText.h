// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <string_view>

namespace tocsin::store {

/// The first time whose text (`2024-06-15T12:34:56.1234567Z`) is not before `text`, byte by byte as SQLite compares; one tick behind the last
/// datetime if there is none. Texts of this form sort as their times do, so conditions on the text become conditions on ticks, whatever
/// the text they are compared with.
Ticks firstTimeNotBefore(std::string_view text);
/// The first time whose text is behind `text`.
Ticks firstTimeBehind(std::string_view text);

} // namespace tocsin::store
