// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyColumn.h"
#include "kql/exec/NumberTuples.h"

namespace tocsin::kql {

inline constexpr std::uint32_t kNoGroup = kUnknownKey;

/// What one thread remembers while it looks keys up.
struct KeyScratch {
    std::vector<KeyMemo> memos;          ///< one a key
    std::vector<std::uint32_t> numbers;  ///< of the column at hand
};

/// Numbers distinct combinations of key values densely from 0, in order of first appearance. Nulls are equal to each other here
/// (grouping); joins leave them out themselves. The values of each column are numbered, and then the tuples of these numbers.
class KeyTable {
public:
    explicit KeyTable(std::vector<DataType> types);

    std::size_t size() const;
    /// The group of each row; new combinations are added.
    void assign(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint32_t>& groups);
    /// Adds all groups of a table of the same types; its group i is this one's result[i]. Fails as `check` does.
    Result<std::vector<std::uint32_t>> addAll(const KeyTable& other, const StopCheck& check);
    /// The group of each row, kNoGroup for a combination that is not here and for rows with a null key. Any number of threads, each with
    /// a scratch of its own.
    void find(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The group of each row, kNoGroup for a combination that is not here; a null is a key value like others.
    void lookUp(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The key values of groups [from, from + count), one vector a key.
    std::vector<Vector> keys(std::size_t from, std::size_t count) const;
    std::vector<Vector> keys(std::span<const std::uint32_t> groups) const;
    /// When no more groups than so many come: keys() and values() then give values that many of them share as dictionaries.
    void shareValues(std::size_t groups);
    std::size_t memoryBytes() const;

    /// The values of each column are numbered without their combinations: for those who number these themselves.
    void number(std::span<const Vector> keys, std::size_t rows, ColumnNumbers& numbers);
    /// Groups by the numbers of their values in each column, which the call uses up.
    void assign(ColumnNumbers& numbers, std::vector<std::uint32_t>& groups);
    /// The numbers of the values of groups in each column.
    ColumnNumbers numbers(std::span<const std::uint32_t> groups) const { return m_tuples.columns(groups); }
    /// Adds the values of another table's columns, but not its groups: number i of its column c is this one's result[c][i].
    /// Fails as `check` does.
    Result<ColumnNumbers> addValues(const KeyTable& other, const StopCheck& check);
    /// The values behind numbers, one vector a key.
    std::vector<Vector> values(const ColumnNumbers& numbers) const;
    /// Whether combinations can be found by index and not by hash, once they are many.
    bool fitsGrid() const { return m_tuples.fitsGrid(m_columns.front().size(), m_columns.back().size()); }
    const KeyColumn& column(std::size_t c) const { return m_columns[c]; }
    std::size_t columns() const { return m_columns.size(); }
    /// Forgets the groups and keeps the values. Later keys() must not be called.
    void dropGroups() { m_tuples = NumberTuples(m_columns.size()); }

private:
    void look(std::span<const Vector> keys, std::size_t rows, NullKeys nulls, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;

    std::vector<KeyColumn> m_columns;
    NumberTuples m_tuples;
    std::vector<std::shared_ptr<const Vector>> m_values; ///< of columns whose values are shared; null for others
    std::size_t m_withoutKeys = 0;    ///< 1 once a row came, if there are no keys
    KeyScratch m_scratch;
};

} // namespace tocsin::kql
