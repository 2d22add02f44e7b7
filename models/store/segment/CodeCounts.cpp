// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/CodeCounts.h"

#include "store/segment/Chunk.h"

#include <algorithm>
#include <array>

namespace tocsin::store {

bool CodeCounts::count(std::size_t rows, std::size_t distinct, const Unpack& unpack) const
{
    std::call_once(m_once, [&] {
        std::vector<std::uint32_t> counts(distinct);
        std::array<std::uint32_t, kBlockRows> codes;
        for (std::size_t start = 0; start < rows && m_valid; start += kBlockRows) {
            const std::span<std::uint32_t> some(codes.data(), std::min(kBlockRows, rows - start));
            m_valid = unpack(start, some);
            for (std::size_t i = 0; m_valid && i < some.size(); ++i)
                if (counts[some[i]]++ == 0)
                    m_codes.push_back(some[i]);
        }
        for (const std::uint32_t code : m_codes)
            m_counts.push_back(counts[code]);
    });
    return m_valid;
}

catalog::ValueCounts countedValues(const CodeCounts& counts, std::shared_ptr<const Vector> dictionary, std::span<const std::uint32_t> places)
{
    const std::size_t size = counts.codes().size();
    auto codes = makeBuffer<std::uint32_t>(size);
    auto numbers = makeBuffer<std::int64_t>(size);
    for (std::size_t i = 0; i < size; ++i) {
        codes[i] = places.empty() ? counts.codes()[i] : places[counts.codes()[i]];
        numbers[i] = counts.counts()[i];
    }
    return {Vector::dictionary(std::move(dictionary), std::move(codes), size), Vector::flat<std::int64_t>(DataType::Long, std::move(numbers), size)};
}

} // namespace tocsin::store
