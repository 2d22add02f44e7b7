// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/BinXmlValue.h"

#include "base/Guid.h"
#include "base/Ticks.h"
#include "base/Utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace tocsin::ingest {

namespace {

std::optional<std::string_view> store(std::string_view text, TextArena& arena)
{
    char* const out = arena.reserve(text.size());
    if (!out)
        return std::nullopt;
    std::memcpy(out, text.data(), text.size());
    return arena.commit(text.size());
}

std::int64_t readSigned(BinXmlBytes bytes)
{
    const std::size_t size = std::min<std::size_t>(bytes.size(), 8);
    if (size == 0)
        return 0;
    const unsigned shift = static_cast<unsigned>(64 - 8 * size);
    return static_cast<std::int64_t>(readLittle(bytes) << shift) >> shift;
}

char* writeUtf8(char* out, std::uint32_t code)
{
    if (code < 0x80) {
        *out++ = static_cast<char>(code);
    } else if (code < 0x800) {
        *out++ = static_cast<char>(0xC0 | code >> 6);
        *out++ = static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *out++ = static_cast<char>(0xE0 | code >> 12);
        *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
        *out++ = static_cast<char>(0x80 | (code & 0x3F));
    } else {
        *out++ = static_cast<char>(0xF0 | code >> 18);
        *out++ = static_cast<char>(0x80 | (code >> 12 & 0x3F));
        *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
        *out++ = static_cast<char>(0x80 | (code & 0x3F));
    }
    return out;
}

/// Windows pads text in values with zero characters.
BinXmlBytes withoutTrailingZeros(BinXmlBytes bytes, std::size_t unit)
{
    std::size_t size = bytes.size() / unit * unit;
    while (size >= unit && std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(size - unit), bytes.begin() + static_cast<std::ptrdiff_t>(size), [](std::uint8_t b) { return b == 0; }))
        size -= unit;
    return bytes.first(size);
}

std::optional<std::string_view> renderAnsi(BinXmlBytes bytes, TextArena& arena)
{
    bytes = withoutTrailingZeros(bytes, 1);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return isValidUtf8(text) ? store(text, arena) : store(utf8FromLatin1(text), arena);
}

/// The C runtime of Windows names the special values of a real in its own way.
std::string realText(double value)
{
    if (std::isnan(value))
        return std::signbit(value) ? "-1.#IND" : "1.#QNAN";
    if (std::isinf(value))
        return value < 0 ? "-1.#INF" : "1.#INF";
    return fmt::format("{:f}", value);
}

std::string guidText(BinXmlBytes bytes)
{
    // The first three groups are little-endian numbers.
    static constexpr std::size_t kOrder[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    Guid guid;
    for (std::size_t i = 0; i < 16; ++i)
        guid.bytes[i] = bytes[kOrder[i]];
    std::string text = "{";
    appendGuid(text, guid);
    text += '}';
    return text;
}

std::string fileTimeText(std::uint64_t value)
{
    if (value > static_cast<std::uint64_t>(kMaxDateTime - kFileTimeEpoch))
        return fmt::format("{}", value);
    return formatDateTime(kFileTimeEpoch + static_cast<Ticks>(value));
}

std::string systemTimeText(BinXmlBytes bytes)
{
    std::uint64_t part[8];
    for (std::size_t i = 0; i < 8; ++i)
        part[i] = readLittle(bytes.subspan(2 * i, 2));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", part[0], part[1], part[3], part[4], part[5], part[6], part[7]);
}

std::string binaryText(BinXmlBytes bytes)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string sidText(BinXmlBytes bytes)
{
    if (bytes.size() < 8 || bytes.size() < 8u + 4u * bytes[1])
        return binaryText(bytes);
    std::uint64_t authority = 0;
    for (std::size_t i = 2; i < 8; ++i)
        authority = authority << 8 | bytes[i];
    std::string text = fmt::format("S-{}-{}", bytes[0], authority);
    for (std::size_t i = 0; i < bytes[1]; ++i)
        fmt::format_to(std::back_inserter(text), "-{}", readLittle(bytes.subspan(8 + 4 * i, 4)));
    return text;
}

bool isSigned(BinXmlType type)
{
    return type == BinXmlType::Int8 || type == BinXmlType::Int16 || type == BinXmlType::Int32 || type == BinXmlType::Int64;
}

/// The length of one value of a type of fixed length; 0 for the others.
std::size_t fixedSize(BinXmlType type)
{
    switch (type) {
    case BinXmlType::Int8: case BinXmlType::UInt8: return 1;
    case BinXmlType::Int16: case BinXmlType::UInt16: return 2;
    case BinXmlType::Int32: case BinXmlType::UInt32: case BinXmlType::Real32: case BinXmlType::Bool: case BinXmlType::Hex32: return 4;
    case BinXmlType::Int64: case BinXmlType::UInt64: case BinXmlType::Real64: case BinXmlType::FileTime: case BinXmlType::Hex64: return 8;
    case BinXmlType::Guid: case BinXmlType::SystemTime: return 16;
    default: return 0;
    }
}

std::string scalarText(BinXmlType type, BinXmlBytes bytes)
{
    switch (type) {
    case BinXmlType::Hex32: case BinXmlType::Hex64: case BinXmlType::Size: case BinXmlType::Handle:
        return fmt::format("{:#x}", readLittle(bytes));
    case BinXmlType::Bool: return readLittle(bytes) ? "true" : "false";
    case BinXmlType::Real32:
        return bytes.size() < 4 ? binaryText(bytes) : realText(std::bit_cast<float>(static_cast<std::uint32_t>(readLittle(bytes.first(4)))));
    case BinXmlType::Real64: return bytes.size() < 8 ? binaryText(bytes) : realText(std::bit_cast<double>(readLittle(bytes)));
    case BinXmlType::Guid: return bytes.size() < 16 ? binaryText(bytes) : guidText(bytes);
    case BinXmlType::FileTime: return bytes.size() < 8 ? binaryText(bytes) : fileTimeText(readLittle(bytes));
    case BinXmlType::SystemTime: return bytes.size() < 16 ? binaryText(bytes) : systemTimeText(bytes);
    case BinXmlType::Sid: return sidText(bytes);
    default: return binaryText(bytes);
    }
}

} // namespace

std::uint64_t readLittle(BinXmlBytes bytes)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), std::min<std::size_t>(bytes.size(), 8));
    if constexpr (std::endian::native == std::endian::big)
        value = __builtin_bswap64(value);
    return value;
}

std::optional<std::string_view> renderUtf16(BinXmlBytes bytes, TextArena& arena)
{
    const std::size_t units = bytes.size() / 2;
    char* const start = arena.reserve(3 * units);
    if (!start)
        return std::nullopt;
    char* out = start;
    const std::uint8_t* in = bytes.data();
    const std::uint8_t* const end = in + 2 * units;
    while (in < end) {
        std::uint32_t code = in[0] | static_cast<std::uint32_t>(in[1]) << 8;
        in += 2;
        if (code < 0x80) {
            *out++ = static_cast<char>(code);
            continue;
        }
        if (code >= 0xD800 && code < 0xE000) {
            const std::uint32_t low = in < end ? in[0] | static_cast<std::uint32_t>(in[1]) << 8 : 0;
            if (code < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                in += 2;
            } else {
                code = 0xFFFD;
            }
        }
        out = writeUtf8(out, code);
    }
    return arena.commit(static_cast<std::size_t>(out - start));
}

std::optional<std::string_view> renderBinXmlValue(BinXmlType type, BinXmlBytes bytes, TextArena& arena)
{
    if (bytes.empty() || type == BinXmlType::Null)
        return std::string_view();
    if (type == BinXmlType::Utf16 || type == BinXmlType::EvtXml)
        return renderUtf16(withoutTrailingZeros(bytes, 2), arena);
    if (type == BinXmlType::Ansi)
        return renderAnsi(bytes, arena);
    if (type >= BinXmlType::Int8 && type <= BinXmlType::UInt64) {
        const fmt::format_int text = isSigned(type) ? fmt::format_int(readSigned(bytes)) : fmt::format_int(readLittle(bytes));
        return store({text.data(), text.size()}, arena);
    }
    return store(scalarText(type, bytes), arena);
}

std::size_t BinXmlArrayItems::nextSize() const
{
    const std::size_t rest = m_rest.size();
    if (m_type == BinXmlType::Utf16) {
        std::size_t at = 0;
        while (at + 1 < rest && (m_rest[at] || m_rest[at + 1]))
            at += 2;
        return std::min(at + 2, rest);
    }
    if (m_type == BinXmlType::Ansi) {
        const auto zero = std::find(m_rest.begin(), m_rest.end(), std::uint8_t{0});
        return zero == m_rest.end() ? rest : static_cast<std::size_t>(zero - m_rest.begin()) + 1;
    }
    if (m_type == BinXmlType::Sid)
        return rest < 8 ? rest : std::min<std::size_t>(rest, 8u + 4u * m_rest[1]);
    if (m_type == BinXmlType::Size || m_type == BinXmlType::Handle)
        return std::min<std::size_t>(rest, rest % 8 == 0 ? 8 : 4);
    const std::size_t size = fixedSize(m_type);
    return size ? std::min(size, rest) : rest;
}

std::optional<BinXmlBytes> BinXmlArrayItems::next()
{
    if (m_rest.empty())
        return std::nullopt;
    const std::size_t size = nextSize();
    const BinXmlBytes item = m_rest.first(size);
    m_rest = m_rest.subspan(size);
    return item;
}

} // namespace tocsin::ingest
