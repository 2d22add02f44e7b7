// SPDX-License-Identifier: GPL-3.0-or-later
#include "QueryMaker.h"

#include "column/Dynamic.h"
#include "column/Vector.h"

#include <algorithm>
#include <limits>

namespace tocsin {
namespace {

using enum DataType;

constexpr DataType kTypes[] = {Bool, Long, Long, Real, String, String, DateTime, TimeSpan, Dynamic, Int, DataType::Decimal, DataType::Guid};

} // namespace

std::vector<QueryMaker::Column> QueryMaker::columns()
{
    return {{"b", Bool}, {"n", Long}, {"m", Long}, {"r", Real}, {"s", String}, {"u", String}, {"t", DateTime}, {"w", TimeSpan}, {"d", Dynamic}, {"z", Int}, {"c", DataType::Decimal}, {"q", DataType::Guid}};
}

std::string QueryMaker::pick(std::initializer_list<const char*> texts) { return texts.begin()[below(texts.size())]; }
DataType QueryMaker::pickType(std::initializer_list<DataType> types) { return types.begin()[below(types.size())]; }
DataType QueryMaker::anyType() { return kTypes[below(std::size(kTypes))]; }

bool QueryMaker::hasColumn(DataType type) const
{
    return std::any_of(m_columns.begin(), m_columns.end(), [type](const Column& c) { return c.type == type; });
}

std::string QueryMaker::columnOf(DataType type)
{
    std::vector<std::string> names;
    for (const Column& column : m_columns)
        if (column.type == type)
            names.push_back(column.name);
    return names.empty() ? literalOf(type) : names[below(names.size())];
}

/// A column that may be grouped or joined by, else "".
std::string QueryMaker::keyColumn()
{
    std::vector<std::string> names;
    for (const Column& column : m_columns)
        if (column.type != Dynamic)
            names.push_back(column.name);
    return names.empty() ? std::string() : names[below(names.size())];
}

std::string QueryMaker::literalOf(DataType type)
{
    switch (type) {
    case Bool: return pick({"true", "false", "bool(null)"});
    case Long: return pick({"0", "1", "-3", "7", "1000000", "long(null)", "9223372036854775807", "-4611686018427387904"});
    case Real: return pick({"0.5", "-1.25", "3.0", "real(null)", "1e9", "0.1", "real(nan)", "real(+inf)", "real(-inf)", "-0.0", "1e300"});
    case Int: return pick({"int(0)", "int(5)", "int(-2)", "int(2147483647)", "int(null)"});
    case DataType::Decimal: return pick({"decimal(0)", "decimal(1.5)", "decimal(-0.001)", "decimal(12345678901234567890)", "decimal(null)"});
    case DataType::Guid: return pick({"guid(00000000-0000-0000-0000-000000000001)", "guid(6c1b7a3e-1f6e-4f7e-9a51-0c5d1f6b8e22)", "guid(null)"});
    case String: return pick({"'ann'", "'Bob'", "''", "'a-b c'", "'x'"});
    case DateTime: return pick({"datetime(2024-01-01)", "datetime(2024-02-29 12:30)", "datetime(null)", "datetime(9999-12-31 23:59:59.9999999)", "datetime(0001-01-01)"});
    case TimeSpan: return pick({"1h", "90s", "-2d", "timespan(null)", "10675199d", "1tick"});
    default: return pick({"dynamic([1,2])", "dynamic({'k':1})", "dynamic('x')", "dynamic(null)"});
    }
}

std::string QueryMaker::expression(DataType type, int depth)
{
    if (depth <= 0 || chance(25))
        return hasColumn(type) && chance(75) ? columnOf(type) : literalOf(type);
    const auto sub = [&](DataType t) { return expression(t, depth - 1); };
    if (chance(10))
        return "iff(" + sub(Bool) + ", " + sub(type) + ", " + sub(type) + ")";
    if (chance(6) && type != Dynamic)
        return "coalesce(" + sub(type) + ", " + sub(type) + ")";
    switch (type) {
    case Bool:
        switch (below(13)) {
        case 9: return "(" + sub(String) + pick({" in~ (", " has_any (", " !in~ ("}) + literalOf(String) + ", " + literalOf(String) + "))";
        case 10: return "(" + sub(TimeSpan) + pick({" < ", " == ", " >= "}) + sub(TimeSpan) + ")";
        case 11: return "(" + sub(DataType::Decimal) + pick({" < ", " == ", " != "}) + sub(DataType::Decimal) + ")";
        case 12: return "(" + sub(Long) + " between (" + literalOf(Long) + " .. " + literalOf(Long) + "))";
        case 0: return "(" + sub(Bool) + " and " + sub(Bool) + ")";
        case 1: return "(" + sub(Bool) + " or " + sub(Bool) + ")";
        case 2: return "not(" + sub(Bool) + ")";
        case 3: return "(" + sub(Long) + pick({" == ", " != ", " < ", " >= ", " > "}) + sub(Long) + ")";
        case 4: return "(" + sub(Real) + pick({" < ", " <= ", " != "}) + sub(Real) + ")";
        case 5: return "(" + sub(String) + pick({" == ", " =~ ", " has ", " contains ", " startswith ", " endswith ", " !has "}) + literalOf(String) + ")";
        case 6: return "(" + sub(DateTime) + pick({" < ", " >= "}) + sub(DateTime) + ")";
        case 7: return "isnull(" + sub(anyType()) + ")";
        default: return "(" + sub(Long) + pick({" in (", " !in ("}) + literalOf(Long) + ", " + literalOf(Long) + "))";
        }
    case Long:
        switch (below(10)) {
        case 6: return "datetime_diff('" + pick({"hour", "day", "month"}) + "', " + sub(DateTime) + ", " + sub(DateTime) + ")";
        case 7: return "indexof(" + sub(String) + ", " + literalOf(String) + ")";
        case 8: return "case(" + sub(Bool) + ", " + sub(Long) + ", " + sub(Bool) + ", " + sub(Long) + ", " + sub(Long) + ")";
        case 9: return "(" + sub(Int) + pick({" + ", " - ", " * "}) + sub(Int) + ")";
        case 0: return "(" + sub(Long) + pick({" + ", " - ", " * "}) + sub(Long) + ")";
        case 1: return "(" + sub(Long) + pick({" / ", " % "}) + sub(Long) + ")";
        case 2: return "strlen(" + sub(String) + ")";
        case 3: return "tolong(" + sub(anyType()) + ")";
        case 4: return "bin(" + sub(Long) + ", 3)";
        default: return "array_length(" + sub(Dynamic) + ")";
        }
    case Real:
        switch (below(7)) {
        case 4: return "(" + sub(TimeSpan) + " / " + sub(TimeSpan) + ")";
        case 5: return pick({"sqrt(", "exp(", "sign(", "ceiling("}) + sub(Real) + ")";
        case 6: return pick({"max_of(", "min_of("}) + sub(Real) + ", " + sub(Real) + ")";
        case 0: return "(" + sub(Real) + pick({" + ", " - ", " * ", " / "}) + sub(Real) + ")";
        case 1: return "todouble(" + sub(Long) + ")";
        case 2: return "abs(" + sub(Real) + ")";
        default: return "round(" + sub(Real) + ", 2)";
        }
    case String:
        switch (below(9)) {
        case 5: return "extract('([a-z]+)', 1, " + sub(String) + ")";
        case 6: return "format_datetime(" + sub(DateTime) + ", 'yyyy-MM-dd HH:mm')";
        case 7: return "gettype(" + sub(anyType()) + ")";
        case 8: return "tostring(" + sub(Dynamic) + pick({".k", "[0]", "['x'][0]"}) + ")";
        case 0: return "strcat(" + sub(String) + ", " + sub(String) + ")";
        case 1: return "tostring(" + sub(anyType()) + ")";
        case 2: return pick({"toupper(", "tolower(", "reverse(", "trim('a', "}) + sub(String) + ")";
        case 3: return "substring(" + sub(String) + ", 1, 2)";
        default: return "replace_string(" + sub(String) + ", 'a', 'zz')";
        }
    case DateTime:
        return chance(50) ? "(" + sub(DateTime) + pick({" + ", " - "}) + sub(TimeSpan) + ")" : pick({"startofday(", "startofweek(", "startofmonth("}) + sub(DateTime) + ")";
    case TimeSpan:
        if (chance(25))
            return "(" + sub(TimeSpan) + " * " + sub(Long) + ")";
        return chance(50) ? "(" + sub(DateTime) + " - " + sub(DateTime) + ")" : "(" + sub(TimeSpan) + pick({" + ", " - "}) + sub(TimeSpan) + ")";
    case Int: return "toint(" + sub(pickType({Long, Real, String})) + ")";
    case DataType::Decimal:
        return chance(50) ? "(" + sub(DataType::Decimal) + pick({" + ", " - "}) + sub(DataType::Decimal) + ")" : "todecimal(" + sub(pickType({Long, Int})) + ")";
    case DataType::Guid: return "toguid(" + sub(String) + ")";
    default:
        switch (below(8)) {
        case 4: return "array_concat(" + sub(Dynamic) + ", " + sub(Dynamic) + ")";
        case 5: return "set_union(" + sub(Dynamic) + ", " + sub(Dynamic) + ")";
        case 6: return "array_sort_asc(" + sub(Dynamic) + ")";
        case 7: return "bag_merge(" + sub(Dynamic) + ", " + sub(Dynamic) + ")";
        case 0: return "bag_pack('k', " + sub(Long) + ", 's', " + sub(String) + ")";
        case 1: return "pack_array(" + sub(Long) + ", " + sub(String) + ")";
        case 2: return "todynamic(" + sub(String) + ")";
        default: return "split(" + sub(String) + ", 'a')";
        }
    }
}

std::string QueryMaker::aggregate(DataType& type)
{
    const auto value = [&](DataType t) { return expression(t, 1); };
    switch (below(20)) {
    case 14: type = DataType::Decimal; return pick({"sum(", "max(", "min("}) + value(DataType::Decimal) + ")";
    case 15: type = TimeSpan; return pick({"sum(", "max(", "avg("}) + columnOf(TimeSpan) + ")";
    case 16: type = DateTime; return pick({"max(", "min("}) + value(DateTime) + ")";
    case 17: type = Real; return pick({"max(", "min("}) + value(Real) + ")";
    case 18: type = Long; return "count_distinct(" + value(pickType({Long, String, DataType::Guid})) + ")";
    case 19: type = Dynamic; return "make_list_with_nulls(" + value(pickType({Long, Bool, DataType::Guid})) + ")";
    case 0: type = Long; return "count()";
    case 1: type = Long; return "sum(" + value(Long) + ")";
    case 2: type = Real; return "sum(" + value(Real) + ")";
    case 3: type = Real; return "avg(" + value(chance(50) ? Real : Long) + ")";
    case 4: type = String; return "take_any(" + columnOf(String) + ")";
    case 5: type = Dynamic; return "make_list(" + value(anyType()) + (chance(30) ? ", 5)" : ")");
    case 6: type = Dynamic; return "make_set(" + value(anyType()) + (chance(30) ? ", 4)" : ")");
    case 7: type = Real; return pick({"stdev(", "variance(", "stdevp("}) + value(Real) + ")";
    case 8: type = Long; return "dcount(" + value(anyType()) + ")";
    case 9: type = Long; return "countif(" + value(Bool) + ")";
    case 10: type = Long; return pick({"min(", "max("}) + value(Long) + ")";
    case 11: type = Dynamic; return "make_bag(bag_pack(" + value(String) + ", " + value(Long) + "))";
    case 12: type = Real; return "percentile(" + value(Real) + ", 50)";
    default: type = Dynamic; return "make_list_if(" + value(Long) + ", " + value(Bool) + ")";
    }
}

std::string QueryMaker::summarize()
{
    std::vector<Column> columns;
    std::string keys;
    for (std::size_t i = below(3); i > 0; --i) {
        const DataType type = std::initializer_list<DataType>{Bool, Long, String, DateTime}.begin()[below(4)];
        columns.push_back({newName(), type});
        keys += (keys.empty() ? " by " : ", ") + columns.back().name + " = " + (type == DateTime ? "bin(" + columnOf(DateTime) + ", 1h)" : expression(type, 1));
    }
    std::string results;
    if (chance(25)) { // ties are likely: the extreme of a small domain
        const std::string by = columnOf(Long), other = columnOf(String);
        const std::string first = newName(), second = newName();
        results = "(" + first + ", " + second + ") = " + pick({"arg_max(", "arg_min("}) + by + " % 3, " + other + ")";
        columns.push_back({first, Long});
        columns.push_back({second, String});
    }
    for (std::size_t i = 1 + below(3); i > 0; --i) {
        DataType type = Long;
        const std::string call = aggregate(type);
        columns.push_back({newName(), type});
        results += (results.empty() ? "" : ", ") + columns.back().name + " = " + call;
    }
    m_columns = std::move(columns);
    return "summarize " + results + keys;
}

std::string QueryMaker::join()
{
    const std::string key = columnOf(String);
    if (!hasColumn(String))
        return "take 50";
    const std::string own = newName(), theirs = newName();
    const bool semi = chance(25);
    const std::string kind = semi ? pick({"leftsemi", "leftanti"}) : pick({"inner", "leftouter", "rightouter", "fullouter", "innerunique"});
    const std::string text = "extend " + own + " = " + key + " | join kind=" + kind + " (B | project " + own + " = u, " + theirs + " = n | take " + std::to_string(1 + below(40)) + ") on " + own;
    m_columns.push_back({own, String});
    if (!semi)
        m_columns.push_back({theirs, Long});
    return text;
}

std::string QueryMaker::expand()
{
    const std::string name = newName();
    const std::string text = "mv-expand " + name + " = " + expression(Dynamic, 1) + (chance(50) ? " to typeof(string)" : "");
    m_columns.push_back({name, text.ends_with(")") && text.find("typeof(string)") != std::string::npos ? String : Dynamic});
    return text;
}

std::string QueryMaker::sorted()
{
    const std::string key = keyColumn();
    if (key.empty()) {
        m_columns = {{"Count", Long}};
        return "count";
    }
    const std::string text = "sort by " + key + pick({" asc", " desc", " asc nulls last", ""});
    if (!chance(40))
        return text;
    const std::string name = newName();
    const std::string of = columnOf(Long);
    m_columns.push_back({name, Long});
    return text + " | extend " + name + " = " + pick({"row_number()", "row_cumsum(1)"}) + (chance(30) ? " + coalesce(prev(" + of + "), 0)" : "");
}

std::string QueryMaker::dropColumns(std::size_t keep)
{
    std::string names;
    std::vector<Column> kept;
    for (const Column& column : m_columns)
        if (kept.size() < keep && chance(60)) {
            names += (names.empty() ? "" : ", ") + column.name;
            kept.push_back(column);
        }
    if (kept.empty())
        return "take 100";
    m_columns = std::move(kept);
    return "project " + names;
}

std::string QueryMaker::step()
{
    switch (below(26)) {
    case 14: return series();
    case 15: return nestedTops();
    case 16: return window();
    case 17: return parsed();
    case 18: return partitioned();
    case 19: return reshaped();
    case 20: return lookedUp();
    case 21: return applied();
    case 22: return scanned();
    case 23: return "where " + subqueryCondition();
    case 24: return replaced();
    case 0:
    case 1:
    case 2: return "where " + expression(Bool, 2);
    case 3:
    case 4: {
        const DataType type = anyType();
        const std::string name = newName();
        const std::string text = "extend " + name + " = " + expression(type, 2);
        m_columns.push_back({name, type});
        return text;
    }
    case 5: return dropColumns(1 + below(6));
    case 6:
    case 7: return summarize();
    case 8: return sorted();
    case 9: {
        const std::string key = keyColumn();
        return key.empty() ? "take 7" : "top " + std::to_string(below(30)) + " by " + key + pick({" asc", " desc"});
    }
    case 10: return "take " + std::to_string(below(60));
    case 11: return join();
    case 12: return expand();
    default: {
        const std::string key = keyColumn();
        if (key.empty())
            return "take 9";
        m_columns = {*std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == key; })};
        return "distinct " + key;
    }
    }
}

std::string QueryMaker::series()
{
    if (!hasColumn(DateTime) || !hasColumn(Long))
        return "where true";
    const std::string key = keyColumn();
    const bool keyed = chance(60) && key != columnOf(DateTime) && !key.empty();
    const Column group = *std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == key || !keyed; });
    const std::string a = newName(), b = newName(), axis = columnOf(DateTime);
    std::string text = "make-series " + a + " = count(), " + b + " = sum(" + columnOf(Long) + ") default = " + pick({"0", "-1", "long(null)"}) + " on " + axis + " from datetime(2024-01-01) to datetime(2024-02-01) step " +
                       pick({"1d", "12h", "7d"});
    if (keyed && group.name != axis)
        text += " by " + group.name;
    const bool hasGroup = keyed && group.name != axis;
    m_columns = {{a, Dynamic}, {b, Dynamic}};
    if (hasGroup)
        m_columns.push_back(group);
    return text;
}

std::string QueryMaker::nestedTops()
{
    const std::string key = keyColumn();
    if (key.empty() || !hasColumn(Long))
        return "where true";
    const DataType type = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == key; })->type;
    const std::string value = newName(), result = newName();
    const std::string text = "top-nested " + std::to_string(1 + below(5)) + " of " + value + " = " + key + " by " + result + " = " + pick({"count()", "max(1)"}) + pick({"", " desc", " asc"});
    m_columns = {{value, type}, {result, Long}};
    return text;
}

/// Rows in a full order, so that ties do not matter, then functions that look at neighbours.
std::string QueryMaker::window()
{
    std::string order;
    for (const Column& column : m_columns)
        if (column.type != Dynamic)
            order += (order.empty() ? "" : ", ") + column.name + pick({" asc", " desc"});
    if (order.empty()) {
        m_columns = {{"Count", Long}};
        return "count";
    }
    const std::string of = columnOf(Long), name = newName();
    m_columns.push_back({name, Long});
    const std::string function = std::initializer_list<std::string>{"row_number(3)", "row_cumsum(coalesce(" + of + ", 0) % 10)", "row_rank_dense(" + of + ")", "next(" + of + ")", "prev(" + of + ", 2, -1)"}.begin()[below(5)];
    return "sort by " + order + " | extend " + name + " = " + function;
}

std::string QueryMaker::parsed()
{
    if (!hasColumn(String))
        return "where true";
    const std::string first = newName(), second = newName();
    const std::string text = pick({"parse ", "parse-where ", "parse kind=relaxed "}) + columnOf(String) + " with " + first + " '" + pick({"o", "-", " ", "b"}) + "' " + second;
    m_columns.push_back({first, String});
    m_columns.push_back({second, String});
    return text;
}

std::string QueryMaker::partitioned()
{
    const std::string key = keyColumn();
    if (key.empty())
        return "where true";
    const std::string by = keyColumn();
    const bool few = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == key; })->type == Bool;
    return "partition hint.strategy=" + std::string(few && chance(30) ? "legacy" : "native") + " by " + key + " (top " + std::to_string(1 + below(4)) + " by " + by + pick({" asc", " desc"}) + ")";
}

std::string QueryMaker::reshaped()
{
    switch (below(4)) {
    case 0: m_columns = {{"Count", Long}}; return "count";
    case 1: m_columns = {{"Row", Long}, {"Column", String}, {"Value", String}}; return "evaluate narrow()";
    case 2: {
        std::string names;
        std::vector<Column> kept;
        for (const Column& column : m_columns)
            if (column.type != Dynamic && kept.size() < 3) {
                names += (names.empty() ? "" : ", ") + column.name;
                kept.push_back(column);
            }
        if (kept.empty())
            return "where true";
        m_columns = kept;
        return "distinct " + names;
    }
    default: {
        const std::size_t at = below(m_columns.size());
        const std::string name = newName();
        const std::string text = "project-rename " + name + " = " + m_columns[at].name;
        m_columns[at].name = name;
        return text;
    }
    }
}

std::string QueryMaker::lookedUp()
{
    if (!hasColumn(Long))
        return "where true";
    const std::string key = columnOf(Long), name = newName(), value = newName();
    const std::string text = "extend " + name + " = " + key + " % 5 | lookup kind=" + pick({"leftouter", "inner"}) + " (B | summarize " + value + " = " + pick({"count()", "max(m)"}) + " by " + name + " = n % 5) on " + name;
    m_columns.push_back({name, Long});
    m_columns.push_back({value, Long});
    return text;
}

std::string QueryMaker::applied()
{
    const std::string name = newName(), result = newName();
    const std::string text = "mv-apply " + name + " = " + expression(Dynamic, 1) + " to typeof(long) on (" + pick({"summarize " , "where true | summarize "}) + result + " = " + pick({"sum(", "max("}) + name + "))";
    m_columns.push_back({result, Long});
    return text;
}

std::string QueryMaker::scanned()
{
    std::string order;
    for (const Column& column : m_columns)
        if (column.type != Dynamic)
            order += (order.empty() ? "" : ", ") + column.name + pick({" asc", " desc"});
    if (order.empty() || !hasColumn(Long))
        return "where true";
    const std::string name = newName(), of = columnOf(Long);
    m_columns.push_back({name, Long});
    return "sort by " + order + " | scan declare (" + name + ":long = 0) with (step a: true => " + name + " = a." + name + " + coalesce(" + of + " % 100, 0);)";
}

std::string QueryMaker::subqueryCondition()
{
    switch (below(3)) {
    case 0: return columnOf(String) + pick({" in (", " !in ("}) + "(B | where n > " + literalOf(Long) + " | project s))";
    case 1: return columnOf(Long) + pick({" >= ", " < "}) + "toscalar(B | summarize " + pick({"min(n)", "max(n)", "count()"}) + ")";
    default: return "tostring(" + columnOf(Dynamic) + ")" + pick({" has ", " contains ", " !contains "}) + "'x'";
    }
}

/// A column changed where it stands, also to another type.
std::string QueryMaker::replaced()
{
    Column& column = m_columns[below(m_columns.size())];
    const DataType type = anyType();
    const std::string text = "extend " + column.name + " = " + expression(type, 2);
    column.type = type;
    return text;
}

std::string QueryMaker::source()
{
    m_columns = columns();
    switch (below(7)) {
    case 5: return "let P = materialize(A | where " + expression(Bool, 1) + "); union P, (P | take 20)";
    case 6: return "let f = (T:(n:long, s:string)) { T | where n > 0 }; A | where " + expression(Bool, 1);
    case 0: return "union A, B";
    case 1: return "B";
    case 2: return "union (A | where " + expression(Bool, 1) + "), (B | take " + std::to_string(below(100)) + ")";
    default: return "A";
    }
}

std::string QueryMaker::query(int operators)
{
    m_names = 0;
    std::string text = source();
    for (int i = 0; i < operators; ++i)
        text += " | " + step();
    return text;
}

Batch QueryMaker::rows(std::size_t count)
{
    TypedBuilder<Bool> flags;
    TypedBuilder<Long> small, wide;
    TypedBuilder<Real> reals;
    TypedBuilder<String> names, words;
    TypedBuilder<DateTime> times;
    TypedBuilder<TimeSpan> spans;
    TypedBuilder<Dynamic> bags;
    TypedBuilder<Int> ints;
    TypedBuilder<DataType::Decimal> decimals;
    TypedBuilder<DataType::Guid> guids;
    const auto orNull = [&](auto& builder, auto value) { chance(8) ? builder.appendNull() : builder.append(value); };
    static constexpr std::string_view kNames[] = {"ann", "Bob", "cid", "a-b c", "", "Ann", "x", "bob.smith"};
    static constexpr std::string_view kBags[] = {"[1,2,3]", "[]", "{\"k\":1,\"x\":[1]}", "\"x\"", "7", "{\"k\":null}", "[\"a\",null,2.5]"};
    for (std::size_t i = 0; i < count; ++i) {
        orNull(flags, static_cast<std::uint8_t>(below(2)));
        orNull(small, static_cast<std::int64_t>(below(9)) - 2);
        orNull(wide, chance(3) ? std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(below(3)) : static_cast<std::int64_t>(m_random() >> 20));
        static constexpr double kOdd[] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), -0.0, 1e300, 5e-324};
        const double real = static_cast<double>(static_cast<std::int64_t>(below(200'000)) - 100'000) / 1000 * (chance(3) ? 1e12 : 1);
        orNull(reals, m_odd && chance(6) ? kOdd[below(std::size(kOdd))] : real);
        names.append(kNames[below(std::size(kNames))]);
        words.append(kNames[below(std::size(kNames))]);
        orNull(times, 638'396'640'000'000'000 + static_cast<Ticks>(below(100'000)) * kTicksPerMinute);
        orNull(spans, m_odd && chance(4) ? std::numeric_limits<Ticks>::max() - static_cast<Ticks>(below(9)) : static_cast<Ticks>(below(10'000)) * kTicksPerMinute);
        const auto bag = dynamicFromJson(kBags[below(std::size(kBags))]);
        orNull(bags, std::string_view(*bag));
        orNull(ints, static_cast<std::int32_t>(below(20)) - 5);
        orNull(decimals, tocsin::Decimal(static_cast<std::int64_t>(below(1000)) - 500));
        tocsin::Guid guid{};
        guid.bytes[15] = static_cast<std::uint8_t>(below(4));
        orNull(guids, guid);
    }
    Batch batch;
    batch.storedRows = count;
    batch.columns = {flags.finish(), small.finish(), wide.finish(), reals.finish(), names.finish(), words.finish(), times.finish(), spans.finish(), bags.finish(), ints.finish(), decimals.finish(), guids.finish()};
    return batch;
}

} // namespace tocsin
