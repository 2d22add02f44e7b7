// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"

namespace tocsin::store {

/// Opens a chunk of a type of fixed size. `chunk` owns what `view` views.
Result<std::shared_ptr<const ColumnReader>> openFixedColumn(Bytes chunk, const ChunkView& view, DataType type);

} // namespace tocsin::store
