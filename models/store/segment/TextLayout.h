// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace tocsin::store {

/// Code kinds of a text chunk (see encodeText).
inline constexpr std::uint8_t kCodePacked = 0;
inline constexpr std::uint8_t kCodeIsRow = 1;

} // namespace tocsin::store
