// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/index/ColumnFilters.h"

#include "store/index/BloomFilter.h"
#include "store/index/TermFilter.h"
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

using TermsOfBlocks = std::vector<std::vector<std::uint64_t>>; ///< the hashes of the different terms of each

TermsOfBlocks termsOf(std::span<const std::string_view> texts, std::span<const std::uint32_t> blocks)
{
    TermsOfBlocks hashes;
    TermHashes terms;
    for (const std::uint32_t count : blocks) {
        terms.clear();
        for (const std::string_view text : texts.first(count))
            terms.addText(text);
        hashes.push_back(terms.hashes());
        texts = texts.subspan(count);
    }
    return hashes;
}

void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, const TermsOfBlocks& terms, std::size_t rows)
{
    std::vector<std::uint64_t> hashes(texts.size());
    std::transform(texts.begin(), texts.end(), hashes.begin(), [](std::string_view text) { return hashOf(text); });
    addFilter(column, part::kBloom, hashes, rows);
    column.zone.hasBloom = true;
    column.parts.push_back({part::kTerms, TermFilter::encode(terms, column.zone.type, rows)});
    column.zone.hasTerms = true;
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

void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::span<const std::uint32_t> blocks, std::size_t rows)
{
    const auto all = static_cast<std::uint32_t>(texts.size());
    addTextFilters(column, texts, termsOf(texts, blocks.empty() ? std::span(&all, 1) : blocks), rows);
}

void addTextFilters(EncodedColumn& column, std::span<const std::string_view> texts, std::vector<std::uint64_t> terms, std::size_t rows)
{
    addTextFilters(column, texts, TermsOfBlocks{std::move(terms)}, rows);
}

bool asksForTerms(const catalog::ScanPredicate& predicate)
{
    return predicate.kind == catalog::ScanPredicate::Kind::HasTerm || predicate.kind == catalog::ScanPredicate::Kind::HasAnyTerm;
}

std::vector<std::uint8_t> blocksWithTerms(const TermFilter& filter, const catalog::ScanPredicate& predicate)
{
    std::vector<std::vector<std::uint64_t>> terms; // of each value; a value that says nothing has none
    for (const Value& value : predicate.values)
        terms.push_back(value.isNull() || value.type() != DataType::String ? std::vector<std::uint64_t>() : requiredTerms(value.asText()));
    std::vector<std::uint8_t> blocks(filter.blocks());
    for (std::size_t block = 0; block < blocks.size(); ++block) {
        const auto holds = [&](const std::vector<std::uint64_t>& wanted) { return filter.mayHold(block, wanted); };
        blocks[block] = predicate.kind == catalog::ScanPredicate::Kind::HasTerm ? std::ranges::all_of(terms, holds) : std::ranges::any_of(terms, holds);
    }
    return blocks;
}

bool mayPassFilters(const Zone& zone, const catalog::ScanPredicate& predicate, const FilterLoaders& load)
{
    const auto& values = predicate.values;
    if (values.empty())
        return true;
    if (predicate.kind == catalog::ScanPredicate::Kind::Equal && zone.hasBloom) {
        const auto filter = load.values();
        return !filter || std::any_of(values.begin(), values.end(), [&](const Value& value) {
            const auto hash = valueHash(zone, value);
            return !hash || filter->mayContain(*hash);
        });
    }
    if (asksForTerms(predicate) && zone.hasTerms) {
        const auto filter = load.terms();
        return !filter || std::ranges::count(blocksWithTerms(*filter, predicate), 1) > 0;
    }
    return true;
}

} // namespace tocsin::store
