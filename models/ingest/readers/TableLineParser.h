// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/RowCollector.h"
#include "ingest/readers/TableExportMapper.h"

#include <memory>

namespace tocsin::ingest {

/// Rows of known tables that stand one a line, as quickly as possible: records with the same members in the same order share a plan that
/// says which column each member goes to. Everything out of the ordinary (no readable time, text to be mended, another kind of record) is
/// left to the mappers. See JsonLineReader.
class TableLineParser {
public:
    struct Output {
        std::vector<RowCollector::Part> parts;
        const catalog::TableSchema* last = nullptr; ///< the published table of the last row
    };

    TableLineParser(const SchemaLibrary& schemas, const ReadOptions& options);
    bool parse(std::string_view record, Output& out);
    void endChunk(Output& out);

private:
    struct Member {
        std::string_view key;
        JsonElement value;
    };
    struct PlannedMember {
        std::string key;
        std::size_t column;
        bool published; ///< a column of the published table, not one of the file's own
        bool folded;    ///< found without regard to case: gives way to the exact name
    };
    struct Plan {
        std::vector<PlannedMember> members;
        const catalog::TableSchema* schema = nullptr;
        TableBuilder* table = nullptr;
        std::size_t time = 0;            ///< place of TimeGenerated among the members
        std::size_t timeColumn = 0;
        std::size_t type = kNone;        ///< place of the member that names the table
    };
    static constexpr std::size_t kNone = SIZE_MAX;
    static constexpr std::size_t kMostPlans = 64;

    Plan* planFor(JsonObject object, std::size_t bytes);
    std::unique_ptr<Plan> makePlan(JsonObject object, std::size_t bytes);
    bool fits(const Plan& plan) const;

    RowCollector m_made;
    RowSet m_rows;
    JsonParser m_parser;
    AzureRecord m_record;
    TableExportMapper m_mapper;
    std::vector<Member> m_members; ///< of the record at hand
    std::vector<std::unique_ptr<Plan>> m_plans;
    Plan* m_last = nullptr;
};

/// Whether a record whose first member this is may be the holder of records.
bool mayHoldRecords(std::string_view firstKey, JsonElement firstValue);

} // namespace tocsin::ingest
