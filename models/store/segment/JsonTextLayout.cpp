// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/JsonTextLayout.h"

#include "store/StoreErrors.h"

#include <algorithm>

namespace tocsin::store {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string textOf(std::span<const std::byte> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool isMark(char c) { return c == kStringMark || c == kValueMark; }

/// Each mark must be of its member's kind.
bool marksFit(const JsonTextLayout::Shape& shape, const std::vector<JsonTextLayout::Member>& members)
{
    std::size_t next = 0;
    for (const char c : shape.text) {
        if (!isMark(c))
            continue;
        if (next == shape.members.size() || (members[shape.members[next]].kind == JsonPieces::Kind::String) != (c == kStringMark))
            return false;
        ++next;
    }
    return next == shape.members.size();
}

bool readMembers(ByteReader& in, JsonTextLayout& layout)
{
    const std::size_t count = in.get<std::uint32_t>();
    if (count > kMostJsonMembers)
        return false;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        JsonTextLayout::Member member;
        const auto kind = in.get<std::uint8_t>();
        if (kind > static_cast<std::uint8_t>(JsonPieces::Kind::Other))
            return false;
        member.kind = static_cast<JsonPieces::Kind>(kind);
        member.values = in.get<std::uint32_t>();
        member.key = textOf(in.getBytes(in.get<std::uint16_t>()));
        layout.members.push_back(std::move(member));
    }
    return in.ok();
}

bool readShapes(ByteReader& in, JsonTextLayout& layout)
{
    const std::size_t count = in.get<std::uint32_t>();
    if (count > kMostJsonShapes)
        return false;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        JsonTextLayout::Shape shape;
        shape.text = textOf(in.getBytes(in.get<std::uint32_t>()));
        const std::size_t members = in.get<std::uint8_t>();
        for (std::size_t m = 0; m < members && in.ok(); ++m) {
            shape.members.push_back(in.get<std::uint16_t>());
            if (shape.members.back() >= layout.members.size())
                return false;
        }
        if (!marksFit(shape, layout.members))
            return false;
        layout.shapes.push_back(std::move(shape));
    }
    return in.ok();
}

/// As many values of each member, and whole texts, as the texts need.
bool countsFit(const JsonTextLayout& layout, std::size_t whole)
{
    std::vector<std::uint32_t> texts(layout.shapes.size() + 1);
    for (const std::uint32_t shape : layout.shapeOf)
        ++texts[shape];
    std::vector<std::uint32_t> values(layout.members.size());
    for (std::size_t s = 0; s < layout.shapes.size(); ++s)
        for (const std::uint16_t member : layout.shapes[s].members)
            values[member] += texts[s];
    for (std::size_t m = 0; m < values.size(); ++m)
        if (values[m] != layout.members[m].values)
            return false;
    return texts.back() == whole;
}

} // namespace

void writeJsonTextHead(ByteWriter& out, const JsonTextLayout& layout)
{
    out.put(static_cast<std::uint32_t>(layout.members.size()));
    for (const JsonTextLayout::Member& member : layout.members) {
        out.put(static_cast<std::uint8_t>(member.kind));
        out.put(member.values);
        out.put(static_cast<std::uint16_t>(member.key.size()));
        out.putBytes(bytesOf(member.key));
    }
    out.put(static_cast<std::uint32_t>(layout.shapes.size()));
    for (const JsonTextLayout::Shape& shape : layout.shapes) {
        out.put(static_cast<std::uint32_t>(shape.text.size()));
        out.putBytes(bytesOf(shape.text));
        out.put(static_cast<std::uint8_t>(shape.members.size()));
        out.putArray<std::uint16_t>(shape.members);
    }
    writeCodes(out, layout.shapeOf, layout.shapes.size() + 1);
    out.put(static_cast<std::uint32_t>(layout.whole.texts.size()));
    if (!layout.whole.texts.empty())
        writeTextList(out, layout.whole.texts, layout.whole.bytes());
}

Result<JsonTextLayout> readJsonText(std::span<const std::byte> payload, std::size_t rows)
{
    ByteReader in(payload);
    JsonTextLayout layout;
    layout.distinct = in.get<std::uint32_t>();
    if (layout.distinct == 0 || !readCodes(in, rows, layout.distinct, layout.codes))
        return fail(kBadChunk, "its codes are not valid");
    PackedCodes shapes;
    if (!readMembers(in, layout) || !readShapes(in, layout) || layout.shapes.size() + 1 > layout.distinct || !readCodes(in, layout.distinct, layout.shapes.size() + 1, shapes))
        return fail(kBadChunk, "its shapes are not valid");
    layout.shapeOf.resize(layout.distinct);
    const std::size_t whole = in.get<std::uint32_t>();
    if (!unpackCodes(shapes, 0, layout.shapeOf, layout.shapes.size() + 1) || whole > layout.distinct || !countsFit(layout, whole))
        return fail(kBadChunk, "its shapes do not fit its texts");
    if (whole > 0) {
        TOCSIN_TRY_ASSIGN(layout.whole, readTextList(in, whole, [](unsigned) -> Result<Bytes> { return fail(kBadChunk, "its whole texts stand elsewhere"); }));
    }
    return layout;
}

} // namespace tocsin::store
