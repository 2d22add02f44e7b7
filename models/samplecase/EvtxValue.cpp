// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Bytes.h"
#include "samplecase/EvtxWriter.h"

#include <charconv>

namespace tocsin::samplecase {

namespace {

template <typename T>
EvtxValue number(std::uint8_t type, T value)
{
    EvtxValue out{type, {}};
    appendLittle(out.bytes, value);
    return out;
}

/// Windows keeps the first three groups of a GUID as little-endian numbers.
std::string guidBytes(const Guid& guid)
{
    static constexpr int kOrder[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    std::string out;
    for (const int index : kOrder)
        out += static_cast<char>(guid.bytes[static_cast<std::size_t>(index)]);
    return out;
}

} // namespace

EvtxValue evtxText(std::string_view utf8) { return {0x01, utf16Bytes(utf8)}; }
EvtxValue evtxUInt16(std::uint16_t value) { return number(0x06, value); }
EvtxValue evtxUInt32(std::uint32_t value) { return number(0x08, value); }
EvtxValue evtxHex32(std::uint32_t value) { return number(0x14, value); }
EvtxValue evtxHex64(std::uint64_t value) { return number(0x15, value); }
EvtxValue evtxBool(bool value) { return number(0x0D, static_cast<std::uint32_t>(value ? 1 : 0)); }
EvtxValue evtxGuid(const Guid& guid) { return {0x0F, guidBytes(guid)}; }
EvtxValue evtxFileTime(Ticks utc) { return number(0x11, static_cast<std::uint64_t>(utc - kFileTimeEpoch)); }

EvtxValue evtxSid(std::string_view text)
{
    // S-revision-authority-sub-…: revision u8, count u8, authority 48 bit big endian, sub-authorities u32.
    std::vector<std::uint64_t> parts;
    if (text.starts_with("S-")) {
        const char* at = text.data() + 2;
        const char* const end = text.data() + text.size();
        while (at < end) {
            std::uint64_t part = 0;
            const auto [next, failure] = std::from_chars(at, end, part);
            if (failure != std::errc())
                break;
            parts.push_back(part);
            at = next < end ? next + 1 : end;
        }
    }
    if (parts.size() < 2)
        parts = {1, 0, 0};
    EvtxValue out{0x13, {}};
    out.bytes += static_cast<char>(parts[0]);
    out.bytes += static_cast<char>(parts.size() - 2);
    for (int shift = 40; shift >= 0; shift -= 8)
        out.bytes += static_cast<char>((parts[1] >> static_cast<unsigned>(shift)) & 0xFFU);
    for (std::size_t i = 2; i < parts.size(); ++i)
        appendLittle(out.bytes, static_cast<std::uint32_t>(parts[i]));
    return out;
}

} // namespace tocsin::samplecase
