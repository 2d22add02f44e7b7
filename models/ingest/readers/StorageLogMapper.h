// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

namespace tocsin::ingest {

/// Resource logs of storage accounts (StorageRead, StorageWrite, StorageDelete) as StorageBlobLogs, StorageFileLogs, StorageQueueLogs
/// and StorageTableLogs, after the references of those tables.
class StorageLogMapper final : public RecordMapper {
public:
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;
};

} // namespace tocsin::ingest
