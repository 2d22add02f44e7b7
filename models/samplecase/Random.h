// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Guid.h"
#include "samplecase/Bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::samplecase {

/// A seeded generator whose numbers are the same on every machine and library (the standard distributions are not):
/// SplitMix64 (Steele, Lea and Flood 2014). Each topic takes its own stream, so a change in one leaves the others alone.
class Random {
public:
    Random(std::uint64_t seed, std::string_view topic) : m_state(fnv1a(topic, seed * 0x9E3779B97F4A7C15ULL + 14695981039346656037ULL)) {}

    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    /// 0 … limit-1; limit > 0.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    /// Both ends included.
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }
    template <typename Range>
    const auto& pick(const Range& range) { return range[below(std::size(range))]; }
    /// A random (version 4) GUID.
    Guid guid();
    std::string guidText() { return formatGuid(guid()); }
    std::string hex(std::size_t digits);

private:
    std::uint64_t m_state;
};

} // namespace tocsin::samplecase
