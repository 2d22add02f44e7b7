// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/Constraints.h"

#include "store/extension/TimeText.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>

namespace tocsin::store {
namespace {

using Kind = catalog::ScanPredicate::Kind;

struct Comparison {
    unsigned char constraint; ///< as SQLite calls it
    std::string_view sign;
    Kind kind;
};
constexpr Comparison kComparisons[] = {
    {SQLITE_INDEX_CONSTRAINT_EQ, "=", Kind::Equal},        {SQLITE_INDEX_CONSTRAINT_GE, ">=", Kind::GreaterOrEqual}, {SQLITE_INDEX_CONSTRAINT_GT, ">", Kind::Greater},
    {SQLITE_INDEX_CONSTRAINT_LE, "<=", Kind::LessOrEqual}, {SQLITE_INDEX_CONSTRAINT_LT, "<", Kind::Less},
};

const Comparison* comparisonOf(unsigned char constraint)
{
    const auto found = std::find_if(std::begin(kComparisons), std::end(kComparisons), [constraint](const Comparison& candidate) { return candidate.constraint == constraint; });
    return found == std::end(kComparisons) ? nullptr : found;
}

bool isUseful(DataType type, Kind comparison)
{
    switch (type) {
    case DataType::DateTime:
    case DataType::Int:
    case DataType::Long: return true;
    case DataType::String:
    case DataType::Guid: return comparison == Kind::Equal;
    default: return false;
    }
}

/// The range that a comparison with a value leaves of the texts of times. A number is compared as its text, as the column's affinity has
/// it; every text is before every blob.
TimeCondition timeCondition(std::size_t column, Kind comparison, sqlite3_value* value)
{
    constexpr Ticks kEnd = kMaxDateTime + 1;
    TimeCondition condition{column};
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        condition.to = condition.from;
        return condition;
    }
    Ticks notBefore = kEnd, behind = kEnd;
    if (sqlite3_value_type(value) != SQLITE_BLOB) {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
        const std::string_view text(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(value)));
        notBefore = firstTimeNotBefore(text);
        behind = firstTimeBehind(text);
    }
    if (comparison == Kind::Equal || comparison == Kind::GreaterOrEqual)
        condition.from = notBefore;
    if (comparison == Kind::Greater)
        condition.from = behind;
    if (comparison == Kind::Less)
        condition.to = notBefore;
    if (comparison == Kind::Equal || comparison == Kind::LessOrEqual)
        condition.to = behind;
    return condition;
}

/// The value as one of the column's type; nothing if SQLite would compare it some other way.
std::optional<Value> valueFor(DataType type, sqlite3_value* value)
{
    const int given = sqlite3_value_type(value);
    if ((type == DataType::Int || type == DataType::Long) && given == SQLITE_INTEGER)
        return Value::int64(sqlite3_value_int64(value));
    if (given != SQLITE_TEXT || isInteger(type))
        return std::nullopt;
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
    const std::string_view text(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(value)));
    if (type == DataType::String)
        return Value::string(std::string(text));
    const auto guid = parseGuid(text);
    return guid ? std::optional(Value::guid(*guid)) : std::nullopt;
}

} // namespace

int chooseConstraints(sqlite3_index_info& info, std::span<const DataType> columns, std::uint64_t rows)
{
    std::string chosen;
    int arguments = 0;
    double expected = static_cast<double>(rows);
    for (int i = 0; i < info.nConstraint; ++i) {
        const auto& constraint = info.aConstraint[i];
        const Comparison* comparison = comparisonOf(constraint.op);
        if (!constraint.usable || !comparison || constraint.iColumn < 0)
            continue;
        const DataType type = columns[static_cast<std::size_t>(constraint.iColumn)];
        const char* collation = sqlite3_vtab_collation(&info, i);
        if (!isUseful(type, comparison->kind) || !collation || std::string_view(collation) != "BINARY")
            continue;
        chosen += std::to_string(constraint.iColumn);
        chosen += comparison->sign;
        chosen += ' ';
        info.aConstraintUsage[i].argvIndex = ++arguments;
        info.aConstraintUsage[i].omit = type == DataType::DateTime; // exact; the others SQLite looks at again
        expected /= comparison->kind == Kind::Equal ? 50 : 3;
    }
    info.idxStr = sqlite3_mprintf("%s", chosen.c_str());
    if (!info.idxStr)
        return SQLITE_NOMEM;
    info.needToFreeIdxStr = 1;
    info.idxNum = arguments;
    info.estimatedRows = static_cast<sqlite3_int64>(expected) + 1;
    info.estimatedCost = expected * (info.colUsed ? 2 : 1) + 10;
    return SQLITE_OK;
}

RowQuestion questionFrom(std::string_view chosen, std::span<sqlite3_value* const> values, const SegmentTableContent& content, std::size_t declared)
{
    RowQuestion question;
    for (sqlite3_value* value : values) {
        std::size_t column = 0;
        const auto number = std::from_chars(chosen.data(), chosen.data() + chosen.size(), column);
        chosen.remove_prefix(static_cast<std::size_t>(number.ptr - chosen.data()));
        const std::string_view sign = chosen.substr(0, chosen.find(' '));
        chosen.remove_prefix(sign.size() + 1);
        const Kind comparison = std::find_if(std::begin(kComparisons), std::end(kComparisons), [sign](const Comparison& candidate) { return candidate.sign == sign; })->kind;
        const bool isIngestion = column == declared;
        if (isIngestion || content.schema.columns[column].type == DataType::DateTime) {
            question.times.push_back(timeCondition(isIngestion ? content.schema.columns.size() : column, comparison, value));
            continue;
        }
        if (auto comparable = valueFor(content.schema.columns[column].type, value))
            question.predicates.push_back({column, comparison, {std::move(*comparable)}});
    }
    return question;
}

} // namespace tocsin::store
