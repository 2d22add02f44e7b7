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
class TermFilter;

/// Adds a filter over the values of a guid column, if the column is large enough to be worth one.
void addGuidFilter(EncodedColumn& column, std::span<const Guid> values);
/// The same for guids that are kept as text; `withEmpty` if some texts are empty.
void addGuidTextFilter(EncodedColumn& column, std::span<const Guid> values, bool withEmpty);
/// Adds a filter over the distinct texts of a string column, and one over their terms: those of each block, if the texts stand in blocks
/// of so many.
void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::span<const std::uint32_t> blocks, std::size_t rows);
/// The same where the hashes of the terms of all texts are known.
void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::vector<std::uint64_t> terms, std::size_t rows);

/// Get the filters of the column the predicate is about; null if one cannot be read.
struct FilterLoaders {
    std::function<std::shared_ptr<const BloomFilter>()> values;
    std::function<std::shared_ptr<const TermFilter>()> terms;
};

/// False only if a filter of the column shows that no row passes the predicate. Filters are read only when they can decide.
bool mayPassFilters(const Zone& zone, const catalog::ScanPredicate& predicate, const FilterLoaders& load);

/// Whether the predicate asks for terms.
bool asksForTerms(const catalog::ScanPredicate& predicate);
/// Which blocks may hold a text that has the terms the predicate asks for.
std::vector<std::uint8_t> blocksWithTerms(const TermFilter& filter, const catalog::ScanPredicate& predicate);

} // namespace tocsin::store
