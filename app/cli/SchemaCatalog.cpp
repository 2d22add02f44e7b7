// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/SchemaCatalog.h"

#include "ingest/SchemaLibrary.h"
#include "ingest/readers/FlowLogMapper.h"

namespace tocsin::app::cli {

Result<catalog::MemoryCatalog> schemaCatalog(const std::string& folder)
{
    const auto schemas = folder.empty() ? ingest::SchemaLibrary::builtIn() : ingest::SchemaLibrary::fromFolder(folder);
    if (!schemas)
        return std::unexpected(schemas.error());
    catalog::MemoryCatalog result("tocsin");
    for (const std::string& name : schemas->names())
        result.add(std::make_shared<catalog::MemoryTable>(*schemas->find(name), std::vector<Batch>{}));
    if (folder.empty()) // every workspace has this table, which no published list does
        result.add(std::make_shared<catalog::MemoryTable>(ingest::flowTupleSchema(), std::vector<Batch>{}));
    return result;
}

} // namespace tocsin::app::cli
