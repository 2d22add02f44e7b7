// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tocsin::kql {

/// A bit of ScalarFunction::traits beside those of FunctionTrait: where the function wants a text it takes a value of any type, as tostring() gives it.
inline constexpr unsigned kAnyText = 1U << 9;

} // namespace tocsin::kql
