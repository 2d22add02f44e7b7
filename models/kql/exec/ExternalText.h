// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Batch.h"
#include "column/Dynamic.h"
#include "kql/plan/Plan.h"

#include <functional>
#include <span>

namespace tocsin::kql {

inline constexpr ErrorKind kNoExternalData{"query.no_external_data", "This engine does not read '{0}'", "Import the file as a table, or allow queries to read files of a folder."};
inline constexpr ErrorKind kExternalFormat{"query.external_format", "Queries cannot read the format '{0}'", "Use csv, tsv, psv, scsv, sohsv, txt, raw, json or multijson."};

/// How externaldata reads a text: the format's name as in a query (csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson).
struct ExternalFormat {
    std::string name = "csv";
    bool ignoreFirstRecord = false;
    static bool isKnown(std::string_view name);
};

/// Reads a text into rows of the columns. Fields are taken by place, members of JSON objects by name; what is absent or does not fit is
/// null. Records longer than the columns lose the rest.
Result<Batch> readExternalText(std::string_view text, const ExternalFormat& format, const std::vector<PlanColumn>& columns, const std::function<Result<void>()>& checkStop);

/// Hands out a text's records one by one: the fields of those in lines, or the values of JSON (anything but an object where a record is none).
/// Either may return false: enough.
struct ExternalRecords {
    std::function<Result<bool>(std::span<const std::string> fields)> fields;
    std::function<Result<bool>(DynamicView object)> object;
};
Result<void> forEachRecord(std::string_view text, const ExternalFormat& format, const ExternalRecords& records);

} // namespace tocsin::kql
