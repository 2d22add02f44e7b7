// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace tocsin::kql {

/// Estimates how many different hashes it was given (HyperLogLog: Flajolet and others, 2007, with linear counting for small numbers).
class HyperLogLog {
public:
    /// 2^precision registers of a byte; the standard error is about 1.04 / sqrt(registers).
    explicit HyperLogLog(int precision);
    void add(std::uint64_t hash);
    /// Precisions must agree.
    void merge(const HyperLogLog& other);
    double estimate() const;
    int precision() const { return m_precision; }
    const std::vector<std::uint8_t>& registers() const { return m_registers; }
    static HyperLogLog fromRegisters(int precision, std::vector<std::uint8_t> registers);
    std::size_t bytes() const { return m_registers.capacity(); }

private:
    int m_precision;
    std::vector<std::uint8_t> m_registers;
};

/// Counts different 64-bit hashes: exactly up to a limit, by a HyperLogLog beyond it.
class DistinctCounter {
public:
    /// Beyond this many different values dcount() estimates (standard error 0.4 %).
    static constexpr std::size_t kExactLimit = 1U << 17;
    static constexpr int kPrecision = 16;

    static DistinctCounter fromSketch(HyperLogLog sketch)
    {
        DistinctCounter out;
        out.m_sketch.push_back(std::move(sketch));
        return out;
    }
    void add(std::uint64_t hash, std::size_t limit);
    void merge(const DistinctCounter& other, std::size_t limit);
    std::int64_t count() const;
    std::size_t bytes() const { return m_slots.capacity() * sizeof(std::uint64_t) + (m_sketch.empty() ? 0 : m_sketch.front().bytes()); }
    /// Calls `visit(hash)` for each value held exactly.
    template <typename Visit> void forEachExact(Visit&& visit) const
    {
        if (m_hasZero)
            visit(std::uint64_t{0});
        for (const std::uint64_t hash : m_slots)
            if (hash)
                visit(hash);
    }
    bool isExact() const { return m_sketch.empty(); }
    const HyperLogLog& sketch() const { return m_sketch.front(); }

private:
    void insert(std::uint64_t hash);
    void grow();
    void turnIntoSketch();

    std::vector<std::uint64_t> m_slots; ///< open addressing; 0 is free
    std::size_t m_used = 0;
    bool m_hasZero = false;
    std::vector<HyperLogLog> m_sketch;  ///< none or one
};

} // namespace tocsin::kql
