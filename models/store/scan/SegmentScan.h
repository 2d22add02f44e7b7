// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/scan/ChunkFetcher.h"
#include "store/scan/RowFilter.h"
#include "store/scan/SegmentTable.h"

#include <atomic>

namespace tocsin::store {

/// Hands out the segments that may hold rows for the predicates, one a morsel.
class SegmentScan final : public catalog::TableScan {
public:
    SegmentScan(std::shared_ptr<const SegmentTableContent> content, catalog::ScanRequest request);
    Result<std::unique_ptr<catalog::Morsel>> nextMorsel(std::stop_token stop) override;
    std::uint64_t ordinals() const override { return m_content->segments.size(); }
    catalog::ScanStatistics statistics() const override;

    /// What the morsels have in common; they may outlive the scan.
    struct Shared {
        TextSelections selections;
        std::atomic<std::uint64_t> segments = 0;
        std::atomic<std::uint64_t> rows = 0;
        std::atomic<std::uint64_t> bytes = 0;
        /// Whether a text column is so large that it would drive everything else out of the cache.
        bool streams(const SegmentTableContent& content, std::size_t column);

    private:
        std::mutex m_mutex;
        std::map<std::size_t, bool> m_streams;
    };

private:
    bool mayBeNearest(ChunkFetcher& fetcher, const SegmentInfo& segment) const;

    std::shared_ptr<const SegmentTableContent> m_content;
    std::shared_ptr<const catalog::ScanRequest> m_request;
    std::vector<std::size_t> m_order; ///< places of the segments to read, in the order of reading
    std::atomic<std::size_t> m_next = 0;
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

} // namespace tocsin::store
