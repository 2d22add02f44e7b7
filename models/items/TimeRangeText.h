// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "engine/QueryEngine.h"

#include <QString>

namespace tocsin::items {

inline constexpr ErrorKind kBadTimeRange{"items.bad_time_range", "\"{0}\" is not a time range", "Write `last 6h`, `7d`, or two times as `2026-03-01..2026-03-02T12:00Z`."};

/// Reads what a user types as a time range: `last 6h`, `30m`, `7d`, `from..to` with ISO times (UTC without an offset; an open end
/// may be empty), `today`, `yesterday`. Relative ranges end at `now`. Empty text: no range.
Result<std::optional<engine::TimeRange>> parseTimeRange(const QString& text, Ticks now);

} // namespace tocsin::items
