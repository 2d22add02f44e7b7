// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/index/ColumnFilters.h"

#include "store/index/BloomFilter.h"
#include "store/index/Terms.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kLargeGuidColumn = 16 * 1'024; ///< bytes; a smaller one is read as quickly as its filter

std::uint64_t hashOf(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }
std::uint64_t hashOf(const Guid& guid) { return XXH3_64bits(guid.bytes.data(), guid.bytes.size()); }

void addFilter(EncodedColumn& column, unsigned number, std::span<const std::uint64_t> hashes, std::size_t rows)
{
    column.parts.push_back({number, BloomFilter::encode(hashes, column.zone.type, rows)});
}

/// The hash of a value that the column's value filter would know.
std::optional<std::uint64_t> valueHash(const Zone& zone, const Value& value)
{
    if (value.isNull() || value.type() != zone.type)
        return std::nullopt;
    return zone.type == DataType::Guid ? hashOf(value.asGuid()) : hashOf(value.asText());
}

bool mayHoldTerms(const Value& wanted, const BloomFilter& filter)
{
    if (wanted.isNull() || wanted.type() != DataType::String)
        return true;
    const std::vector<std::uint64_t> terms = requiredTerms(wanted.asText());
    return std::all_of(terms.begin(), terms.end(), [&](std::uint64_t term) { return filter.mayContain(term); });
}

} // namespace

void addGuidFilter(EncodedColumn& column, std::span<const Guid> values)
{
    if (column.parts.empty() || column.parts.front().chunk.size() < kLargeGuidColumn)
        return;
    std::vector<std::uint64_t> hashes(values.size());
    std::transform(values.begin(), values.end(), hashes.begin(), [](const Guid& guid) { return hashOf(guid); });
    addFilter(column, part::kBloom, hashes, values.size());
    column.zone.hasBloom = true;
}

void addGuidTextFilter(EncodedColumn& column, std::span<const Guid> values, bool withEmpty)
{
    if (column.parts.front().chunk.size() < kLargeGuidColumn)
        return;
    std::vector<std::uint64_t> hashes;
    hashes.reserve(values.size() + 1);
    std::string text;
    for (const Guid& guid : values) {
        text.clear();
        appendGuid(text, guid);
        hashes.push_back(hashOf(std::string_view(text)));
    }
    if (withEmpty)
        hashes.push_back(hashOf(std::string_view()));
    addFilter(column, part::kBloom, hashes, values.size());
    column.zone.hasBloom = true;
}

void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::size_t rows)
{
    std::vector<std::uint64_t> hashes(texts.size());
    std::transform(texts.begin(), texts.end(), hashes.begin(), [](std::string_view text) { return hashOf(text); });
    addFilter(column, part::kBloom, hashes, rows);
    column.zone.hasBloom = true;
    TermHashes terms;
    for (const std::string_view text : texts)
        terms.addText(text);
    addFilter(column, part::kTerms, terms.hashes(), rows);
    column.zone.hasTerms = true;
}

bool mayPassFilters(const Zone& zone, const catalog::ScanPredicate& predicate, const FilterLoader& load)
{
    using Kind = catalog::ScanPredicate::Kind;
    const auto& values = predicate.values;
    if (values.empty())
        return true;
    if (predicate.kind == Kind::Equal && zone.hasBloom) {
        const auto filter = load(part::kBloom);
        return !filter || std::any_of(values.begin(), values.end(), [&](const Value& value) {
            const auto hash = valueHash(zone, value);
            return !hash || filter->mayContain(*hash);
        });
    }
    if ((predicate.kind == Kind::HasTerm || predicate.kind == Kind::HasAnyTerm) && zone.hasTerms) {
        const auto filter = load(part::kTerms);
        const auto holds = [&](const Value& value) { return mayHoldTerms(value, *filter); };
        return !filter || (predicate.kind == Kind::HasTerm ? std::all_of(values.begin(), values.end(), holds) : std::any_of(values.begin(), values.end(), holds));
    }
    return true;
}

} // namespace tocsin::store
