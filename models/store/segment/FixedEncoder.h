// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/EncodedColumn.h"
#include "store/segment/NullBits.h"

namespace tocsin::store {

/// Encodes values of a fixed size in the smallest of the forms that suit their type: constant; integers packed in blocks; distinct
/// values and codes; plain. Values of null rows do not matter.
template <DataType T>
EncodedColumn encodeFixed(std::span<const Physical<T>> values, const NullBits& nulls);

} // namespace tocsin::store
