// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "catalog/Catalog.h"
#include "engine/QueryEngine.h"
#include "kql/exec/Run.h"
#include "kql/functions/Declaration.h"

#include <filesystem>

namespace tocsin::engine {

inline constexpr ErrorKind kRowLimit{"query.row_limit", "The result has more than {0} rows", "Add take, top or summarize, or raise the row limit."};
inline constexpr ErrorKind kByteLimit{"query.byte_limit", "The result is larger than {0} MB", "Project fewer columns, or raise the size limit."};

/// Answers queries over a catalog in this process: bind, optimise, run on the executor's threads. Each run sees one snapshot. The
/// references must outlive the engine and all handles.
class LocalEngine final : public QueryEngine {
public:
    /// `external` is what externaldata may read (see ExternalFiles.h); without it such a query fails. `temporary` is the folder
    /// for what does not fit into a query's memory; without it such a query fails.
    LocalEngine(const catalog::Catalog& catalog, const kql::FunctionRegistry& functions, Executor& executor, const Clock& clock, Log& log, std::shared_ptr<const kql::ExternalSource> external = {},
                std::filesystem::path temporary = {});
    std::unique_ptr<QueryHandle> submit(QueryRequest request, ResultSink& sink) override;

private:
    struct Parts;
    std::shared_ptr<const Parts> m_parts;
};

} // namespace tocsin::engine
