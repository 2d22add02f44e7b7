// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace tocsin::bench {

/// The mixing step of splitmix64: every bit of the argument changes about half of those of the result.
constexpr std::uint64_t mixBits(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/// splitmix64 and what is drawn with it, in whole numbers only: distributions of the standard library and mathematical functions differ
/// between libraries, these bytes must not.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    /// A sequence for each place, so that rows can be made in any order.
    Random(std::uint64_t seed, std::uint64_t place) : m_state(mixBits(seed ^ mixBits(place + 1))) {}

    std::uint64_t next() { return mixBits(m_state += 0x9e3779b97f4a7c15); }
    /// 0 … limit - 1.
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32); }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    /// 0 … limit - 1, each about half as often as the one of half its value: few users, addresses and programs make most of a log.
    std::uint32_t skewed(std::uint32_t limit)
    {
        const auto bits = static_cast<std::uint32_t>(std::bit_width(limit - 1));
        const std::uint64_t reach = std::uint64_t{2} << below(bits + (bits == 0));
        return below(static_cast<std::uint32_t>(reach < limit ? reach : limit));
    }
    template <typename T>
    const T& oneOf(std::span<const T> items) { return items[below(static_cast<std::uint32_t>(items.size()))]; }

private:
    std::uint64_t m_state;
};

/// A random order of the numbers below a size that needs no memory for them: a Feistel network over the next even count of bits, run
/// again for numbers that fall outside.
class Permutation {
public:
    Permutation(std::uint32_t size, std::uint64_t seed) : m_size(size), m_seed(seed), m_half((std::bit_width(size) + 1) / 2) {}

    std::uint32_t operator()(std::uint32_t number) const
    {
        std::uint64_t result = number;
        do
            result = round(result);
        while (result >= m_size);
        return static_cast<std::uint32_t>(result);
    }

private:
    std::uint64_t round(std::uint64_t number) const
    {
        const std::uint64_t mask = (std::uint64_t{1} << m_half) - 1;
        std::uint64_t left = number >> m_half;
        std::uint64_t right = number & mask;
        for (std::uint64_t key = 0; key < 4; ++key) {
            const std::uint64_t next = left ^ (mixBits(m_seed + (key << 40) + right) & mask);
            left = right;
            right = next;
        }
        return (left << m_half) | right;
    }

    std::uint64_t m_size;
    std::uint64_t m_seed;
    int m_half;
};

} // namespace tocsin::bench
