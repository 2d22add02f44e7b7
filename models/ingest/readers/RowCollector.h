// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <vector>

namespace tocsin::ingest {

/// Keeps what one thread makes of a part of a source until it is its turn. Notes are not kept: records that would need one are left to
/// the thread that reads in order.
class RowCollector final : public RowSink {
public:
    struct Part {
        catalog::TableSchema schema;
        Batch batch;
        std::uint64_t records = 0;
    };

    Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t records) override
    {
        parts.push_back({schema, std::move(batch), records});
        return {};
    }
    void reject(Reject) override {}
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}
    Result<void> restart() override
    {
        parts.clear();
        return {};
    }

    /// Hands the parts on; the collector that made them is empty afterwards.
    static Result<void> deliver(std::vector<Part> parts, RowSink& sink)
    {
        for (Part& part : parts)
            TOCSIN_TRY(sink.rows(part.schema, std::move(part.batch), part.records));
        return {};
    }

    std::vector<Part> parts;
};

} // namespace tocsin::ingest
