// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/json/JsonValues.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// Members that Azure's JSON records have in common, or that tell their kind.
enum class AzureKey : std::size_t {
    Time, TimeStamp, EventTimestamp, TimeGenerated, ResourceId, Category, OperationName, OperationVersion, ResultType, ResultSignature,
    ResultDescription, DurationMs, CallerIpAddress, CorrelationId, Identity, Level, Location, Properties, TenantId, EventDataId, Type,
    FlowRecords, MetricName, TimeGrain, FlowLogResourceId, ResoureId, Count,
};

/// One record of an Azure JSON file, with what every mapper asks for looked up once.
struct AzureRecord {
    explicit AzureRecord(const KeySet& keys) : members(keys) {}

    const JsonElement* at(AzureKey key) const { return members.at(static_cast<std::size_t>(key)); }
    std::string_view text(AzureKey key) const { return members.text(static_cast<std::size_t>(key)); }
    bool has(AzureKey key) const { return at(key) != nullptr; }
    /// The resource id of the common schema (also under the misspelt name of some exports).
    std::string_view resourceId() const;
    /// A row of a table (it has TimeGenerated) rather than a record as a service sends it.
    bool isTableRow() const;
    /// `properties` as an object, also when it is sent as text.
    std::optional<JsonObject> properties;

    Members members;
    JsonObject object;
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
    std::size_t bytes = 0;
    std::string_view table; ///< of a query answer
};

const KeySet& azureKeys();

/// Turns the records of one kind into rows. Made anew for every source, so it may keep state (flows are summed over a file).
class RecordMapper {
public:
    virtual ~RecordMapper() = default;
    /// Whether the record is of this kind.
    virtual bool claims(const AzureRecord& record) const = 0;
    /// Adds the record's rows. An error is the reason why the record is rejected; then it must have added none.
    virtual Result<void> map(const AzureRecord& record, RowSet& rows) = 0;
    /// Adds rows that needed the whole source.
    virtual void finish(RowSet&) {}
};

/// Time of a record: the first readable of `time`, `eventTimestamp`, `timeStamp`, TimeGenerated; else the import's, with a warning.
Ticks recordTime(const AzureRecord& record, RowSet& rows);
RowOrigin originOf(const AzureRecord& record, RowSet& rows, std::string_view sourceSystem);

/// Collects members that have no column of their own, so that nothing of a record is lost: a bag in the column AdditionalFields.
class LeftOver {
public:
    void add(std::string_view key, JsonElement value);
    void put(TableBuilder& table);

private:
    DynamicBuilder m_bag;
    bool m_any = false;
};

} // namespace tocsin::ingest
