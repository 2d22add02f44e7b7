// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"
#include "store/segment/JsonTextLayout.h"

namespace tocsin::store {

/// Gets the payload of one part of the column, checked; what the result views stays in it.
struct MemberChunk {
    Bytes bytes;
    ChunkView view;
};
using MemberLoader = std::function<Result<MemberChunk>(std::size_t member)>;

/// Opens a text column that is kept by JSON member as what it was: puts the texts together.
Result<std::shared_ptr<const ColumnReader>> openJsonTexts(Bytes chunk, const ChunkView& view, const MemberLoader& load, const std::shared_ptr<TextDomain>& domain);

/// Opens what parse_json() of such a column's texts has at a key, as a dynamic column; reads only what belongs to it.
Result<std::shared_ptr<const ColumnReader>> openJsonMember(const ChunkView& view, std::string_view key, const MemberLoader& load);
/// The same of any text column, by parsing its texts.
Result<std::shared_ptr<const ColumnReader>> parseJsonMember(const ColumnReader& texts, std::size_t rows, std::string_view key);

} // namespace tocsin::store
