// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/MemoryTable.h"
#include "kql/bind/Binder.h"

#include <memory>
#include <string>

/// A small workspace and a way to see a bound query as text.
namespace tocsin::kql::test {

inline std::shared_ptr<const catalog::Snapshot> sampleSnapshot()
{
    using enum DataType;
    catalog::MemoryCatalog catalog("db");
    const auto add = [&](std::string name, std::vector<catalog::ColumnSchema> columns) -> catalog::TableSchema {
        catalog::TableSchema schema;
        schema.name = std::move(name);
        schema.columns = std::move(columns);
        return schema;
    };
    const std::vector<catalog::ColumnSchema> columns{{"t", DateTime, ""}, {"s", String, ""}, {"i", Int, ""}, {"l", Long, ""}, {"r", Real, ""},
                                                     {"b", Bool, ""},     {"g", Guid, ""},   {"d", Dynamic, ""}, {"p", TimeSpan, ""}};
    catalog.add(std::make_shared<catalog::MemoryTable>(add("T", columns), std::vector<Batch>()));
    catalog.add(std::make_shared<catalog::MemoryTable>(add("U", {{"s", String, ""}, {"l", Long, ""}, {"z", String, ""}, {"i", String, ""}}), std::vector<Batch>()));
    catalog::TableSchema open = add("AzureDiagnostics", {{"TimeGenerated", DateTime, ""}, {"Category", String, ""}});
    open.open = true;
    open.aliases = {{"Timestamp", "TimeGenerated"}};
    catalog.add(std::make_shared<catalog::MemoryTable>(open, std::vector<Batch>()));
    catalog::TableSchema vendor = add("VendorParser", {{"A", String, ""}});
    vendor.isFunction = true;
    catalog.add(std::make_shared<catalog::MemoryTable>(vendor, std::vector<Batch>()));
    catalog.add(catalog::StoredFunction{"Recent", "span:timespan=1d", "T | where p < span", ""});
    catalog.add(catalog::StoredFunction{"Twice", "x:long", "x * 2", ""});
    catalog.add(catalog::StoredFunction{"Faulty", "", "T | where nosuch == 1", ""});
    return *catalog.snapshot();
}

/// `name:type …` of the result, or its errors.
inline std::string describe(const BoundQuery& query)
{
    std::string out;
    for (const Error& error : query.errors)
        out += "! " + errorMessage(error) + " @" + std::to_string(error.span->start) + "+" + std::to_string(error.span->length) + "\n";
    for (const BoundResult& result : query.results) {
        if (&result != &query.results.front())
            out += " ; ";
        for (const PlanColumn& column : result.plan->columns) {
            if (&column != &result.plan->columns.front())
                out += ' ';
            out += column.name + ":" + std::string(typeName(column.type));
        }
    }
    return out;
}

} // namespace tocsin::kql::test
