// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Value.h"

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::kql {

/// Length of a time unit of a bare literal (`d`, `hours`, `ms`, `tick` …); nothing for other words.
std::optional<double> timeUnitTicks(std::string_view unit);

/// What a string literal with its quotation marks and prefix means; nothing if an escape is wrong.
std::optional<std::string> decodeString(std::string_view literal);
/// Where in a string literal the first escape stands that is none.
std::optional<SourceSpan> findBadEscape(std::string_view literal);
/// The text as a KQL string literal in double quotation marks.
std::string encodeString(std::string_view text);
/// The name as it must be written in a query: as it is, or as `['odd name']`.
std::string encodeName(std::string_view name);

/// A bare number or time literal (`12`, `0x1F`, `1.5e3`, `1.5h`); nothing if it does not fit its type.
std::optional<Value> decodeNumber(std::string_view literal);

/// `datetime(…)`, `guid(…)`, `long(…)` … with the word and the parentheses. Nothing if the inside does not fit the type. `datetime()` and
/// `datetime(now)`, which are no constants, are for the caller.
std::optional<Value> decodeTypedLiteral(std::string_view literal);

} // namespace tocsin::kql
