// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Guid.h"
#include "catalog/TableSource.h"
#include "store/segment/EncodedColumn.h"

#include <functional>
#include <memory>
#include <string_view>

namespace tocsin::store {

class BloomFilter;

/// Adds a filter over the values of a guid column, if the column is large enough to be worth one.
void addGuidFilter(EncodedColumn& column, std::span<const Guid> values);
/// The same for guids that are kept as text; `withEmpty` if some texts are empty.
void addGuidTextFilter(EncodedColumn& column, std::span<const Guid> values, bool withEmpty);
/// Adds a filter over the distinct texts of a string column, and one over their terms.
void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::size_t rows);

/// Gets a filter of the column the predicate is about; null if it cannot be read.
using FilterLoader = std::function<std::shared_ptr<const BloomFilter>(unsigned part)>;

/// False only if a filter of the column shows that no row passes the predicate. Filters are read only when they can decide.
bool mayPassFilters(const Zone& zone, const catalog::ScanPredicate& predicate, const FilterLoader& load);

} // namespace tocsin::store
