// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace tocsin::ingest {

/// Rows of a known table as the portal, the query interface or a data export writes them: the members are its columns. Also
/// Application Insights records of diagnostic settings, whose `Type` names their table and whose `time` is the row's time.
class TableExportMapper final : public RecordMapper {
public:
    explicit TableExportMapper(const SchemaLibrary& schemas, std::string chosenTable = {}) : m_schemas(schemas), m_chosen(std::move(chosenTable)) {}

    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

    /// The known table a record is a row of; null if none.
    const catalog::TableSchema* tableOf(const AzureRecord& record) const;
    /// The column for a member, made as needed: one of the table's own, else one of the member's name and the value's type.
    static std::size_t columnFor(TableBuilder& table, std::string_view key, JsonElement value);
    /// The next record follows a row of this table.
    void follow(const catalog::TableSchema* table) { m_last = table; }

private:
    const SchemaLibrary& m_schemas;
    std::string m_chosen;
    /// Records of one file mostly have the same members; what they matched is kept by the text of their keys.
    mutable std::unordered_map<std::string, const catalog::TableSchema*> m_matches;
    mutable std::string m_keys;
    const catalog::TableSchema* m_last = nullptr; ///< of the row before: where a row goes that tells too little of itself
};

} // namespace tocsin::ingest
