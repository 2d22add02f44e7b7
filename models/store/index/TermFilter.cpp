// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/index/TermFilter.h"

#include "store/StoreErrors.h"
#include "store/index/BloomFilter.h"

#include <algorithm>

namespace tocsin::store {

Bytes TermFilter::encode(std::span<const std::vector<std::uint64_t>> hashes, DataType type, std::size_t rows)
{
    if (hashes.size() == 1)
        return BloomFilter::encode(hashes.front(), type, rows);
    Bytes filters;
    ByteWriter filtersOut(filters);
    std::vector<std::uint32_t> sizes;
    for (const std::vector<std::uint64_t>& block : hashes) {
        const std::size_t before = filters.size();
        BloomFilter::write(filtersOut, block);
        sizes.push_back(static_cast<std::uint32_t>(filters.size() - before));
    }
    Bytes chunk = beginChunk(Encoding::BlockTerms, type, rows);
    ByteWriter out(chunk);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(sizes.size()));
    out.putArray<std::uint32_t>(sizes);
    out.putBytes(filters);
    return chunk;
}

Result<std::shared_ptr<const TermFilter>> TermFilter::open(Bytes chunk, std::int64_t id)
{
    auto filter = std::make_shared<TermFilter>();
    filter->m_chunk = std::move(chunk);
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(filter->m_chunk, id));
    ByteReader in(view.payload);
    if (view.header.encoding == Encoding::Bloom) {
        filter->m_filters.push_back(in.rest());
    } else if (view.header.encoding == Encoding::BlockTerms) {
        const std::size_t blocks = in.get<std::uint32_t>();
        ByteReader sizes(in.getArray<std::uint32_t>(blocks));
        for (std::size_t i = 0; i < blocks && in.ok(); ++i)
            filter->m_filters.push_back(in.getBytes(sizes.get<std::uint32_t>()));
    }
    const bool valid = in.ok() && !filter->m_filters.empty() && std::ranges::all_of(filter->m_filters, BloomFilter::isFilter);
    if (!valid)
        return fail(kBadChunk, "its filter is not valid");
    return filter;
}

bool TermFilter::mayHold(std::size_t block, std::span<const std::uint64_t> terms) const
{
    return std::ranges::all_of(terms, [&](std::uint64_t term) { return BloomFilter::mayContain(m_filters[block], term); });
}

} // namespace tocsin::store
