// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"
#include "store/segment/TextList.h"

namespace tocsin::store {

/// Opens a string or dynamic column; reads the blocks of its distinct texts too. `chunk` owns what `view` views.
Result<std::shared_ptr<const ColumnReader>> openTextColumn(Bytes chunk, const ChunkView& view, DataType type, const std::function<Result<Bytes>(unsigned block)>& loadBlock,
    const std::shared_ptr<TextDomain>& domain);

/// A column of these distinct texts. `chunk` owns what `codes` views.
Result<std::shared_ptr<const ColumnReader>> makeTextReader(Bytes chunk, const PackedCodes& codes, TextList texts, DataType type, const std::shared_ptr<TextDomain>& domain);

} // namespace tocsin::store
