// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/ResultNames.h"

#include "kql/functions/Declaration.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

/// Functions whose result is named after their first argument.
constexpr std::array kLikeArgument = {
    "split", "tostring", "tohex", "todynamic", "toobject", "tolong", "toint", "toreal", "todouble", "todatetime", "totimespan", "totime",
    "tobool", "toboolean", "todecimal", "toguid", "parse_csv", "parsejson", "parse_json", "parse_xml", "format_datetime", "format_timespan",
    "startofday", "bin", "floor", "bin_at", "bin_auto", "binary_and", "binary_or", "binary_xor", "binary_not", "binary_shift_right",
    "binary_shift_left", "bitset_count_ones", "series_fir", "series_outliers", "series_iir", "series_fill_backward", "series_fill_forward",
    "series_fill_const", "series_fill_linear", "round", "ceiling", "pow", "sqrt", "log", "log2", "log10", "exp", "exp2", "exp10", "cos", "sin",
    "tan", "acos", "asin", "atan", "atan2", "abs", "rand", "gamma", "loggamma", "erf", "erfc", "format_bytes",
    // aggregates
    "take_any", "any", "take_anyif", "anyif", "binary_all_or", "binary_all_and", "binary_all_xor"};

struct Prefixed {
    std::string_view function, prefix;
};
/// Functions whose result is named after themselves and their first argument.
constexpr Prefixed kPrefixed[] = {
    {"strlen", "strlen"}, {"string_size", "string_size"}, {"percentile_tdigest", "percentile_tdigest"}, {"dcount_hll", "dcount_hll"},
    {"gettype", "type"}, {"treepath", "tree"}, {"repeat", "repeat"}, {"percentiles_array_tdigest", "percentile_tdigest"}};

std::string impliedCallName(const ExpressionSyntax& call)
{
    if (call.arguments[0]->kind != ExpressionSyntax::Kind::Name)
        return {};
    const std::string_view function = call.arguments[0]->name.text;
    if (function == "ingestion_time")
        return "$IngestionTime";
    if (function == "hll_merge")
        return "hll_merged_result";
    if (function == "tdigest_merge" || function == "merge_tdigest")
        return "tdigests_merge_result";
    if (call.arguments.size() < 2)
        return {};
    const ExpressionSyntax& first = *call.arguments[1];
    if ((function == "column_ifexists" || function == "columnifexists") && first.kind == ExpressionSyntax::Kind::Literal && first.value.type() == DataType::String)
        return first.value.asText();
    if (std::find(kLikeArgument.begin(), kLikeArgument.end(), function) != kLikeArgument.end())
        return impliedName(first);
    if ((function == "make_datetime" || function == "make_timespan") && call.arguments.size() == 2)
        return impliedName(first);
    for (const Prefixed& candidate : kPrefixed)
        if (candidate.function == function) {
            const std::string inner = impliedName(first);
            return inner.empty() ? inner : std::string(candidate.prefix) + "_" + inner;
        }
    return {};
}

} // namespace

std::string impliedName(const ExpressionSyntax& expression)
{
    using Kind = ExpressionSyntax::Kind;
    switch (expression.kind) {
    case Kind::Name: return expression.name.text;
    case Kind::Parenthesis: return impliedName(*expression.arguments[0]);
    case Kind::Call: return impliedCallName(expression);
    case Kind::Member: {
        const ExpressionSyntax& base = *expression.arguments[0];
        if (base.kind == Kind::Name && (base.name.text == "$left" || base.name.text == "$right"))
            return expression.name.text;
        const std::string inner = impliedName(base);
        return inner.empty() ? inner : inner + "_" + expression.name.text;
    }
    case Kind::Index: {
        const std::string inner = impliedName(*expression.arguments[0]);
        const ExpressionSyntax& key = *expression.arguments[1];
        if (inner.empty() || key.kind != Kind::Literal)
            return key.kind == Kind::Literal ? std::string() : inner;
        std::string suffix = key.value.toString();
        std::replace_if(suffix.begin(), suffix.end(), [](char c) { return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'); }, '_');
        return inner + "_" + suffix;
    }
    default: return {};
    }
}

std::string impliedAggregateName(const ExpressionSyntax& expression, const FunctionRegistry& functions)
{
    using Kind = ExpressionSyntax::Kind;
    if (expression.kind == Kind::Parenthesis)
        return impliedAggregateName(*expression.arguments[0], functions);
    if (expression.kind != Kind::Call || expression.arguments[0]->kind != Kind::Name || expression.arguments.size() < 2)
        return impliedName(expression);
    const std::string_view function = expression.arguments[0]->name.text;
    const ExpressionSyntax& first = *expression.arguments[1];
    if (std::find(kLikeArgument.begin(), kLikeArgument.end(), function) == kLikeArgument.end())
        return {};
    if (first.kind == Kind::Call && first.arguments[0]->kind == Kind::Name)
        if (const AggregateFunction* aggregate = functions.findAggregate(first.arguments[0]->name.text)) {
            const std::string_view name = first.arguments[0]->name.text;
            if (name == "take_any" || name == "arg_max" || name == "arg_min" || name == "take_anyif")
                return {};
            const ExpressionSyntax* argument = first.arguments.size() > 1 && first.arguments[1]->kind != Kind::Star ? first.arguments[1] : nullptr;
            return aggregateName(aggregate->prefix.empty() ? aggregate->name : aggregate->prefix, argument);
        }
    return impliedAggregateName(first, functions);
}

std::string aggregateName(std::string_view prefix, const ExpressionSyntax* argument)
{
    return std::string(prefix) + "_" + (argument ? impliedName(*argument) : std::string());
}

std::vector<std::pair<std::string_view, DataType>> tupleMembers(const ExpressionSyntax& expression)
{
    using enum DataType;
    if (expression.kind != ExpressionSyntax::Kind::Call || expression.arguments[0]->kind != ExpressionSyntax::Kind::Name)
        return {};
    const std::string_view name = expression.arguments[0]->name.text;
    if (name == "series_fit_line")
        return {{"rsquare", Real}, {"slope", Real}, {"variance", Real}, {"rvariance", Real}, {"interception", Real}, {"line_fit", Dynamic}};
    if (name == "series_fit_2lines")
        return {{"rsquare", Real}, {"split_idx", Long}, {"variance", Real}, {"rvariance", Real}, {"line_fit", Dynamic},
                {"right_rsquare", Real}, {"right_slope", Real}, {"right_interception", Real}, {"right_variance", Real}, {"right_rvariance", Real},
                {"left_rsquare", Real}, {"left_slope", Real}, {"left_interception", Real}, {"left_variance", Real}, {"left_rvariance", Real}};
    if (name == "series_fit_poly")
        return {{"rsquare", Real}, {"coefficients", Dynamic}, {"variance", Real}, {"rvariance", Real}, {"poly_fit", Dynamic}};
    if (name == "series_stats")
        return {{"min", Real}, {"min_idx", Long}, {"max", Real}, {"max_idx", Long}, {"avg", Real}, {"stdev", Real}, {"variance", Real}};
    if (name == "series_decompose")
        return {{"baseline", Dynamic}, {"seasonal", Dynamic}, {"trend", Dynamic}, {"residual", Dynamic}};
    if (name == "series_decompose_anomalies")
        return {{"ad_flag", Dynamic}, {"ad_score", Dynamic}, {"baseline", Dynamic}};
    if (name == "series_decompose_forecast")
        return {{"baseline", Dynamic}, {"seasonal", Dynamic}, {"trend", Dynamic}, {"residual", Dynamic}};
    if ((name == "array_sort_asc" || name == "array_sort_desc") && expression.arguments.size() > 2) {
        // As many columns as arrays; an order of nulls may stand behind them.
        std::size_t arrays = expression.arguments.size() - 1;
        if (expression.arguments.back()->kind == ExpressionSyntax::Kind::Literal && expression.arguments.back()->value.type() == Bool)
            --arrays;
        return arrays > 1 ? std::vector<std::pair<std::string_view, DataType>>(arrays, {"", Dynamic}) : std::vector<std::pair<std::string_view, DataType>>();
    }
    if (name == "series_periods_detect")
        return {{"periods", Dynamic}, {"scores", Dynamic}};
    if (name == "series_periods_validate")
        return {{"periods", Dynamic}, {"scores", Dynamic}};
    if (name == "series_fft" || name == "series_ifft")
        return {{"real", Dynamic}, {"imag", Dynamic}};
    return {};
}

std::string NameTable::unique(const std::string& wanted, bool made)
{
    std::string name = wanted;
    for (int i = 1; !m_names.insert(name).second; ++i)
        name = wanted + std::to_string(i);
    if (made)
        m_made.insert(name);
    return name;
}

std::string NameTable::nextColumn()
{
    std::string name;
    do
        name = "Column" + std::to_string(m_nextColumn++);
    while (m_names.contains(name) || m_avoided.contains(name));
    m_names.insert(name);
    return name;
}

} // namespace tocsin::kql
