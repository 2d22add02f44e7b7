// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"
#include "column/Value.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin {

/// Marks the nulls of a vector: a set bit is a null.
class NullMask {
public:
    explicit NullMask(std::size_t size) : m_words((size + 63) / 64) {}
    bool isNull(std::size_t i) const { return (m_words[i / 64] >> (i % 64)) & 1; }
    void setNull(std::size_t i) { m_words[i / 64] |= std::uint64_t{1} << (i % 64); }
    void setValid(std::size_t i) { m_words[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
    void resize(std::size_t size) { m_words.resize((size + 63) / 64); }
    std::span<const std::uint64_t> words() const { return m_words; }
    std::span<std::uint64_t> words() { return m_words; }
    bool anyNull() const;

private:
    std::vector<std::uint64_t> m_words;
};

/// Owns the bytes of strings; views into it stay valid for its life. Grows in blocks, never moves.
class StringHeap {
public:
    std::string_view add(std::string_view text);
    /// Room for `size` bytes to be written by the caller.
    char* allocate(std::size_t size);
    /// Keeps another owner of bytes alive as long as this heap (views of it may then be stored without copying).
    void keep(std::shared_ptr<const void> owner) { m_kept.push_back(std::move(owner)); }
    std::size_t bytes() const { return m_bytes; }

private:
    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::vector<std::shared_ptr<const void>> m_kept;
    char* m_at = nullptr;
    std::size_t m_left = 0;
    std::size_t m_bytes = 0;
};

/// Numbers the values of a dictionary such that equal values of all dictionaries of one domain (a stored column, say) have equal numbers.
/// Any thread.
class DictionaryNumbers {
public:
    virtual ~DictionaryNumbers() = default;
    /// What the domain is told by; numbers of different domains have nothing to do with each other.
    virtual std::shared_ptr<const void> domain() const = 0;
    /// One a value, dense over the domain from 0. Empty if the domain has more values than it numbers. Computed when first asked for.
    virtual std::span<const std::uint32_t> numbers() const = 0;
    /// The text behind a number that this or another dictionary of the domain has given.
    virtual std::string_view text(std::uint32_t number) const = 0;
};

enum class VectorKind : std::uint8_t {
    Flat,       ///< one value a row
    Constant,   ///< one value for all rows
    Dictionary, ///< a code a row, into a shared flat vector of values (which may hold values no row uses)
};

/// A column of one batch: immutable, cheap to copy (buffers are shared), safe to read from any thread.
class Vector {
public:
    /// An empty string column of no rows.
    Vector() = default;

    /// `values` holds `size` values of the type's physical form; `owner` keeps text alive.
    template <typename T>
    static Vector flat(DataType type, std::shared_ptr<const T[]> values, std::size_t size, std::shared_ptr<const NullMask> nulls = {}, std::shared_ptr<const void> owner = {})
    {
        Vector v(type, VectorKind::Flat, size);
        v.m_values = values.get();
        v.m_buffer = std::move(values);
        v.m_nulls = std::move(nulls);
        v.m_owner = std::move(owner);
        return v;
    }
    static Vector constant(const Value& value, std::size_t size);
    static Vector nulls(DataType type, std::size_t size) { return constant(Value::null(type), size); }
    /// `dictionary` must be flat; every code is below its size.
    static Vector dictionary(Vector dictionary, std::shared_ptr<const std::uint32_t[]> codes, std::size_t size);
    static Vector dictionary(std::shared_ptr<const Vector> dictionary, std::shared_ptr<const std::uint32_t[]> codes, std::size_t size);

    DataType type() const { return m_type; }
    VectorKind kind() const { return m_kind; }
    std::size_t size() const { return m_size; }
    bool isConstant() const { return m_kind == VectorKind::Constant; }
    bool isDictionary() const { return m_kind == VectorKind::Dictionary; }

    /// Flat: the null mask or nothing. (Constant and dictionary: use isNull or a VectorReader.)
    const NullMask* nullMask() const { return m_nulls.get(); }
    std::shared_ptr<const NullMask> sharedNullMask() const { return m_nulls; }
    bool isNull(std::size_t row) const;
    /// False only if certainly no row is null.
    bool mayHaveNulls() const;
    /// Flat: the values. A null's value is unspecified but readable (text is empty).
    template <typename T> std::span<const T> values() const { return {static_cast<const T*>(m_values), m_size}; }
    /// Raw pointer of physical values: `size()` of them when flat, one when constant.
    const void* data() const { return m_values; }
    /// Dictionary: the values and the codes.
    const Vector& dictionaryValues() const { return *m_dictionary; }
    std::shared_ptr<const Vector> sharedDictionary() const { return m_dictionary; }
    std::span<const std::uint32_t> codes() const { return {m_codes.get(), m_size}; }
    /// What keeps the bytes of text alive.
    std::shared_ptr<const void> owner() const { return m_owner; }
    /// Flat: numbers of its values, if it is the dictionary of a domain.
    const std::shared_ptr<const DictionaryNumbers>& numbers() const { return m_numbers; }
    Vector withNumbers(std::shared_ptr<const DictionaryNumbers> numbers) const;

    Value valueAt(std::size_t row) const;
    /// The rows in the order of `rows`; a dictionary stays one.
    Vector gather(std::span<const std::uint32_t> rows) const;
    Vector slice(std::size_t start, std::size_t count) const;
    /// The same values as a flat vector (text is shared, not copied).
    Vector flatten() const;
    /// A constant or dictionary re-sized or a flat one sliced: the same column for fewer rows or, if constant, any number.
    Vector resizedConstant(std::size_t size) const;
    /// Another type over the same physical values (datetime as long, string as dynamic bytes, …); sizes must agree.
    Vector reinterpret(DataType type) const;
    /// The same flat vector with another null mask.
    Vector withNulls(std::shared_ptr<const NullMask> nulls) const;
    /// Bytes held, counting shared buffers in full.
    std::size_t memoryBytes() const;

private:
    Vector(DataType type, VectorKind kind, std::size_t size) : m_type(type), m_kind(kind), m_size(size) {}

    DataType m_type = DataType::String;
    VectorKind m_kind = VectorKind::Flat;
    std::size_t m_size = 0;
    const void* m_values = nullptr;
    std::shared_ptr<const void> m_buffer;
    std::shared_ptr<const NullMask> m_nulls;
    std::shared_ptr<const std::uint32_t[]> m_codes;
    std::shared_ptr<const Vector> m_dictionary;
    std::shared_ptr<const void> m_owner;
    std::shared_ptr<const DictionaryNumbers> m_numbers;
};

/// Reads a vector of any kind row by row without a branch on the kind in the value path. T is the physical type.
template <typename T>
class VectorReader {
public:
    explicit VectorReader(const Vector& vector)
    {
        const Vector& source = vector.isDictionary() ? vector.dictionaryValues() : vector;
        m_values = static_cast<const T*>(source.data());
        m_nulls = source.nullMask();
        m_codes = vector.isDictionary() ? vector.codes().data() : nullptr;
        m_stride = vector.isConstant() ? 0 : 1;
    }
    bool hasNulls() const { return m_nulls != nullptr; }
    bool isNull(std::size_t row) const { return m_nulls && m_nulls->isNull(index(row)); }
    const T& operator[](std::size_t row) const { return m_values[index(row)]; }

private:
    std::size_t index(std::size_t row) const { return m_codes ? m_codes[row] : row * m_stride; }
    const T* m_values;
    const NullMask* m_nulls;
    const std::uint32_t* m_codes;
    std::size_t m_stride;
};

/// An uninitialised shared buffer for `size` values (never null, even for size 0).
template <typename T>
std::shared_ptr<T[]> makeBuffer(std::size_t size)
{
    return std::make_shared_for_overwrite<T[]>(size ? size : 1);
}

/// Builds a flat vector of a type known at compile time. `String` and `Dynamic` copy their bytes.
template <DataType T>
class TypedBuilder {
public:
    using Type = Physical<T>;
    explicit TypedBuilder(std::size_t expected = 0) { m_values.reserve(expected); }

    void append(Type value)
    {
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            m_values.push_back(heap().add(value));
        else
            m_values.push_back(value);
    }
    /// Text that outlives the vector some other way (see keep()).
    void appendUncopied(Type value) { m_values.push_back(value); }
    /// For a string this is the empty string.
    void appendNull()
    {
        if constexpr (T != DataType::String)
            m_nullRows.push_back(static_cast<std::uint32_t>(m_values.size()));
        m_values.push_back(Type{});
    }
    void keep(std::shared_ptr<const void> owner) { heap().keep(std::move(owner)); }
    std::size_t size() const { return m_values.size(); }
    /// The builder is empty afterwards.
    Vector finish()
    {
        const std::size_t size = m_values.size();
        auto buffer = makeBuffer<Type>(size);
        std::copy(m_values.begin(), m_values.end(), buffer.get());
        std::shared_ptr<NullMask> nulls;
        if (!m_nullRows.empty()) {
            nulls = std::make_shared<NullMask>(size);
            for (const std::uint32_t row : m_nullRows)
                nulls->setNull(row);
        }
        m_values.clear();
        m_nullRows.clear();
        return Vector::flat<Type>(T, std::move(buffer), size, std::move(nulls), std::exchange(m_heap, {}));
    }

private:
    StringHeap& heap()
    {
        if (!m_heap)
            m_heap = std::make_shared<StringHeap>();
        return *m_heap;
    }
    std::vector<Type> m_values;
    std::vector<std::uint32_t> m_nullRows;
    std::shared_ptr<StringHeap> m_heap;
};

/// Builds a flat vector of a type known at run time, value by value.
class VectorBuilder {
public:
    explicit VectorBuilder(DataType type);
    ~VectorBuilder();
    VectorBuilder(VectorBuilder&&) noexcept;
    VectorBuilder& operator=(VectorBuilder&&) noexcept;

    DataType type() const { return m_type; }
    std::size_t size() const;
    /// The value must be of the builder's type.
    void append(const Value& value);
    void appendNull();
    /// One row of a vector of the same type.
    void append(const Vector& source, std::size_t row);
    /// The typed builder inside; T must be type().
    template <DataType T> TypedBuilder<T>& as() { return *static_cast<TypedBuilder<T>*>(m_builder); }
    Vector finish();

private:
    DataType m_type;
    void* m_builder;
};

/// The vectors one after the other; all of one type. Dictionaries that share their values stay dictionaries.
Vector concatenate(std::span<const Vector> parts);

} // namespace tocsin
