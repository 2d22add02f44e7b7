// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyNumbers.h"

#include <span>
#include <vector>

namespace tocsin::kql {

/// Numbers by column: [c][i] is that of row i in column c.
using ColumnNumbers = std::vector<std::vector<std::uint32_t>>;

/// Numbers tuples of column numbers densely from 0, in the order of their first appearance: the first two numbers make a pair that is
/// numbered, that number and the third make one, and so on. What is looked up is never wider than a word. A single column is its own tuple.
class NumberTuples {
public:
    explicit NumberTuples(std::size_t columns) : m_pairs(columns == 0 ? 0 : columns - 1) {}

    /// Of more than one column.
    std::size_t size() const { return m_pairs.back().size(); }
    bool isSingle() const { return m_pairs.empty(); }
    /// Whether the last pairs, of so many values in their first and second column if there are but two, can be found by index.
    bool fitsGrid(std::size_t firstCount, std::size_t lastCount) const
    {
        return !isSingle() && PairNumbers::fitsGrid(m_pairs.size() == 1 ? firstCount : m_pairs[m_pairs.size() - 2].size(), lastCount);
    }
    /// Takes column c into account, which must be the one behind those before: `groups` holds the numbers of what stands in front and then
    /// of what stands up to it. The counts are above every number of the first column and of this one.
    void add(std::size_t c, std::span<std::uint32_t> groups, std::size_t firstCount, std::span<const std::uint32_t> numbers, std::size_t count);
    /// The same without adding: kUnknownKey for what is not here.
    void find(std::size_t c, std::span<std::uint32_t> groups, std::span<const std::uint32_t> numbers) const { m_pairs[c - 1].find(groups, numbers); }
    /// The pairs of column c with what stands in front.
    const PairNumbers& pairs(std::size_t c) const { return m_pairs[c - 1]; }
    /// The column numbers of tuples.
    ColumnNumbers columns(std::span<const std::uint32_t> tuples) const;
    std::size_t memoryBytes() const;

private:
    std::vector<PairNumbers> m_pairs; ///< of the number for the columns before and that of column i + 1
};

} // namespace tocsin::kql
