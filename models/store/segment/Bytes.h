// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace tocsin::store {

using Bytes = std::vector<std::byte>;

/// Appends values in the machine's (little endian) form.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out) : m_out(out) {}

    template <typename T> void put(T value)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        putBytes({reinterpret_cast<const std::byte*>(&value), sizeof value});
    }
    void putBytes(std::span<const std::byte> bytes)
    {
        if (!bytes.empty())
            std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
    }
    template <typename T> void putArray(std::span<const T> values) { putBytes(std::as_bytes(values)); }
    /// Room for `size` zero bytes, to be filled by the caller; valid until the next put.
    std::byte* grow(std::size_t size)
    {
        m_out.resize(m_out.size() + size);
        return m_out.data() + m_out.size() - size;
    }
    std::size_t size() const { return m_out.size(); }

private:
    Bytes& m_out;
};

/// Reads from bytes of unknown origin. Reading past the end gives zeros and makes ok() false; it never touches other memory.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    template <typename T> T get()
    {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        const auto bytes = getBytes(sizeof(T));
        if (bytes.size() == sizeof(T))
            std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    /// Empty (and not ok) if fewer are left.
    std::span<const std::byte> getBytes(std::size_t size)
    {
        if (size > m_bytes.size()) {
            m_ok = false;
            m_bytes = {};
            return {};
        }
        const auto bytes = m_bytes.first(size);
        m_bytes = m_bytes.subspan(size);
        return bytes;
    }
    /// `count` values that may be unaligned.
    template <typename T> std::span<const std::byte> getArray(std::size_t count)
    {
        return count > m_bytes.size() / sizeof(T) ? getBytes(m_bytes.size() + 1) : getBytes(count * sizeof(T));
    }
    std::span<const std::byte> rest() const { return m_bytes; }
    bool ok() const { return m_ok; }

private:
    std::span<const std::byte> m_bytes;
    bool m_ok = true;
};

} // namespace tocsin::store
