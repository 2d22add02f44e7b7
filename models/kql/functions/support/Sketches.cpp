// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Sketches.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace tocsin::kql {

HyperLogLog::HyperLogLog(int precision) : m_precision(precision), m_registers(std::size_t{1} << precision) {}

HyperLogLog HyperLogLog::fromRegisters(int precision, std::vector<std::uint8_t> registers)
{
    HyperLogLog out(precision);
    if (registers.size() == out.m_registers.size())
        out.m_registers = std::move(registers);
    return out;
}

void HyperLogLog::add(std::uint64_t hash)
{
    const std::size_t index = hash >> (64 - m_precision);
    const std::uint64_t rest = hash << m_precision | (std::uint64_t{1} << (m_precision - 1));
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    m_registers[index] = std::max(m_registers[index], rank);
}

void HyperLogLog::merge(const HyperLogLog& other)
{
    for (std::size_t i = 0; i < m_registers.size() && i < other.m_registers.size(); ++i)
        m_registers[i] = std::max(m_registers[i], other.m_registers[i]);
}

double HyperLogLog::estimate() const
{
    const auto count = static_cast<double>(m_registers.size());
    double sum = 0;
    std::size_t empty = 0;
    for (const std::uint8_t rank : m_registers) {
        sum += std::ldexp(1.0, -rank);
        empty += rank == 0;
    }
    const double alpha = 0.7213 / (1 + 1.079 / count);
    const double raw = alpha * count * count / sum;
    if (raw <= 2.5 * count && empty > 0)
        return count * std::log(count / static_cast<double>(empty));
    return raw;
}

void DistinctCounter::insert(std::uint64_t hash)
{
    if (hash == 0) {
        m_hasZero = true;
        return;
    }
    if (m_used * 4 >= m_slots.size() * 3)
        grow();
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
        if (m_slots[i] == hash)
            return;
        if (m_slots[i] == 0) {
            m_slots[i] = hash;
            ++m_used;
            return;
        }
    }
}

void DistinctCounter::grow()
{
    std::vector<std::uint64_t> old = std::exchange(m_slots, std::vector<std::uint64_t>(std::max<std::size_t>(4, m_slots.size() * 2)));
    m_used = 0;
    for (const std::uint64_t hash : old)
        if (hash)
            insert(hash);
}

void DistinctCounter::turnIntoSketch()
{
    m_sketch.emplace_back(kPrecision);
    forEachExact([&](std::uint64_t hash) { m_sketch.front().add(hash); });
    m_slots = {};
    m_used = 0;
}

void DistinctCounter::add(std::uint64_t hash, std::size_t limit)
{
    if (!m_sketch.empty()) {
        m_sketch.front().add(hash);
        return;
    }
    insert(hash);
    if (m_used > limit)
        turnIntoSketch();
}

void DistinctCounter::merge(const DistinctCounter& other, std::size_t limit)
{
    if (other.isExact()) {
        other.forEachExact([&](std::uint64_t hash) { add(hash, limit); });
        return;
    }
    if (isExact())
        turnIntoSketch();
    m_sketch.front().merge(other.m_sketch.front());
}

std::int64_t DistinctCounter::count() const
{
    if (!m_sketch.empty())
        return std::llround(m_sketch.front().estimate());
    return static_cast<std::int64_t>(m_used) + (m_hasZero ? 1 : 0);
}

} // namespace tocsin::kql
