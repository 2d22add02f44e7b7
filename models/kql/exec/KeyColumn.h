// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/KeyNumbers.h"
#include "kql/exec/StopCheck.h"

namespace tocsin::kql {

/// What one thread remembers of the dictionary it came upon last in a key column.
struct KeyMemo {
    std::shared_ptr<const Vector> dictionary;
    std::vector<std::uint32_t> numbers; ///< by code
};

/// Values of another table that are added between two checks.
inline constexpr std::size_t kAddedAtOnce = 65'536;

/// Whether a lookup takes a null for a value like others.
enum class NullKeys { AreValues, MatchNothing };

/// Numbers the values of one key column from 0 in the order in which they first appear; a null is a value, too. A dictionary is translated
/// once and not row by row; dictionaries of one domain even without a look at their values.
class KeyColumn {
public:
    explicit KeyColumn(DataType type) : m_type(type) {}

    /// The number of each row's value; new values get one.
    void add(const Vector& column, KeyMemo& memo, std::span<std::uint32_t> numbers);
    /// The number of each row's value, kUnknownKey for values that are not here. Any number of threads, each with a memo of its own.
    void find(const Vector& column, KeyMemo& memo, NullKeys nulls, std::span<std::uint32_t> numbers) const;
    /// Adds all values of another column of the same type; its number i is this one's result[i]. Fails as `check` does.
    Result<std::vector<std::uint32_t>> addAll(const KeyColumn& other, const StopCheck& check);

    /// Of the value behind a number: equal for equal values, whatever their numbers.
    std::uint64_t hashOf(std::uint32_t number) const { return number == m_null ? 0 : m_words.size() ? m_words.hash(number) : m_texts.hash(number); }
    std::size_t size() const { return m_words.size() + m_texts.size(); }
    /// The values behind numbers.
    Vector decode(std::span<const std::uint32_t> numbers) const;
    /// All values, by number.
    Vector values() const;
    std::size_t memoryBytes() const { return m_words.memoryBytes() + m_texts.memoryBytes() + m_byDomain.capacity() * sizeof(std::uint32_t); }

private:
    std::uint32_t addNull();
    std::uint32_t addValue(const Vector& column, std::size_t row);
    std::uint32_t addThroughDomain(const Vector& dictionary, std::span<const std::uint32_t> domainNumbers, std::uint32_t code);
    std::uint32_t findValue(const Vector& column, std::size_t row, NullKeys nulls) const;
    void addByCode(const Vector& column, KeyMemo& memo, std::span<std::uint32_t> numbers);
    std::span<const std::uint32_t> domainNumbers(const Vector& dictionary);

    DataType m_type;
    WordNumbers m_words; ///< of fixed-width types
    TextNumbers m_texts; ///< of the others
    std::uint32_t m_null = kUnknownKey;
    std::shared_ptr<const void> m_domain;  ///< of the dictionaries seen first
    std::vector<std::uint32_t> m_byDomain; ///< by the domain's number, as far as it has come up
};

} // namespace tocsin::kql
