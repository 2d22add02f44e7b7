// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace tocsin::kql {

inline constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;

/// A value that was looked up and is not among the keys.
inline constexpr std::uint32_t kUnknownKey = 0xFFFFFFFF;

/// What one thread remembers while it translates key columns: scratch space, and the numbers of the last dictionary's values.
struct KeyScratch {
    struct Column {
        std::shared_ptr<const Vector> dictionary;
        std::vector<std::uint32_t> numbers;
        std::vector<std::uint8_t> known;
    };
    std::vector<Column> columns;
    std::vector<std::uint64_t> rowWords; ///< the table's width in words a row
    std::vector<std::uint8_t> unknown;   ///< per row: a key value that was never added
    std::vector<std::uint8_t> anyNull;   ///< per row
    std::vector<std::uint64_t> words;
    std::vector<std::uint8_t> nulls;
};

/// Turns the values of one key column into 64-bit words that are equal exactly when the values are. Fixed-width types are their own
/// words; text, guids and decimals are numbered as they first appear. A dictionary is translated once, not row by row.
class KeyColumn {
public:
    explicit KeyColumn(DataType type);
    ~KeyColumn();
    KeyColumn(KeyColumn&&) noexcept;

    /// Writes words and null flags of all rows into the scratch; new values are numbered.
    void add(const Vector& column, KeyScratch& scratch, std::size_t index);
    /// The same without adding: a row with a value never seen is marked unknown.
    void find(const Vector& column, KeyScratch& scratch, std::size_t index) const;
    /// The values behind words.
    Vector decode(std::span<const std::uint64_t> words, std::span<const std::uint8_t> nulls) const;
    std::size_t memoryBytes() const;

private:
    class Interner;
    template <typename Number>
    void encode(const Vector& column, KeyScratch& scratch, std::size_t index, Number number) const;
    DataType m_type;
    std::unique_ptr<Interner> m_interner; ///< for types wider than a word
};

/// Numbers distinct combinations of key values densely from 0, in order of first appearance. Nulls are equal to each other here
/// (grouping); joins leave them out themselves.
class KeyTable {
public:
    explicit KeyTable(std::vector<DataType> types);

    std::size_t size() const { return m_count; }
    /// The group of each row; new combinations are added.
    void assign(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint32_t>& groups);
    /// The group of each row, kNoGroup for a combination that is not here and for rows with a null key. Any number of threads, each with
    /// a scratch of its own.
    void find(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The group of each row, kNoGroup for a combination that is not here; a null is a key value like others.
    void lookUp(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const;
    /// The key values of groups [from, from + count), one vector a key.
    std::vector<Vector> keys(std::size_t from, std::size_t count) const;
    std::vector<Vector> keys(std::span<const std::uint32_t> groups) const;
    std::size_t memoryBytes() const;

private:
    template <typename Translate>
    void encode(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, Translate translate) const;
    template <typename GroupAt> std::vector<Vector> keysOf(std::size_t count, GroupAt groupAt) const;
    std::uint64_t hashRow(const std::uint64_t* words) const;
    std::uint32_t findGroup(const std::uint64_t* words) const;
    std::uint32_t addGroup(const std::uint64_t* words);
    void grow();
    void assignByDictionary(const Vector& key, std::vector<std::uint32_t>& groups);

    std::vector<DataType> m_types;
    std::vector<KeyColumn> m_columns;
    std::size_t m_width = 0;                 ///< words a group: one a key, then one of null bits per 64 keys
    std::vector<std::uint64_t> m_words;      ///< m_width words a group
    std::vector<std::uint32_t> m_slots;      ///< open addressing, group + 1, 0 = free
    std::size_t m_count = 0;
    KeyScratch m_scratch;
    std::shared_ptr<const Vector> m_lastDictionary; ///< single dictionary key: groups of its codes, filled as they occur
    std::vector<std::uint32_t> m_codeGroups;
};

} // namespace tocsin::kql
