// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "column/Vector.h"

#include <cstring>
#include <string>
#include <vector>

namespace tocsin::kql {

/// Appends a value of a column in the encoded form of dynamic values, without a builder: for lists that grow value by value.
template <DataType T> void appendEncoded(std::string& out, const Physical<T>& value)
{
    const auto put = [&](DynamicTag tag, const void* data, std::size_t size) {
        out += static_cast<char>(tag);
        out.append(static_cast<const char*>(data), size);
    };
    if constexpr (T == DataType::Bool) {
        out += static_cast<char>(value ? DynamicTag::True : DynamicTag::False);
    } else if constexpr (T == DataType::Int) {
        const std::int64_t wide = value;
        put(DynamicTag::Long, &wide, sizeof wide);
    } else if constexpr (T == DataType::Long) {
        put(DynamicTag::Long, &value, sizeof value);
    } else if constexpr (T == DataType::Real) {
        put(DynamicTag::Real, &value, sizeof value);
    } else if constexpr (T == DataType::DateTime) {
        put(DynamicTag::DateTime, &value, sizeof value);
    } else if constexpr (T == DataType::TimeSpan) {
        put(DynamicTag::TimeSpan, &value, sizeof value);
    } else if constexpr (T == DataType::Dynamic) {
        if (value.empty())
            out += static_cast<char>(DynamicTag::Null);
        else
            out += value;
    } else {
        DynamicBuilder builder;
        if constexpr (T == DataType::String) {
            const auto size = static_cast<std::uint32_t>(value.size());
            put(DynamicTag::String, &size, sizeof size);
            out += value;
        } else if constexpr (T == DataType::Guid) {
            builder.guid(value);
            out += builder.take();
        } else {
            builder.decimal(value);
            out += builder.take();
        }
    }
}

/// Encoded values one after the other: the inside of a dynamic array.
class ItemList {
public:
    template <DataType T> void append(const Physical<T>& value)
    {
        appendEncoded<T>(m_bytes, value);
        m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    }
    void appendNull()
    {
        m_bytes += static_cast<char>(DynamicTag::Null);
        m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    }
    void appendEncodedItem(std::string_view bytes)
    {
        m_bytes += bytes;
        m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    }
    std::size_t size() const { return m_ends.size(); }
    std::string_view item(std::size_t i) const
    {
        const std::uint32_t start = i ? m_ends[i - 1] : 0;
        return std::string_view(m_bytes).substr(start, m_ends[i] - start);
    }
    void removeLast()
    {
        m_ends.pop_back();
        m_bytes.resize(m_ends.empty() ? 0 : m_ends.back());
    }
    /// As a dynamic array.
    std::string array() const
    {
        const auto count = static_cast<std::uint32_t>(m_ends.size());
        std::string out;
        out.reserve(5 + m_ends.size() * 4 + m_bytes.size());
        out += static_cast<char>(DynamicTag::Array);
        out.append(reinterpret_cast<const char*>(&count), sizeof count);
        out.append(reinterpret_cast<const char*>(m_ends.data()), m_ends.size() * sizeof(std::uint32_t));
        out += m_bytes;
        return out;
    }
    std::size_t memoryBytes() const { return m_bytes.capacity() + m_ends.capacity() * sizeof(std::uint32_t); }

private:
    std::string m_bytes;
    std::vector<std::uint32_t> m_ends;
};

/// An ItemList that takes each value once (compared by its encoded bytes).
class ItemSet {
public:
    /// False if the value was there.
    bool insert(std::string_view encoded);
    bool contains(std::string_view encoded) const;
    const ItemList& items() const { return m_items; }
    std::size_t memoryBytes() const { return m_items.memoryBytes() + m_slots.capacity() * sizeof(std::uint32_t); }

private:
    std::size_t slotOf(std::string_view encoded) const;
    void grow();
    ItemList m_items;
    std::vector<std::uint32_t> m_slots; ///< index of the item + 1; 0 is free
};

} // namespace tocsin::kql
