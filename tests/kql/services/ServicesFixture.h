// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/MemoryTable.h"
#include "kql/services/LanguageServices.h"

namespace tocsin::test {

/// Two tables and a saved function, enough for every place of a query.
class ServicesFixture {
public:
    ServicesFixture() : functions(kql::builtInFunctions()), language((fill(), *catalog.snapshot()), functions) {}

    catalog::MemoryCatalog catalog{"case"};
    kql::FunctionRegistry functions;
    kql::services::LanguageServices language;

private:
    void fill()
    {
        catalog::TableSchema signins{.name = "SigninLogs", .columns = {{"TimeGenerated", DataType::DateTime, "When it happened"}, {"UserPrincipalName", DataType::String, {}},
                                                                       {"ResultType", DataType::String, {}}, {"Attempts", DataType::Long, {}}, {"LocationDetails", DataType::Dynamic, {}}}};
        catalog::TableSchema events{.name = "SecurityEvent", .columns = {{"TimeGenerated", DataType::DateTime, {}}, {"Account", DataType::String, {}}, {"EventID", DataType::Int, {}},
                                                                         {"Odd name", DataType::String, {}}}};
        for (const catalog::TableSchema& schema : {signins, events})
            catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::vector<Batch>{}));
        catalog.add(catalog::StoredFunction{"FailedSignins", "since:timespan=1d", "SigninLogs | where TimeGenerated > ago(since)", "Sign-ins that failed"});
    }
};

} // namespace tocsin::test
