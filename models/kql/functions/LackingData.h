// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tocsin::kql {

/// A bit of ScalarFunction::traits beside those of FunctionTrait: the function would need data that is not there, and is null.
/// A query that calls it gets a warning.
inline constexpr unsigned kLacksData = 1U << 8;

} // namespace tocsin::kql
