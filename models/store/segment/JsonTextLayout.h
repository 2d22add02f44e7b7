// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/JsonTemplate.h"
#include "store/segment/TextList.h"

namespace tocsin::store {

/// The chunk of a text column that is kept by JSON member (Encoding::JsonText):
///
///     u32 distinct, codes of the rows (see TextList.h),
///     u32 members, of each: u8 kind (JsonPieces::Kind), u32 values, u16 length of the key, key,
///     u32 shapes, of each: u32 length, template, u8 members, u16 member[members], in the order of the marks,
///     codes of the distinct texts: which shape each has; the number behind the last shape: a text that is kept whole,
///     u32 whole texts, these as a text list
///
/// A member stands in the part kJsonMembers + its number (Encoding::JsonMember): u32 distinct values, a code for each of its values in the
/// order of the texts, the distinct values as a text list. A key that has strings and other values is two members.
struct JsonTextLayout {
    struct Member {
        JsonPieces::Kind kind = JsonPieces::Kind::Other;
        std::uint32_t values = 0;
        std::string key;
    };
    struct Shape {
        std::string text;
        std::vector<std::uint16_t> members;
    };
    std::size_t distinct = 0;
    PackedCodes codes; ///< of the rows; they view the chunk
    std::vector<Member> members;
    std::vector<Shape> shapes;
    std::vector<std::uint32_t> shapeOf; ///< by distinct text; shapes.size(): kept whole
    TextList whole;
};

void writeJsonTextHead(ByteWriter& out, const JsonTextLayout& layout);
/// Reads all but the members' values. The layout is checked: as many values as the shapes of the texts need.
Result<JsonTextLayout> readJsonText(std::span<const std::byte> payload, std::size_t rows);

inline constexpr std::size_t kMostJsonMembers = 256; ///< of a column in one segment
inline constexpr std::size_t kMostJsonShapes = 1'024;

} // namespace tocsin::store
