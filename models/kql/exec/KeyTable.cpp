// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/KeyTable.h"

#include <algorithm>
#include <numeric>

namespace tocsin::kql {

KeyTable::KeyTable(std::vector<DataType> types) : m_tuples(types.size())
{
    for (const DataType type : types)
        m_columns.emplace_back(type);
    m_scratch.memos.resize(types.size());
}

std::size_t KeyTable::size() const { return m_columns.empty() ? m_withoutKeys : m_tuples.isSingle() ? m_columns[0].size() : m_tuples.size(); }

void KeyTable::assign(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint32_t>& groups)
{
    groups.resize(rows);
    if (keys.empty()) {
        if (rows)
            m_withoutKeys = 1;
        std::fill(groups.begin(), groups.end(), 0);
        return;
    }
    m_columns[0].add(keys[0], m_scratch.memos[0], groups);
    for (std::size_t c = 1; c < keys.size(); ++c) {
        m_scratch.numbers.resize(rows);
        m_columns[c].add(keys[c], m_scratch.memos[c], m_scratch.numbers);
        m_tuples.add(c, groups, m_columns[0].size(), m_scratch.numbers, m_columns[c].size());
    }
}

void KeyTable::number(std::span<const Vector> keys, std::size_t rows, ColumnNumbers& numbers)
{
    numbers.resize(m_columns.size());
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        numbers[c].resize(rows);
        m_columns[c].add(keys[c], m_scratch.memos[c], numbers[c]);
    }
}

void KeyTable::assign(ColumnNumbers& numbers, std::vector<std::uint32_t>& groups)
{
    groups = std::move(numbers[0]);
    for (std::size_t c = 1; c < m_columns.size(); ++c)
        m_tuples.add(c, groups, m_columns[0].size(), numbers[c], m_columns[c].size());
}

Result<ColumnNumbers> KeyTable::addValues(const KeyTable& other, const StopCheck& check)
{
    ColumnNumbers result(m_columns.size());
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        TOCSIN_TRY_ASSIGN(result[c], m_columns[c].addAll(other.m_columns[c], check));
    }
    return result;
}

Result<std::vector<std::uint32_t>> KeyTable::addAll(const KeyTable& other, const StopCheck& check)
{
    if (m_columns.empty()) {
        m_withoutKeys = std::max(m_withoutKeys, other.m_withoutKeys);
        return std::vector<std::uint32_t>(other.m_withoutKeys, 0);
    }
    TOCSIN_TRY_ASSIGN(std::vector<std::uint32_t> mapping, m_columns[0].addAll(other.m_columns[0], check));
    for (std::size_t c = 1; c < m_columns.size(); ++c) {
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> values, m_columns[c].addAll(other.m_columns[c], check));
        const PairNumbers& pairs = other.m_tuples.pairs(c);
        std::vector<std::uint32_t> left(pairs.size());
        std::vector<std::uint32_t> right(pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            left[i] = mapping[pairs.left(i)];
            right[i] = values[pairs.right(i)];
        }
        for (std::size_t start = 0; start < left.size(); start += kAddedAtOnce) {
            TOCSIN_TRY(check());
            const std::size_t count = std::min(kAddedAtOnce, left.size() - start);
            m_tuples.add(c, std::span(left).subspan(start, count), m_columns[0].size(), std::span(right).subspan(start, count), m_columns[c].size());
        }
        mapping = std::move(left);
    }
    return mapping;
}

void KeyTable::look(std::span<const Vector> keys, std::size_t rows, NullKeys nulls, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const
{
    groups.resize(rows);
    if (keys.empty()) {
        std::fill(groups.begin(), groups.end(), m_withoutKeys ? 0 : kNoGroup);
        return;
    }
    scratch.memos.resize(keys.size());
    m_columns[0].find(keys[0], scratch.memos[0], nulls, groups);
    for (std::size_t c = 1; c < keys.size(); ++c) {
        scratch.numbers.resize(rows);
        m_columns[c].find(keys[c], scratch.memos[c], nulls, scratch.numbers);
        m_tuples.find(c, groups, scratch.numbers);
    }
}

void KeyTable::find(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const
{
    look(keys, rows, NullKeys::MatchNothing, scratch, groups);
}

void KeyTable::lookUp(std::span<const Vector> keys, std::size_t rows, KeyScratch& scratch, std::vector<std::uint32_t>& groups) const
{
    look(keys, rows, NullKeys::AreValues, scratch, groups);
}

std::vector<Vector> KeyTable::keys(std::size_t from, std::size_t count) const
{
    std::vector<std::uint32_t> groups(count);
    std::iota(groups.begin(), groups.end(), static_cast<std::uint32_t>(from));
    return keys(groups);
}

std::vector<Vector> KeyTable::keys(std::span<const std::uint32_t> groups) const { return values(m_columns.empty() ? ColumnNumbers() : numbers(groups)); }

std::vector<Vector> KeyTable::values(const ColumnNumbers& numbers) const
{
    std::vector<Vector> result;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        if (m_values.empty() || !m_values[c]) {
            result.push_back(m_columns[c].decode(numbers[c]));
            continue;
        }
        auto codes = makeBuffer<std::uint32_t>(numbers[c].size());
        std::copy(numbers[c].begin(), numbers[c].end(), codes.get());
        result.push_back(Vector::dictionary(m_values[c], std::move(codes), numbers[c].size()));
    }
    return result;
}

void KeyTable::shareValues(std::size_t groups)
{
    m_values.resize(m_columns.size());
    for (std::size_t c = 0; c < m_columns.size(); ++c)
        if (m_columns[c].size() * 2 <= groups)
            m_values[c] = std::make_shared<const Vector>(m_columns[c].values());
}

std::size_t KeyTable::memoryBytes() const
{
    std::size_t bytes = m_tuples.memoryBytes();
    for (const KeyColumn& column : m_columns)
        bytes += column.memoryBytes();
    return bytes;
}

} // namespace tocsin::kql
