// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"
#include "ingest/readers/StixPattern.h"

namespace tocsin::ingest {

/// Whether an id is one of a STIX object of that type: `indicator--` and a UUID.
bool isStixId(std::string_view id, std::string_view type);

/// STIX 2.0 and 2.1 objects. An indicator becomes a row of ThreatIntelIndicators for each value its pattern looks for, and one of
/// ThreatIntelligenceIndicator where that table has a column for such a value. All other objects are understood and give no rows.
class StixMapper final : public RecordMapper {
public:
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

private:
    struct Indicator;
    void addRow(const AzureRecord& record, const Indicator& indicator, const StixObservable& observable, bool first, RowSet& rows);
    void addLegacyRow(const AzureRecord& record, const Indicator& indicator, const StixObservable& observable, std::size_t number, RowSet& rows);
};

} // namespace tocsin::ingest
