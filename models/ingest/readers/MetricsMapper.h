// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

namespace tocsin::ingest {

/// Platform metrics of diagnostic settings and Event Hubs, and answers of the metrics REST interface, as AzureMetrics.
class MetricsMapper final : public RecordMapper {
public:
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

private:
    void mapExport(const AzureRecord& record, RowSet& rows);
    void mapAnswer(const AzureRecord& record, simdjson::dom::array metrics, RowSet& rows);
};

} // namespace tocsin::ingest
