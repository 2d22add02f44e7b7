// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::app::cli {

enum class ResultFormat { Table, Csv, Tsv, Json, Ndjson, Markdown };
std::optional<ResultFormat> parseResultFormat(std::string_view name);

/// A whole result as text. Table cells longer than 60 characters are elided in the table form only.
std::string writeResult(const engine::QueryResult& result, ResultFormat format);
/// `"columns":[…],"rows":[…]` without the braces: the form of batch answers.
void appendResultJson(std::string& out, const engine::QueryResult& result);

} // namespace tocsin::app::cli
