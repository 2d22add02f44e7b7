// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/XmlTape.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tocsin::ingest {

/// Types of values in binary XML ([MS-EVEN6] 2.2.12; libevtx's description of the format). 0x80 added: an array of them.
enum class BinXmlType : std::uint8_t {
    Null = 0x00, Utf16 = 0x01, Ansi = 0x02, Int8 = 0x03, UInt8 = 0x04, Int16 = 0x05, UInt16 = 0x06, Int32 = 0x07, UInt32 = 0x08,
    Int64 = 0x09, UInt64 = 0x0A, Real32 = 0x0B, Real64 = 0x0C, Bool = 0x0D, Binary = 0x0E, Guid = 0x0F, Size = 0x10, FileTime = 0x11,
    SystemTime = 0x12, Sid = 0x13, Hex32 = 0x14, Hex64 = 0x15, Handle = 0x20, BinXml = 0x21, EvtXml = 0x23,
};
inline constexpr std::uint8_t kBinXmlArray = 0x80;

using BinXmlBytes = std::span<const std::uint8_t>;

/// Little-endian number of up to 8 bytes; bytes beyond the eighth are ignored.
std::uint64_t readLittle(BinXmlBytes bytes);
/// UTF-16 to UTF-8; lone surrogates become U+FFFD. Nothing when the arena is full.
std::optional<std::string_view> renderUtf16(BinXmlBytes bytes, TextArena& arena);
/// The text of one value that is neither an array nor BinXml, as Windows prints it: integers decimal, Hex32/64, Size and Handle `0x3e7`,
/// GUIDs `{lower case}`, times ISO, SIDs `S-1-…`, booleans `true`/`false`, binary as upper-case hex. A value of another length
/// than its type's is read as far as it goes. Unknown types print like binary. Nothing when the arena is full.
std::optional<std::string_view> renderBinXmlValue(BinXmlType type, BinXmlBytes bytes, TextArena& arena);

/// Splits the bytes of an array into its items.
class BinXmlArrayItems {
public:
    BinXmlArrayItems(BinXmlType type, BinXmlBytes bytes) : m_type(type), m_rest(bytes) {}
    /// The next item, or nothing at the end. A rest too short for an item is an item.
    std::optional<BinXmlBytes> next();

private:
    std::size_t nextSize() const;
    BinXmlType m_type;
    BinXmlBytes m_rest;
};

} // namespace tocsin::ingest
