// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"

namespace tocsin::store {

/// Opens a string or dynamic column; reads the blocks of its distinct texts too. `chunk` owns what `view` views.
Result<std::shared_ptr<const ColumnReader>> openTextColumn(Bytes chunk, const ChunkView& view, DataType type, const std::function<Result<Bytes>(unsigned block)>& loadBlock);

} // namespace tocsin::store
