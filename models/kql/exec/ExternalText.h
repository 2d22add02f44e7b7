// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Batch.h"
#include "kql/plan/Plan.h"

#include <functional>

namespace tocsin::kql {

/// How externaldata reads a text: the format's name as in a query (csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson).
struct ExternalFormat {
    std::string name = "csv";
    bool ignoreFirstRecord = false;
    static bool isKnown(std::string_view name);
};

/// Reads a text into rows of the columns. Fields are taken by place, members of JSON objects by name; what is absent or does not fit is
/// null. Records longer than the columns lose the rest.
Result<Batch> readExternalText(std::string_view text, const ExternalFormat& format, const std::vector<PlanColumn>& columns, const std::function<Result<void>()>& checkStop);

} // namespace tocsin::kql
