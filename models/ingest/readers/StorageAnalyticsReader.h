// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

namespace tocsin::ingest {

/// Classic Storage Analytics logs (`$logs`), versions 1.0 and 2.0, as StorageBlobLogs, StorageFileLogs, StorageQueueLogs and
/// StorageTableLogs, after Microsoft's "Storage Analytics log format".
class StorageAnalyticsReader final : public LogReader {
public:
    explicit StorageAnalyticsReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "storage-analytics"; }
    std::string_view title() const override { return "Storage Analytics log"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

} // namespace tocsin::ingest
