// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

/// Arithmetic of long without undefined behaviour: it wraps around, as in Kusto.
namespace tocsin::kql {

inline std::int64_t wrapAdd(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }
inline std::int64_t wrapSubtract(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }
inline std::int64_t wrapMultiply(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); }
inline std::int64_t wrapNegate(std::int64_t a) { return wrapSubtract(0, a); }

/// Towards zero; nothing for a division by zero.
inline std::optional<std::int64_t> divideLong(std::int64_t a, std::int64_t b)
{
    if (b == 0)
        return std::nullopt;
    return b == -1 ? wrapNegate(a) : a / b;
}

/// Never negative, whatever the signs; nothing for a zero divisor.
inline std::optional<std::int64_t> moduloLong(std::int64_t a, std::int64_t b)
{
    if (b == 0)
        return std::nullopt;
    if (b == -1)
        return 0;
    const std::int64_t rest = a % b;
    return rest >= 0 ? rest : b > 0 ? rest + b : wrapSubtract(rest, b);
}

} // namespace tocsin::kql
