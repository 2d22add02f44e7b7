// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/ColumnBuffer.h"

#include "store/segment/FixedEncoder.h"
#include "store/segment/TextEncoder.h"

namespace tocsin::store {
namespace {

template <DataType T>
class FixedBuffer final : public ColumnBuffer {
public:
    void append(const Vector& vector) override
    {
        using Type = Physical<T>;
        const VectorReader<Type> reader(vector);
        const std::size_t rows = vector.size();
        if (!reader.hasNulls() && vector.kind() == VectorKind::Flat) {
            const auto values = vector.values<Type>();
            m_values.insert(m_values.end(), values.begin(), values.end());
        } else {
            for (std::size_t i = 0; i < rows; ++i)
                m_values.push_back(reader[i]);
        }
        if (!reader.hasNulls())
            return m_nulls.appendValid(rows);
        for (std::size_t i = 0; i < rows; ++i)
            m_nulls.append(reader.isNull(i));
    }
    void appendNulls(std::size_t count) override
    {
        m_values.resize(m_values.size() + count);
        m_nulls.appendNulls(count);
    }
    std::size_t rows() const override { return m_values.size(); }
    std::size_t bytes() const override { return m_values.capacity() * sizeof(Physical<T>); }
    EncodedColumn encode() const override { return encodeFixed<T>(m_values, m_nulls); }

private:
    std::vector<Physical<T>> m_values;
    NullBits m_nulls;
};

class TextBuffer final : public ColumnBuffer {
public:
    explicit TextBuffer(DataType type) : m_type(type) {}
    void append(const Vector& vector) override
    {
        if (vector.isDictionary())
            return appendDictionary(vector);
        m_kept.push_back(vector);
        const VectorReader<std::string_view> reader(m_kept.back());
        if (vector.isConstant() && vector.size() > 0) {
            m_codes.insert(m_codes.end(), vector.size(), codeOf(reader, 0));
            return;
        }
        const std::size_t before = m_codes.size();
        m_codes.resize(before + vector.size());
        const std::span<std::uint32_t> codes = std::span(m_codes).subspan(before);
        if (!reader.hasNulls())
            return m_dictionary.codes(m_kept.back().values<std::string_view>().first(codes.size()), codes);
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = codeOf(reader, i);
    }
    void appendNulls(std::size_t count) override
    {
        if (count > 0)
            m_codes.insert(m_codes.end(), count, m_dictionary.code({}));
    }
    std::size_t rows() const override { return m_codes.size(); }
    std::size_t bytes() const override { return m_codes.capacity() * sizeof(std::uint32_t) + m_dictionary.textBytes() + 32 * m_dictionary.size(); }
    EncodedColumn encode() const override { return encodeText(m_type, m_dictionary, m_codes); }

private:
    std::uint32_t codeOf(const VectorReader<std::string_view>& reader, std::size_t i) { return m_dictionary.code(reader.isNull(i) ? std::string_view() : reader[i]); }

    void appendDictionary(const Vector& vector)
    {
        constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
        if (vector.sharedDictionary() != m_source) {
            m_source = vector.sharedDictionary();
            m_kept.push_back(*m_source);
            m_translation.assign(m_source->size(), kUnknown);
        }
        const VectorReader<std::string_view> reader(*m_source);
        for (const std::uint32_t code : vector.codes()) {
            if (m_translation[code] == kUnknown)
                m_translation[code] = codeOf(reader, code);
            m_codes.push_back(m_translation[code]);
        }
    }

    DataType m_type;
    std::vector<Vector> m_kept; ///< hold the texts
    TextDictionary m_dictionary;
    std::vector<std::uint32_t> m_codes;
    std::shared_ptr<const Vector> m_source; ///< the dictionary of the vector before; batches of one scan share it
    std::vector<std::uint32_t> m_translation;
};

} // namespace

std::unique_ptr<ColumnBuffer> ColumnBuffer::make(DataType type)
{
    return visitType(type, [&]<DataType T>() -> std::unique_ptr<ColumnBuffer> {
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            return std::make_unique<TextBuffer>(type);
        else
            return std::make_unique<FixedBuffer<T>>();
    });
}

EncodedColumn ColumnBuffer::encodeNulls(DataType type, std::size_t rows)
{
    EncodedColumn result;
    result.zone.type = type;
    result.zone.nulls = type == DataType::String ? 0 : rows;
    return result;
}

} // namespace tocsin::store
