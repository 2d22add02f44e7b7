// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/KeyTable.h"

#include "kql/exec/KeyWords.h"

#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::kql {
namespace {

template <DataType T>
Physical<T> fromWord(std::uint64_t word)
{
    if constexpr (T == DataType::Real)
        return std::bit_cast<double>(word);
    else
        return static_cast<Physical<T>>(word);
}

/// Small tables grow fast, large ones save memory.
constexpr std::size_t grownSlots(std::size_t slots) { return slots < (std::size_t{1} << 20) ? slots * 4 : slots * 2; }

} // namespace

/// Numbers wide values in order of first appearance.
class KeyColumn::Interner {
public:
    std::uint32_t find(std::string_view bytes) const
    {
        const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
        const std::uint32_t entry = m_slots[slotOf(bytes, hash)];
        return entry == 0 ? kUnknownKey : entry - 1;
    }
    std::uint32_t add(std::string_view bytes)
    {
        const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
        const std::size_t slot = slotOf(bytes, hash);
        if (m_slots[slot])
            return m_slots[slot] - 1;
        m_values.push_back(m_heap->add(bytes));
        m_hashes.push_back(hash);
        m_slots[slot] = static_cast<std::uint32_t>(m_values.size());
        if (m_values.size() * 2 > m_slots.size())
            grow();
        return static_cast<std::uint32_t>(m_values.size() - 1);
    }
    std::string_view value(std::uint64_t number) const { return m_values[number]; }
    std::shared_ptr<const void> owner() const { return m_heap; }
    std::size_t memoryBytes() const { return m_heap->bytes() + m_values.size() * (sizeof(std::string_view) + 8) + m_slots.size() * 4; }

private:
    std::size_t slotOf(std::string_view bytes, std::uint64_t hash) const
    {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t slot = hash & mask;
        while (m_slots[slot] && !(m_hashes[m_slots[slot] - 1] == hash && m_values[m_slots[slot] - 1] == bytes))
            slot = (slot + 1) & mask;
        return slot;
    }
    void grow()
    {
        const std::size_t slots = grownSlots(m_slots.size());
        m_slots = {};
        m_slots.assign(slots, 0);
        const std::size_t mask = m_slots.size() - 1;
        for (std::uint32_t i = 0; i < m_values.size(); ++i) {
            std::size_t slot = m_hashes[i] & mask;
            while (m_slots[slot])
                slot = (slot + 1) & mask;
            m_slots[slot] = i + 1;
        }
    }
    std::shared_ptr<StringHeap> m_heap = std::make_shared<StringHeap>();
    std::vector<std::string_view> m_values;
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_slots = std::vector<std::uint32_t>(64);
};

KeyColumn::KeyColumn(DataType type) : m_type(type), m_interner(isWideKey(type) ? std::make_unique<Interner>() : nullptr) {}
KeyColumn::~KeyColumn() = default;
KeyColumn::KeyColumn(KeyColumn&&) noexcept = default;

template <typename Number>
void KeyColumn::encode(const Vector& column, KeyScratch& scratch, std::size_t index, Number number) const
{
    const std::size_t rows = column.size();
    scratch.words.resize(rows);
    scratch.nulls.assign(rows, 0);
    visitType(m_type, [&]<DataType T>() {
        const VectorReader<Physical<T>> reader(column);
        if constexpr (T != DataType::String && T != DataType::Dynamic && T != DataType::Guid && T != DataType::Decimal) {
            for (std::size_t i = 0; i < rows; ++i) {
                scratch.nulls[i] = reader.isNull(i);
                scratch.words[i] = scratch.nulls[i] ? 0 : wordOf<T>(reader[i]);
            }
        } else {
            const auto numberOf = [&](std::size_t i) {
                if constexpr (T == DataType::String || T == DataType::Dynamic)
                    return number(reader[i]);
                else
                    return number(keyBytes<T>(reader[i]));
            };
            KeyScratch::Column& memo = scratch.columns[index];
            const bool remembers = column.isDictionary();
            if (remembers && memo.dictionary != column.sharedDictionary()) {
                memo.dictionary = column.sharedDictionary();
                memo.numbers.resize(memo.dictionary->size());
                memo.known.assign(memo.dictionary->size(), 0);
            }
            for (std::size_t i = 0; i < rows; ++i) {
                scratch.nulls[i] = reader.isNull(i);
                if (scratch.nulls[i]) {
                    scratch.words[i] = 0;
                    continue;
                }
                std::uint32_t n = 0;
                if (remembers) {
                    const std::uint32_t code = column.codes()[i];
                    if (!memo.known[code]) {
                        memo.known[code] = 1;
                        memo.numbers[code] = numberOf(i);
                    }
                    n = memo.numbers[code];
                } else {
                    n = numberOf(i);
                }
                if (n == kUnknownKey)
                    scratch.unknown[i] = 1;
                scratch.words[i] = n;
            }
        }
    });
}

void KeyColumn::add(const Vector& column, KeyScratch& scratch, std::size_t index)
{
    encode(column, scratch, index, [this](std::string_view bytes) { return m_interner->add(bytes); });
}

void KeyColumn::find(const Vector& column, KeyScratch& scratch, std::size_t index) const
{
    encode(column, scratch, index, [this](std::string_view bytes) { return std::as_const(*m_interner).find(bytes); });
}

Vector KeyColumn::decode(std::span<const std::uint64_t> words, std::span<const std::uint8_t> nulls) const
{
    return visitType(m_type, [&]<DataType T>() {
        TypedBuilder<T> builder(words.size());
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (nulls[i]) {
                builder.appendNull();
            } else if constexpr (T == DataType::String || T == DataType::Dynamic) {
                builder.appendUncopied(m_interner->value(words[i]));
            } else if constexpr (T == DataType::Guid) {
                Guid guid;
                std::memcpy(guid.bytes.data(), m_interner->value(words[i]).data(), guid.bytes.size());
                builder.append(guid);
            } else if constexpr (T == DataType::Decimal) {
                builder.append(Decimal::parse(m_interner->value(words[i])).value_or(Decimal()));
            } else {
                builder.append(fromWord<T>(words[i]));
            }
        }
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            builder.keep(m_interner->owner());
        return builder.finish();
    });
}

std::size_t KeyColumn::memoryBytes() const { return m_interner ? m_interner->memoryBytes() : 0; }

KeyTable::KeyTable(std::vector<DataType> types) : m_types(std::move(types))
{
    for (const DataType type : m_types)
        m_columns.emplace_back(type);
    m_width = m_types.size() + (m_types.size() + 63) / 64;
    m_slots.assign(64, 0);
}

template <typename Translate>
void KeyTable::encode(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, Translate translate) const
{
    scratch.columns.resize(m_types.size());
    scratch.rowWords.assign(rows * m_width, 0);
    scratch.unknown.assign(rows, 0);
    scratch.anyNull.assign(rows, 0);
    for (std::size_t c = 0; c < keys.size(); ++c) {
        translate(c);
        const std::size_t nullWord = m_types.size() + c / 64;
        for (std::size_t i = 0; i < rows; ++i) {
            scratch.rowWords[i * m_width + c] = scratch.words[i];
            if (scratch.nulls[i]) {
                scratch.rowWords[i * m_width + nullWord] |= std::uint64_t{1} << (c % 64);
                scratch.anyNull[i] = 1;
            }
        }
    }
}

std::uint64_t KeyTable::hashRow(const std::uint64_t* words) const
{
    std::uint64_t hash = 0x9E3779B97F4A7C15ULL;
    for (std::size_t i = 0; i < m_width; ++i) {
        hash ^= words[i];
        hash *= 0xBF58476D1CE4E5B9ULL;
        hash ^= hash >> 29;
    }
    return hash ^ (hash >> 32);
}

std::uint32_t KeyTable::findGroup(const std::uint64_t* words) const
{
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = hashRow(words) & mask;; slot = (slot + 1) & mask) {
        const std::uint32_t entry = m_slots[slot];
        if (entry == 0)
            return kNoGroup;
        if (std::memcmp(&m_words[(entry - 1) * m_width], words, m_width * sizeof *words) == 0)
            return entry - 1;
    }
}

std::uint32_t KeyTable::addGroup(const std::uint64_t* words)
{
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = hashRow(words) & mask;; slot = (slot + 1) & mask) {
        const std::uint32_t entry = m_slots[slot];
        if (entry != 0) {
            if (std::memcmp(&m_words[(entry - 1) * m_width], words, m_width * sizeof *words) == 0)
                return entry - 1;
            continue;
        }
        m_words.insert(m_words.end(), words, words + m_width);
        m_slots[slot] = static_cast<std::uint32_t>(++m_count);
        const auto group = static_cast<std::uint32_t>(m_count - 1);
        if (m_count * 2 > m_slots.size())
            grow();
        return group;
    }
}

void KeyTable::grow()
{
    const std::size_t slots = grownSlots(m_slots.size());
    m_slots = {}; // so that both do not stand in memory at once
    m_slots.assign(slots, 0);
    const std::size_t mask = m_slots.size() - 1;
    for (std::uint32_t group = 0; group < m_count; ++group) {
        std::size_t slot = hashRow(&m_words[group * m_width]) & mask;
        while (m_slots[slot])
            slot = (slot + 1) & mask;
        m_slots[slot] = group + 1;
    }
}

/// One key that is a dictionary: each code finds its group once, then rows are array look-ups.
void KeyTable::assignByDictionary(const Vector& key, std::vector<std::uint32_t>& groups)
{
    if (m_lastDictionary != key.sharedDictionary()) {
        m_lastDictionary = key.sharedDictionary();
        m_codeGroups.assign(m_lastDictionary->size(), kNoGroup);
    }
    const auto codes = key.codes();
    std::vector<std::uint32_t> missing;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        groups[i] = m_codeGroups[codes[i]];
        if (groups[i] == kNoGroup)
            missing.push_back(static_cast<std::uint32_t>(i));
    }
    if (missing.empty())
        return;
    const Vector rest = key.gather(missing);
    encode(std::span(&rest, 1), missing.size(), m_scratch, [&](std::size_t c) { m_columns[c].add(rest, m_scratch, c); });
    for (std::size_t i = 0; i < missing.size(); ++i) {
        const std::uint32_t group = addGroup(&m_scratch.rowWords[i * m_width]);
        groups[missing[i]] = group;
        m_codeGroups[codes[missing[i]]] = group;
    }
}

void KeyTable::assign(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint32_t>& groups)
{
    groups.resize(rows);
    if (keys.empty()) {
        if (rows && m_count == 0)
            m_count = 1;
        std::fill(groups.begin(), groups.end(), 0);
        return;
    }
    if (keys.size() == 1 && keys[0].isDictionary())
        return assignByDictionary(keys[0], groups);
    encode(keys, rows, m_scratch, [&](std::size_t c) { m_columns[c].add(keys[c], m_scratch, c); });
    for (std::size_t i = 0; i < rows; ++i)
        groups[i] = addGroup(&m_scratch.rowWords[i * m_width]);
}

void KeyTable::find(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const
{
    groups.resize(rows);
    encode(keys, rows, scratch, [&](std::size_t c) { m_columns[c].find(keys[c], scratch, c); });
    for (std::size_t i = 0; i < rows; ++i)
        groups[i] = scratch.unknown[i] || scratch.anyNull[i] ? kNoGroup : findGroup(&scratch.rowWords[i * m_width]);
}

void KeyTable::lookUp(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const
{
    groups.resize(rows);
    encode(keys, rows, scratch, [&](std::size_t c) { m_columns[c].find(keys[c], scratch, c); });
    for (std::size_t i = 0; i < rows; ++i)
        groups[i] = scratch.unknown[i] ? kNoGroup : findGroup(&scratch.rowWords[i * m_width]);
}

template <typename GroupAt>
std::vector<Vector> KeyTable::keysOf(std::size_t count, GroupAt groupAt) const
{
    std::vector<Vector> result;
    std::vector<std::uint64_t> words(count);
    std::vector<std::uint8_t> nulls(count);
    for (std::size_t c = 0; c < m_types.size(); ++c) {
        const std::size_t nullWord = m_types.size() + c / 64;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t* group = &m_words[groupAt(i) * m_width];
            words[i] = group[c];
            nulls[i] = (group[nullWord] >> (c % 64)) & 1;
        }
        result.push_back(m_columns[c].decode(words, nulls));
    }
    return result;
}

std::vector<Vector> KeyTable::keys(std::size_t from, std::size_t count) const
{
    return keysOf(count, [from](std::size_t i) { return from + i; });
}

std::vector<Vector> KeyTable::keys(std::span<const std::uint32_t> groups) const
{
    return keysOf(groups.size(), [groups](std::size_t i) -> std::size_t { return groups[i]; });
}

std::size_t KeyTable::memoryBytes() const
{
    std::size_t bytes = m_words.capacity() * sizeof(std::uint64_t) + m_slots.size() * sizeof(std::uint32_t);
    for (const KeyColumn& column : m_columns)
        bytes += column.memoryBytes();
    return bytes;
}

} // namespace tocsin::kql
