// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

namespace tocsin::ingest {

/// Any other resource log of the common schema: flattened into AzureDiagnostics, and into the resource-specific table where there is
/// one. Names and suffixes after Microsoft's "Azure resource logs" and the AzureDiagnostics table reference.
class DiagnosticsMapper final : public RecordMapper {
public:
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

private:
    void mapCommon(const AzureRecord& record, TableBuilder& table);
    void flatten(TableBuilder& table, const std::string& prefix, JsonElement value, LeftOver& rest, int depth);
    void mapSpecific(const AzureRecord& record, const catalog::TableSchema& schema, RowSet& rows);
};

} // namespace tocsin::ingest
