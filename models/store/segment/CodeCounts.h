// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/ValueCounts.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

namespace tocsin::store {

/// How often each code of a column occurs, counted when first asked for. Any thread.
class CodeCounts {
public:
    /// Codes of rows [start, start + out.size()), all below `distinct`; false if one is not.
    using Unpack = std::function<bool(std::size_t start, std::span<std::uint32_t> out)>;

    /// False if a code is out of range.
    bool count(std::size_t rows, std::size_t distinct, const Unpack& unpack) const;
    /// Once counted: the codes that occur, in the order in which they first do, and the number of rows of each of them.
    std::span<const std::uint32_t> codes() const { return m_codes; }
    std::span<const std::uint32_t> counts() const { return m_counts; }

private:
    mutable std::once_flag m_once;
    mutable bool m_valid = true;
    mutable std::vector<std::uint32_t> m_codes;
    mutable std::vector<std::uint32_t> m_counts;
};

/// Whether counting codes tells less than the rows do.
inline constexpr bool paysToCount(std::size_t rows, std::size_t distinct) { return distinct * 2 <= rows; }

/// What has been counted, by the values behind the codes. `places`: where those stand in the dictionary, unless a code is its place.
catalog::ValueCounts countedValues(const CodeCounts& counts, std::shared_ptr<const Vector> dictionary, std::span<const std::uint32_t> places = {});

} // namespace tocsin::store
