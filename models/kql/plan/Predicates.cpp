// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/plan/Optimizer.h"

#include "column/Dynamic.h"
#include "kql/functions/support/Regex.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tocsin::kql {

namespace {

using catalog::ScanPredicate;

/// The condition's parts that must all hold.
void splitAnd(const Expression& condition, std::vector<const Expression*>& out)
{
    if (condition.kind == Expression::Kind::Call && condition.function->name == "and")
        for (const ExpressionPtr& part : condition.arguments)
            splitAnd(*part, out);
    else
        out.push_back(&condition);
}

/// The schema column behind an expression: a plain column of the scan, or one widened to compare (int as long …).
struct ColumnPlace {
    std::size_t schemaIndex;
    DataType type;
};
std::optional<ColumnPlace> columnPlace(const Expression& expression, const PlanNode& scan)
{
    const Expression* at = &expression;
    if (at->kind == Expression::Kind::Convert && isNumeric(at->type) && isNumeric(at->arguments[0]->type))
        at = at->arguments[0].get();
    if (at->kind != Expression::Kind::Column)
        return std::nullopt;
    for (std::size_t i = 0; i < scan.columns.size(); ++i)
        if (scan.columns[i].id == at->column && scan.scanColumns[i] < scan.source->schema().columns.size())
            return ColumnPlace{scan.scanColumns[i], scan.columns[i].type};
    return std::nullopt;
}

/// The value as the column's type, where that changes nothing of a comparison.
std::optional<Value> valueFor(const Value& value, DataType type)
{
    if (value.isNull())
        return std::nullopt;
    if (value.type() == type)
        return value;
    if (value.type() == DataType::Long && type == DataType::Int)
        return value.asLong() >= INT32_MIN && value.asLong() <= INT32_MAX ? std::optional(Value::int32(static_cast<std::int32_t>(value.asLong()))) : std::nullopt;
    if (value.type() == DataType::Int && type == DataType::Long)
        return Value::int64(value.asInt());
    if (value.type() == DataType::Real && isInteger(type)) {
        const double number = value.asReal();
        if (number == std::floor(number) && std::abs(number) < 2e9)
            return type == DataType::Int ? Value::int32(static_cast<std::int32_t>(number)) : Value::int64(static_cast<std::int64_t>(number));
    }
    return std::nullopt;
}

std::optional<Value> itemValue(DynamicView item, DataType type)
{
    switch (item.tag()) {
    case DynamicTag::Long: return valueFor(Value::int64(item.asLong()), type);
    case DynamicTag::Real: return valueFor(Value::real(item.asReal()), type);
    case DynamicTag::String: return type == DataType::String ? std::optional(Value::string(std::string(item.asString()))) : std::nullopt;
    case DynamicTag::DateTime: return type == DataType::DateTime ? std::optional(Value::dateTime(item.asLong())) : std::nullopt;
    case DynamicTag::Guid: return type == DataType::Guid ? std::optional(Value::guid(item.asGuid())) : std::nullopt;
    default: return std::nullopt;
    }
}

/// The constants behind the first argument, arrays taken apart; nothing if one is unknown or does not fit the column.
std::optional<std::vector<Value>> listValues(const Expression& call, DataType type)
{
    std::vector<Value> values;
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        const Expression& argument = *call.arguments[i];
        if (argument.kind != Expression::Kind::Literal)
            return std::nullopt;
        if (argument.type == DataType::Dynamic) {
            const std::string bytes = argument.value.isNull() ? std::string() : argument.value.asText();
            const DynamicView list(bytes);
            if (!list.isArray())
                return std::nullopt;
            for (std::size_t item = 0; item < list.size(); ++item) {
                auto value = itemValue(list.item(item), type);
                if (!value)
                    return std::nullopt;
                values.push_back(std::move(*value));
            }
        } else {
            auto value = valueFor(argument.value, type);
            if (!value)
                return std::nullopt;
            values.push_back(std::move(*value));
        }
    }
    return values;
}

bool anyEmptyText(const std::vector<Value>& values)
{
    return std::any_of(values.begin(), values.end(), [](const Value& v) { return v.type() == DataType::String && v.asText().empty(); });
}

std::optional<ScanPredicate::Kind> orderKind(std::string_view op, bool flipped)
{
    using Kind = ScanPredicate::Kind;
    if (op == "<")
        return flipped ? Kind::Greater : Kind::Less;
    if (op == "<=")
        return flipped ? Kind::GreaterOrEqual : Kind::LessOrEqual;
    if (op == ">")
        return flipped ? Kind::Less : Kind::Greater;
    if (op == ">=")
        return flipped ? Kind::LessOrEqual : Kind::GreaterOrEqual;
    return std::nullopt;
}

bool isPrunable(DataType type) { return type != DataType::Dynamic && type != DataType::Decimal && type != DataType::Bool; }

/// Text operators whose right side must be somewhere in the text.
bool impliesContains(std::string_view op)
{
    static constexpr std::array kOps = {"contains", "contains_cs", "startswith", "startswith_cs", "endswith", "endswith_cs", "hasprefix",
                                        "hasprefix_cs", "hassuffix", "hassuffix_cs", "=~"};
    return std::any_of(kOps.begin(), kOps.end(), [&](std::string_view name) { return name == op; });
}

void derivePart(const Expression& part, const PlanNode& scan, std::vector<ScanPredicate>& out);

/// `a == 1 or a == 2`, `a has "x" or a has "y"`: one predicate, if all are of one column and kind.
void deriveOr(const Expression& disjunction, const PlanNode& scan, std::vector<ScanPredicate>& out)
{
    std::optional<ScanPredicate> all;
    for (const ExpressionPtr& part : disjunction.arguments) {
        std::vector<ScanPredicate> one;
        derivePart(*part, scan, one);
        if (one.size() != 1)
            return;
        ScanPredicate& predicate = one[0];
        if (predicate.kind == ScanPredicate::Kind::HasTerm && predicate.values.size() == 1)
            predicate.kind = ScanPredicate::Kind::HasAnyTerm;
        if (predicate.kind != ScanPredicate::Kind::Equal && predicate.kind != ScanPredicate::Kind::HasAnyTerm)
            return;
        if (!all)
            all = std::move(predicate);
        else if (all->column != predicate.column || all->kind != predicate.kind)
            return;
        else
            all->values.insert(all->values.end(), predicate.values.begin(), predicate.values.end());
    }
    if (all)
        out.push_back(std::move(*all));
}

void deriveText(std::string_view op, const Expression& part, const ColumnPlace& place, std::vector<ScanPredicate>& out)
{
    const auto values = listValues(part, DataType::String);
    if (!values || values->empty() || anyEmptyText(*values))
        return;
    using Kind = ScanPredicate::Kind;
    if (op == "has" || op == "has_cs" || op == "has_all")
        out.push_back({place.schemaIndex, Kind::HasTerm, *values});
    else if (op == "has_any")
        out.push_back({place.schemaIndex, Kind::HasAnyTerm, *values});
    else if (impliesContains(op))
        out.push_back({place.schemaIndex, Kind::ContainsText, *values});
    else if (op == "matches regex")
        if (std::string text = requiredText(values->front().asText()); !text.empty())
            out.push_back({place.schemaIndex, Kind::ContainsText, {Value::string(std::move(text))}});
}

void derivePart(const Expression& part, const PlanNode& scan, std::vector<ScanPredicate>& out)
{
    if (part.kind != Expression::Kind::Call || part.arguments.empty())
        return;
    const std::string_view op = part.function->name;
    if (op == "or")
        return deriveOr(part, scan, out);
    if (part.arguments.size() < 2)
        return;
    using Kind = ScanPredicate::Kind;
    auto place = columnPlace(*part.arguments[0], scan);
    const bool flipped = !place && part.arguments.size() == 2;
    if (flipped)
        place = columnPlace(*part.arguments[1], scan);
    if (!place || !isPrunable(place->type))
        return;
    const Expression& other = *part.arguments[flipped ? 0 : 1];
    if (op == "==" || op == "!=" || orderKind(op, flipped)) {
        if (other.kind != Expression::Kind::Literal)
            return;
        const auto value = valueFor(other.value, place->type);
        if (value && op == "!=")
            out.push_back({place->schemaIndex, Kind::NotEqual, {*value}});
        else if (value && op == "==")
            out.push_back({place->schemaIndex, Kind::Equal, {*value}});
        else if (value && place->type != DataType::String)
            out.push_back({place->schemaIndex, *orderKind(op, flipped), {*value}});
        return;
    }
    if (flipped)
        return;
    if (op == "between") {
        const Expression& high = *part.arguments[2];
        if (other.kind == Expression::Kind::Literal)
            if (const auto value = valueFor(other.value, place->type))
                out.push_back({place->schemaIndex, Kind::GreaterOrEqual, {*value}});
        if (high.kind == Expression::Kind::Literal)
            if (const auto value = valueFor(high.value, place->type))
                out.push_back({place->schemaIndex, Kind::LessOrEqual, {*value}});
        return;
    }
    if (op == "in") {
        if (auto values = listValues(part, place->type); values && !values->empty())
            out.push_back({place->schemaIndex, Kind::Equal, std::move(*values)});
        return;
    }
    if (place->type == DataType::String)
        deriveText(op, part, *place, out);
}

} // namespace

std::vector<catalog::ScanPredicate> derivePredicates(const Expression& condition, const PlanNode& scan)
{
    std::vector<ScanPredicate> predicates;
    std::vector<const Expression*> parts;
    splitAnd(condition, parts);
    for (const Expression* part : parts)
        derivePart(*part, scan, predicates);
    return predicates;
}

} // namespace tocsin::kql
