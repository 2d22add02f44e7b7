// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/BatchCodec.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace tocsin::kql {
namespace {

struct BlockHead {
    std::uint32_t rows;
    std::uint32_t columns;
};

struct ColumnHead {
    DataType type;
    VectorKind kind;
    std::uint8_t hasNulls;
    std::uint8_t unused;
    std::uint32_t values; ///< stored: one for a constant, the distinct ones of a dictionary
};

constexpr std::size_t kAlignment = 8;
constexpr std::size_t padded(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

class BlockReader {
public:
    explicit BlockReader(std::shared_ptr<const char[]> bytes) : m_bytes(std::move(bytes)) {}

    template <typename T> const T* array(std::size_t count)
    {
        const auto* start = reinterpret_cast<const T*>(m_bytes.get() + m_at);
        m_at += padded(count * sizeof(T));
        return start;
    }
    Vector column(std::size_t rows)
    {
        const ColumnHead head = *array<ColumnHead>(1);
        Vector stored = visitType(head.type, [&]<DataType T>() { return values<T>(head); });
        if (head.kind == VectorKind::Flat)
            return stored;
        if (head.kind == VectorKind::Constant)
            return Vector::constant(stored.valueAt(0), rows);
        const auto* narrow = array<std::uint16_t>(rows);
        auto codes = makeBuffer<std::uint32_t>(rows);
        std::copy(narrow, narrow + rows, codes.get());
        return Vector::dictionary(std::move(stored), std::move(codes), rows);
    }

private:
    template <DataType T> Vector values(const ColumnHead& head)
    {
        using Type = Physical<T>;
        std::shared_ptr<NullMask> nulls;
        if (head.hasNulls) {
            nulls = std::make_shared<NullMask>(head.values);
            const auto* words = array<std::uint64_t>(nulls->words().size());
            std::copy(words, words + nulls->words().size(), nulls->words().begin());
        }
        if constexpr (std::is_same_v<Type, std::string_view>) {
            const auto* lengths = array<std::uint32_t>(head.values);
            auto views = makeBuffer<std::string_view>(head.values);
            const char* text = m_bytes.get() + m_at;
            for (std::size_t i = 0; i < head.values; ++i) {
                views[i] = {text, lengths[i]};
                text += lengths[i];
            }
            m_at = padded(static_cast<std::size_t>(text - m_bytes.get()));
            return Vector::flat<Type>(T, std::move(views), head.values, std::move(nulls), m_bytes);
        } else {
            return Vector::flat<Type>(T, std::shared_ptr<const Type[]>(m_bytes, array<Type>(head.values)), head.values, std::move(nulls));
        }
    }
    std::shared_ptr<const char[]> m_bytes;
    std::size_t m_at = 0;
};

} // namespace

template <typename T>
std::span<T> BatchEncoder::array(std::size_t count)
{
    const std::size_t start = m_bytes.size();
    m_bytes.resize(start + padded(count * sizeof(T)));
    return {reinterpret_cast<T*>(m_bytes.data() + start), count};
}

void BatchEncoder::values(const Vector& source, std::span<const std::uint32_t> rows)
{
    visitType(source.type(), [&]<DataType T>() {
        using Type = Physical<T>;
        const VectorReader<Type> reader(source);
        if (reader.hasNulls()) {
            const std::span<std::uint64_t> words = array<std::uint64_t>((rows.size() + 63) / 64);
            for (std::size_t i = 0; i < rows.size(); ++i)
                words[i / 64] |= std::uint64_t{reader.isNull(rows[i])} << (i % 64);
        }
        if constexpr (std::is_same_v<Type, std::string_view>) {
            const std::span<std::uint32_t> lengths = array<std::uint32_t>(rows.size());
            std::size_t total = 0;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                lengths[i] = static_cast<std::uint32_t>(reader[rows[i]].size());
                total += lengths[i];
            }
            char* to = array<char>(total).data();
            for (const std::uint32_t row : rows) {
                const std::string_view text = reader[row];
                to = text.empty() ? to : static_cast<char*>(std::memcpy(to, text.data(), text.size())) + text.size();
            }
        } else {
            Type* to = array<Type>(rows.size()).data();
            for (std::size_t i = 0; i < rows.size(); ++i)
                to[i] = reader[rows[i]];
        }
    });
}

/// False, with nothing written, if the rows have so many values that a dictionary would not pay.
bool BatchEncoder::dictionary(const Vector& column, std::span<const std::uint32_t> rows)
{
    const std::span<const std::uint32_t> codes = column.codes();
    if (m_numbers.size() < column.dictionaryValues().size())
        m_numbers.resize(column.dictionaryValues().size());
    m_codes.clear();
    for (std::size_t i = 0; i < rows.size() && m_codes.size() * 2 <= rows.size(); ++i) {
        std::uint32_t& number = m_numbers[codes[rows[i]]];
        if (number == 0) {
            m_codes.push_back(codes[rows[i]]);
            number = static_cast<std::uint32_t>(m_codes.size());
        }
    }
    const bool pays = m_codes.size() * 2 <= rows.size();
    if (pays) {
        const Vector& known = column.dictionaryValues();
        array<ColumnHead>(1)[0] = {column.type(), VectorKind::Dictionary, known.nullMask() != nullptr, 0, static_cast<std::uint32_t>(m_codes.size())};
        values(known, m_codes);
        const std::span<std::uint16_t> narrow = array<std::uint16_t>(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            narrow[i] = static_cast<std::uint16_t>(m_numbers[codes[rows[i]]] - 1);
    }
    for (const std::uint32_t code : m_codes)
        m_numbers[code] = 0;
    return pays;
}

void BatchEncoder::column(const Vector& column, std::span<const std::uint32_t> rows)
{
    if (column.isConstant()) {
        array<ColumnHead>(1)[0] = {column.type(), VectorKind::Constant, column.mayHaveNulls(), 0, 1};
        values(column, std::span<const std::uint32_t>(rows).first(1));
        return;
    }
    if (column.isDictionary() && dictionary(column, rows))
        return;
    const bool hasNulls = (column.isDictionary() ? column.dictionaryValues() : column).nullMask() != nullptr;
    array<ColumnHead>(1)[0] = {column.type(), VectorKind::Flat, hasNulls, 0, static_cast<std::uint32_t>(rows.size())};
    values(column, rows);
}

std::span<const char> BatchEncoder::encode(std::span<const Vector> columns, std::span<const std::uint32_t> rows)
{
    m_bytes.clear();
    array<BlockHead>(1)[0] = {static_cast<std::uint32_t>(rows.size()), static_cast<std::uint32_t>(columns.size())};
    for (const Vector& each : columns)
        column(each, rows);
    return m_bytes;
}

Batch decodeBatch(std::shared_ptr<const char[]> bytes)
{
    BlockReader reader(std::move(bytes));
    const BlockHead head = *reader.array<BlockHead>(1);
    Batch batch;
    batch.storedRows = head.rows;
    for (std::size_t i = 0; i < head.columns; ++i)
        batch.columns.push_back(reader.column(head.rows));
    return batch;
}

} // namespace tocsin::kql
