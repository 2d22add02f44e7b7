// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Vector.h"

#include "column/ConstantVectors.h"

#include <algorithm>
#include <cstring>

namespace tocsin {
namespace {

constexpr std::size_t kHeapBlock = 64 * 1024;

} // namespace

bool NullMask::anyNull() const
{
    return std::any_of(m_words.begin(), m_words.end(), [](std::uint64_t word) { return word != 0; });
}

char* StringHeap::allocate(std::size_t size)
{
    if (size > m_left) {
        const std::size_t block = std::max(size, m_blocks.empty() ? std::size_t{1024} : kHeapBlock);
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(block));
        m_at = m_blocks.back().get();
        m_left = block;
        m_bytes += block;
    }
    char* place = m_at;
    m_at += size;
    m_left -= size;
    return place;
}

std::string_view StringHeap::add(std::string_view text)
{
    if (text.empty())
        return {};
    char* place = allocate(text.size());
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
}

Vector Vector::constant(const Value& value, std::size_t size)
{
    return visitType(value.type(), [&]<DataType T>() {
        TypedBuilder<T> builder(1);
        if (value.isNull())
            builder.appendNull();
        else
            builder.append(value.get<T>());
        Vector v = builder.finish();
        v.m_kind = VectorKind::Constant;
        v.m_size = size;
        return v;
    });
}

Vector Vector::dictionary(Vector dictionary, std::shared_ptr<const std::uint32_t[]> codes, std::size_t size)
{
    return Vector::dictionary(std::make_shared<const Vector>(std::move(dictionary)), std::move(codes), size);
}

Vector Vector::dictionary(std::shared_ptr<const Vector> dictionary, std::shared_ptr<const std::uint32_t[]> codes, std::size_t size)
{
    Vector v(dictionary->type(), VectorKind::Dictionary, size);
    v.m_dictionary = std::move(dictionary);
    v.m_codes = std::move(codes);
    return v;
}

bool Vector::isNull(std::size_t row) const
{
    switch (m_kind) {
    case VectorKind::Flat: return m_nulls && m_nulls->isNull(row);
    case VectorKind::Constant: return m_nulls && m_nulls->isNull(0);
    case VectorKind::Dictionary: return m_dictionary->isNull(m_codes[row]);
    }
    return false;
}

bool Vector::mayHaveNulls() const { return m_kind == VectorKind::Dictionary ? m_dictionary->mayHaveNulls() : m_nulls != nullptr; }

Value Vector::valueAt(std::size_t row) const
{
    if (isNull(row))
        return Value::null(m_type);
    return visitType(m_type, [&]<DataType T>() { return Value::of<T>(VectorReader<Physical<T>>(*this)[row]); });
}

Vector Vector::gather(std::span<const std::uint32_t> rows) const
{
    switch (m_kind) {
    case VectorKind::Constant: return resizedConstant(rows.size());
    case VectorKind::Dictionary: {
        auto codes = makeBuffer<std::uint32_t>(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            codes[i] = m_codes[rows[i]];
        return dictionary(m_dictionary, std::move(codes), rows.size());
    }
    case VectorKind::Flat: break;
    }
    return visitType(m_type, [&]<DataType T>() {
        using Type = Physical<T>;
        const auto source = values<Type>();
        auto buffer = makeBuffer<Type>(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            buffer[i] = source[rows[i]];
        std::shared_ptr<NullMask> nulls;
        if (m_nulls) {
            nulls = std::make_shared<NullMask>(rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (m_nulls->isNull(rows[i]))
                    nulls->setNull(i);
        }
        return flat<Type>(m_type, std::move(buffer), rows.size(), std::move(nulls), m_owner);
    });
}

Vector Vector::slice(std::size_t start, std::size_t count) const
{
    switch (m_kind) {
    case VectorKind::Constant: return resizedConstant(count);
    case VectorKind::Dictionary: {
        Vector v = *this;
        v.m_codes = std::shared_ptr<const std::uint32_t[]>(m_codes, m_codes.get() + start);
        v.m_size = count;
        return v;
    }
    case VectorKind::Flat: break;
    }
    return visitType(m_type, [&]<DataType T>() {
        Vector v = *this;
        v.m_numbers = nullptr;
        v.m_values = values<Physical<T>>().data() + start;
        v.m_size = count;
        if (m_nulls) {
            auto nulls = std::make_shared<NullMask>(count);
            for (std::size_t i = 0; i < count; ++i)
                if (m_nulls->isNull(start + i))
                    nulls->setNull(i);
            v.m_nulls = nulls->anyNull() ? std::move(nulls) : nullptr;
        }
        return v;
    });
}

Vector Vector::flatten() const
{
    if (m_kind == VectorKind::Flat)
        return *this;
    return visitType(m_type, [&]<DataType T>() {
        using Type = Physical<T>;
        const VectorReader<Type> reader(*this);
        auto buffer = makeBuffer<Type>(m_size);
        for (std::size_t i = 0; i < m_size; ++i)
            buffer[i] = reader[i];
        std::shared_ptr<NullMask> nulls;
        if (reader.hasNulls()) {
            nulls = std::make_shared<NullMask>(m_size);
            for (std::size_t i = 0; i < m_size; ++i)
                if (reader.isNull(i))
                    nulls->setNull(i);
        }
        return flat<Type>(m_type, std::move(buffer), m_size, std::move(nulls), m_kind == VectorKind::Dictionary ? m_dictionary->m_owner : m_owner);
    });
}

Vector Vector::resizedConstant(std::size_t size) const
{
    Vector v = *this;
    v.m_size = size;
    return v;
}

Vector Vector::reinterpret(DataType type) const
{
    Vector v = *this;
    v.m_type = type;
    v.m_numbers = nullptr;
    if (m_dictionary)
        v.m_dictionary = std::make_shared<const Vector>(m_dictionary->reinterpret(type));
    return v;
}

Vector Vector::withNulls(std::shared_ptr<const NullMask> nulls) const
{
    Vector v = *this;
    v.m_numbers = nullptr;
    v.m_nulls = std::move(nulls);
    return v;
}

Vector Vector::withNumbers(std::shared_ptr<const DictionaryNumbers> numbers) const
{
    Vector v = *this;
    v.m_numbers = std::move(numbers);
    return v;
}

std::size_t Vector::memoryBytes() const
{
    const std::size_t width = visitType(m_type, []<DataType T>() { return sizeof(Physical<T>); });
    switch (m_kind) {
    case VectorKind::Constant: return width;
    case VectorKind::Dictionary: return m_size * sizeof(std::uint32_t) + m_dictionary->memoryBytes();
    case VectorKind::Flat: break;
    }
    std::size_t bytes = m_size * width;
    if (isTextual(m_type))
        for (const std::string_view text : values<std::string_view>())
            bytes += text.size();
    return bytes;
}

VectorBuilder::VectorBuilder(DataType type)
    : m_type(type), m_builder(visitType(type, []<DataType T>() -> void* { return new TypedBuilder<T>(); }))
{
}

VectorBuilder::~VectorBuilder()
{
    if (m_builder)
        visitType(m_type, [this]<DataType T>() { delete &as<T>(); });
}

VectorBuilder::VectorBuilder(VectorBuilder&& other) noexcept : m_type(other.m_type), m_builder(std::exchange(other.m_builder, nullptr)) {}

VectorBuilder& VectorBuilder::operator=(VectorBuilder&& other) noexcept
{
    std::swap(m_type, other.m_type);
    std::swap(m_builder, other.m_builder);
    return *this;
}

std::size_t VectorBuilder::size() const
{
    return visitType(m_type, [this]<DataType T>() { return static_cast<const TypedBuilder<T>*>(m_builder)->size(); });
}

void VectorBuilder::append(const Value& value)
{
    if (value.isNull())
        return appendNull();
    visitType(m_type, [&]<DataType T>() { as<T>().append(value.get<T>()); });
}

void VectorBuilder::appendNull()
{
    visitType(m_type, [this]<DataType T>() { as<T>().appendNull(); });
}

void VectorBuilder::append(const Vector& source, std::size_t row)
{
    if (source.isNull(row))
        return appendNull();
    visitType(m_type, [&]<DataType T>() { as<T>().append(VectorReader<Physical<T>>(source)[row]); });
}

Vector VectorBuilder::finish()
{
    return visitType(m_type, [this]<DataType T>() { return as<T>().finish(); });
}

Vector concatenate(std::span<const Vector> parts)
{
    if (parts.size() == 1)
        return parts.front();
    std::size_t size = 0;
    for (const Vector& part : parts)
        size += part.size();
    const DataType type = parts.empty() ? DataType::String : parts.front().type();
    std::vector<const Vector*> each;
    each.reserve(parts.size());
    for (const Vector& part : parts)
        each.push_back(&part);
    if (equalConstants(each))
        return parts.front().resizedConstant(size);
    const bool oneDictionary = !parts.empty() && std::all_of(parts.begin(), parts.end(), [&](const Vector& part) {
        return part.isDictionary() && part.sharedDictionary() == parts.front().sharedDictionary();
    });
    if (oneDictionary) {
        auto codes = makeBuffer<std::uint32_t>(size);
        std::size_t at = 0;
        for (const Vector& part : parts)
            at = static_cast<std::size_t>(std::copy(part.codes().begin(), part.codes().end(), codes.get() + at) - codes.get());
        return Vector::dictionary(parts.front().sharedDictionary(), std::move(codes), size);
    }
    return visitType(type, [&]<DataType T>() {
        using Type = Physical<T>;
        auto buffer = makeBuffer<Type>(size);
        std::shared_ptr<NullMask> nulls;
        std::shared_ptr<StringHeap> heap;
        std::size_t at = 0;
        for (const Vector& part : parts) {
            const VectorReader<Type> reader(part);
            for (std::size_t i = 0; i < part.size(); ++i, ++at) {
                buffer[at] = reader[i];
                if (reader.isNull(i)) {
                    if (!nulls)
                        nulls = std::make_shared<NullMask>(size);
                    nulls->setNull(at);
                }
            }
            if constexpr (T == DataType::String || T == DataType::Dynamic) {
                if (!heap)
                    heap = std::make_shared<StringHeap>();
                heap->keep(part.isDictionary() ? std::shared_ptr<const void>(part.dictionaryValues().owner()) : part.owner());
            }
        }
        return Vector::flat<Type>(type, std::move(buffer), size, std::move(nulls), std::move(heap));
    });
}

} // namespace tocsin
