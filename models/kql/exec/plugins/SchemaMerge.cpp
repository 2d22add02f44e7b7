// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <array>
#include <map>

namespace tocsin::kql {
namespace {

struct MergedColumn {
    std::string name;
    std::int64_t first = 0; ///< its place in the first schema that has it
    std::int64_t place = 0; ///< the furthest of all
    std::string type;
    std::string systemType; ///< what .NET calls it
    std::string error;
};

class SchemaMerger {
public:
    explicit SchemaMerger(bool preserveOrder) : m_preserveOrder(preserveOrder) {}

    void add(const std::string& name, std::int64_t place, const std::string& type, const std::string& systemType)
    {
        const auto [found, fresh] = m_places.emplace(name, m_columns.size());
        if (fresh) {
            m_columns.push_back({name, place, place, type, systemType, {}});
            return;
        }
        MergedColumn& column = m_columns[found->second];
        if (m_preserveOrder && place != column.first)
            column.error = "columns are out of order";
        column.place = std::max(column.place, place);
        if (type == column.type || !column.error.empty())
            return;
        const auto a = parseTypeName(column.type), b = parseTypeName(type);
        if (a && b && isNumeric(*a) && isNumeric(*b)) {
            if (*b > *a)
                std::tie(column.type, column.systemType) = std::pair(type, systemType);
        } else {
            column.error = "types " + column.type + " and " + type + " have no common type";
        }
    }

    /// Columns with their new places; those in error come last.
    std::vector<MergedColumn> finish()
    {
        std::stable_sort(m_columns.begin(), m_columns.end(), [](const MergedColumn& a, const MergedColumn& b) {
            return a.error.empty() != b.error.empty() ? a.error.empty() : a.place < b.place;
        });
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i].place = m_columns[i].error.empty() ? static_cast<std::int64_t>(i) : -1;
        return std::move(m_columns);
    }

private:
    bool m_preserveOrder;
    std::vector<MergedColumn> m_columns;
    std::map<std::string, std::size_t> m_places;
};

} // namespace

Result<void> runSchemaMerge(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    bool preserveOrder = true;
    if (call.has("PreserveOrder")) {
        TOCSIN_TRY_ASSIGN(const Value value, call.constant("PreserveOrder"));
        preserveOrder = value.isNull() || value.asBool();
    }
    std::map<std::string, Vector> given;
    for (std::size_t i = 0; i < call.node.inputs[0]->columns.size(); ++i)
        given.insert_or_assign(call.node.inputs[0]->columns[i].name, rows.columns[i]);
    for (const char* needed : {"ColumnName", "ColumnOrdinal", "DataType", "ColumnType"})
        if (!given.contains(needed))
            return std::unexpected(call.badValue("T", std::string("without a column ") + needed, "what getschema gives"));
    SchemaMerger merger(preserveOrder);
    for (std::size_t row = 0; row < rows.storedRows; ++row) {
        TOCSIN_TRY(call.tick());
        const Value place = valueAs(given.at("ColumnOrdinal").valueAt(row), DataType::Long);
        merger.add(given.at("ColumnName").valueAt(row).toString(), place.isNull() ? -1 : place.asLong(), given.at("ColumnType").valueAt(row).toString(), given.at("DataType").valueAt(row).toString());
    }
    RowWriter writer(call.node.columns, out);
    for (const MergedColumn& column : merger.finish()) {
        const std::string error = "ERROR(" + column.error + ")";
        const bool good = column.error.empty();
        TOCSIN_TRY(writer.add(std::array{Value::string(column.name), Value::int32(static_cast<std::int32_t>(column.place)),
                                         Value::string(good ? column.systemType : "ERROR(unknown CSL type:" + error + ")"), Value::string(good ? column.type : error)}));
    }
    return writer.finish();
}

} // namespace tocsin::kql
