// SPDX-License-Identifier: GPL-3.0-or-later
#include "QueryMaker.h"

#include "column/Dynamic.h"
#include "column/Vector.h"

#include <algorithm>

namespace tocsin {
namespace {

using enum DataType;

constexpr DataType kTypes[] = {Bool, Long, Real, String, DateTime, TimeSpan, Dynamic};

} // namespace

std::vector<QueryMaker::Column> QueryMaker::columns()
{
    return {{"b", Bool}, {"n", Long}, {"m", Long}, {"r", Real}, {"s", String}, {"u", String}, {"t", DateTime}, {"w", TimeSpan}, {"d", Dynamic}};
}

std::string QueryMaker::pick(std::initializer_list<const char*> texts) { return texts.begin()[below(texts.size())]; }
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
    case Long: return pick({"0", "1", "-3", "7", "1000000", "long(null)"});
    case Real: return pick({"0.5", "-1.25", "3.0", "real(null)", "1e9", "0.1"});
    case String: return pick({"'ann'", "'Bob'", "''", "'a-b c'", "'x'"});
    case DateTime: return pick({"datetime(2024-01-01)", "datetime(2024-02-29 12:30)", "datetime(null)"});
    case TimeSpan: return pick({"1h", "90s", "-2d", "timespan(null)"});
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
        switch (below(9)) {
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
        switch (below(6)) {
        case 0: return "(" + sub(Long) + pick({" + ", " - ", " * "}) + sub(Long) + ")";
        case 1: return "(" + sub(Long) + pick({" / ", " % "}) + sub(Long) + ")";
        case 2: return "strlen(" + sub(String) + ")";
        case 3: return "tolong(" + sub(anyType()) + ")";
        case 4: return "bin(" + sub(Long) + ", 3)";
        default: return "array_length(" + sub(Dynamic) + ")";
        }
    case Real:
        switch (below(4)) {
        case 0: return "(" + sub(Real) + pick({" + ", " - ", " * ", " / "}) + sub(Real) + ")";
        case 1: return "todouble(" + sub(Long) + ")";
        case 2: return "abs(" + sub(Real) + ")";
        default: return "round(" + sub(Real) + ", 2)";
        }
    case String:
        switch (below(5)) {
        case 0: return "strcat(" + sub(String) + ", " + sub(String) + ")";
        case 1: return "tostring(" + sub(anyType()) + ")";
        case 2: return pick({"toupper(", "tolower(", "reverse(", "trim('a', "}) + sub(String) + ")";
        case 3: return "substring(" + sub(String) + ", 1, 2)";
        default: return "replace_string(" + sub(String) + ", 'a', 'zz')";
        }
    case DateTime:
        return chance(50) ? "(" + sub(DateTime) + pick({" + ", " - "}) + sub(TimeSpan) + ")" : pick({"startofday(", "startofweek(", "startofmonth("}) + sub(DateTime) + ")";
    case TimeSpan:
        return chance(50) ? "(" + sub(DateTime) + " - " + sub(DateTime) + ")" : "(" + sub(TimeSpan) + pick({" + ", " - "}) + sub(TimeSpan) + ")";
    default:
        switch (below(4)) {
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
    switch (below(14)) {
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
    if (key.empty())
        return "count";
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
    switch (below(14)) {
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

std::string QueryMaker::source()
{
    m_columns = columns();
    switch (below(5)) {
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
    const auto orNull = [&](auto& builder, auto value) { chance(8) ? builder.appendNull() : builder.append(value); };
    static constexpr std::string_view kNames[] = {"ann", "Bob", "cid", "a-b c", "", "Ann", "x", "bob.smith"};
    static constexpr std::string_view kBags[] = {"[1,2,3]", "[]", "{\"k\":1,\"x\":[1]}", "\"x\"", "7", "{\"k\":null}", "[\"a\",null,2.5]"};
    for (std::size_t i = 0; i < count; ++i) {
        orNull(flags, static_cast<std::uint8_t>(below(2)));
        orNull(small, static_cast<std::int64_t>(below(9)) - 2);
        orNull(wide, static_cast<std::int64_t>(m_random() >> 20));
        orNull(reals, static_cast<double>(static_cast<std::int64_t>(below(200'000)) - 100'000) / 1000 * (chance(3) ? 1e12 : 1));
        names.append(kNames[below(std::size(kNames))]);
        words.append(kNames[below(std::size(kNames))]);
        orNull(times, 638'396'640'000'000'000 + static_cast<Ticks>(below(100'000)) * kTicksPerMinute);
        orNull(spans, static_cast<Ticks>(below(10'000)) * kTicksPerMinute);
        const auto bag = dynamicFromJson(kBags[below(std::size(kBags))]);
        orNull(bags, std::string_view(*bag));
    }
    Batch batch;
    batch.storedRows = count;
    batch.columns = {flags.finish(), small.finish(), wide.finish(), reals.finish(), names.finish(), words.finish(), times.finish(), spans.finish(), bags.finish()};
    return batch;
}

} // namespace tocsin
