// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/NumberTuples.h"

namespace tocsin::kql {

void NumberTuples::add(std::size_t c, std::span<std::uint32_t> groups, std::size_t firstCount, std::span<const std::uint32_t> numbers, std::size_t count)
{
    m_pairs[c - 1].add(groups, c == 1 ? firstCount : m_pairs[c - 2].size(), numbers, count);
}

ColumnNumbers NumberTuples::columns(std::span<const std::uint32_t> tuples) const
{
    ColumnNumbers numbers(m_pairs.size() + 1);
    numbers[0].assign(tuples.begin(), tuples.end());
    for (std::size_t c = m_pairs.size(); c > 0; --c) {
        const PairNumbers& pairs = m_pairs[c - 1];
        numbers[c].resize(tuples.size());
        for (std::size_t i = 0; i < tuples.size(); ++i) {
            numbers[c][i] = pairs.right(numbers[0][i]);
            numbers[0][i] = pairs.left(numbers[0][i]);
        }
    }
    return numbers;
}

std::size_t NumberTuples::memoryBytes() const
{
    std::size_t bytes = 0;
    for (const PairNumbers& pairs : m_pairs)
        bytes += pairs.memoryBytes();
    return bytes;
}

} // namespace tocsin::kql
