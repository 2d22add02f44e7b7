// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

namespace tocsin::ingest {

/// Activity Log events in their three shapes (REST, diagnostic setting or Event Hub, SDK dump with snake_case names) as AzureActivity.
/// Columns after Microsoft's "Azure Activity log event schema" and the AzureActivity table reference.
class AzureActivityMapper final : public RecordMapper {
public:
    AzureActivityMapper();
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

private:
    void mapRest(const AzureRecord& record, TableBuilder& table);
    void mapExport(const AzureRecord& record, TableBuilder& table);

    KeySet m_restKeys;
    Members m_rest;
};

/// Categories of the Activity Log, also those of exports before 2018.
bool isActivityCategory(std::string_view category);

} // namespace tocsin::ingest
