// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyColumn.h"

namespace tocsin::kql {

inline constexpr std::uint32_t kNoGroup = kUnknownKey;

/// What one thread remembers while it looks keys up.
struct KeyScratch {
    std::vector<KeyMemo> memos;          ///< one a key
    std::vector<std::uint32_t> numbers;  ///< of the column at hand
};

/// Numbers distinct combinations of key values densely from 0, in order of first appearance. Nulls are equal to each other here
/// (grouping); joins leave them out themselves. The values of each column are numbered; then the first two numbers of a row make a pair
/// that is numbered, that number and the third make one, and so on: what is looked up row by row is never wider than a word.
class KeyTable {
public:
    explicit KeyTable(std::vector<DataType> types);

    std::size_t size() const;
    /// The group of each row; new combinations are added.
    void assign(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint32_t>& groups);
    /// Adds all groups of a table of the same types; its group i is this one's result[i].
    std::vector<std::uint32_t> addAll(const KeyTable& other);
    /// The group of each row, kNoGroup for a combination that is not here and for rows with a null key. Any number of threads, each with
    /// a scratch of its own.
    void find(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The group of each row, kNoGroup for a combination that is not here; a null is a key value like others.
    void lookUp(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The key values of groups [from, from + count), one vector a key.
    std::vector<Vector> keys(std::size_t from, std::size_t count) const;
    std::vector<Vector> keys(std::span<const std::uint32_t> groups) const;
    /// When no more groups come: keys() then gives values that many groups share as dictionaries.
    void shareValues();
    std::size_t memoryBytes() const;

private:
    void look(std::span<const Vector> keys, std::size_t rows, NullKeys nulls, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;

    std::vector<KeyColumn> m_columns;
    std::vector<PairNumbers> m_pairs; ///< of the number for the columns before and that of column i + 1
    std::vector<std::shared_ptr<const Vector>> m_values; ///< of columns whose values are shared; null for others
    std::size_t m_withoutKeys = 0;    ///< 1 once a row came, if there are no keys
    KeyScratch m_scratch;
};

} // namespace tocsin::kql
