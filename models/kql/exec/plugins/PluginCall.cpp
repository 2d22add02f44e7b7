// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/PluginCall.h"

#include <fmt/format.h>

#include <utility>

namespace tocsin::kql {

const Expression* PluginCall::find(std::string_view parameter) const
{
    for (const Assignment& argument : node.assignments)
        if (argument.column.name == parameter)
            return argument.value.get();
    return nullptr;
}

Result<std::vector<Vector>> PluginCall::columns(std::string_view parameter, const Batch& rows)
{
    std::vector<Vector> found;
    RowSet set(rows);
    for (const Assignment& argument : node.assignments)
        if (argument.column.name == parameter) {
            TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*argument.value, m_layout, run));
            TOCSIN_TRY_ASSIGN(Vector values, evaluator.evaluate(set));
            found.push_back(std::move(values));
        }
    return found;
}

Result<Vector> PluginCall::column(std::string_view parameter, const Batch& rows)
{
    TOCSIN_TRY_ASSIGN(std::vector<Vector> found, columns(parameter, rows));
    if (found.empty())
        return fail(kInternal, "a plugin lacks its argument " + std::string(parameter));
    return std::move(found[0]);
}

std::optional<std::size_t> PluginCall::place(std::string_view parameter) const
{
    const Expression* expression = find(parameter);
    if (!expression || expression->kind != Expression::Kind::Column)
        return std::nullopt;
    return m_layout.indexOf(expression->column);
}

Result<std::vector<Value>> PluginCall::constants(std::string_view parameter)
{
    std::vector<Value> found;
    for (const Assignment& argument : node.assignments)
        if (argument.column.name == parameter) {
            TOCSIN_TRY_ASSIGN(Value value, evaluateConstant(*argument.value, run));
            found.push_back(std::move(value));
        }
    return found;
}

Result<Value> PluginCall::constant(std::string_view parameter)
{
    TOCSIN_TRY_ASSIGN(std::vector<Value> found, constants(parameter));
    return found.empty() ? Value::null(DataType::String) : std::move(found[0]);
}

Result<double> PluginCall::real(std::string_view parameter, double fallback, double least, double most)
{
    if (!has(parameter))
        return fallback;
    TOCSIN_TRY_ASSIGN(const Value value, constant(parameter));
    const std::optional<double> number = realOf(value);
    if (!number || !(*number >= least && *number <= most))
        return std::unexpected(badValue(parameter, value.isNull() ? "null" : value.toString(), fmt::format("a number from {} to {}", least, most)));
    return *number;
}

Result<std::int64_t> PluginCall::whole(std::string_view parameter, std::int64_t fallback, std::int64_t least, std::int64_t most)
{
    TOCSIN_TRY_ASSIGN(const double number, real(parameter, static_cast<double>(fallback), static_cast<double>(least), static_cast<double>(most)));
    return static_cast<std::int64_t>(number);
}

Error PluginCall::badValue(std::string_view parameter, std::string is, std::string mustBe) const
{
    Error error = makeError(kPluginValue, std::string(name()), std::string(parameter), std::move(is), std::move(mustBe));
    error.at(node.span);
    return error;
}

RowWriter::RowWriter(const std::vector<PlanColumn>& columns, BatchCollector& out) : m_out(out)
{
    for (const PlanColumn& column : columns)
        m_builders.emplace_back(column.type);
}

Result<void> RowWriter::add(std::span<const Value> row)
{
    for (std::size_t i = 0; i < m_builders.size(); ++i) {
        if (i >= row.size() || row[i].isNull() || row[i].type() != m_builders[i].type())
            m_builders[i].appendNull();
        else
            m_builders[i].append(row[i]);
    }
    return ++m_rows < kBatchRows ? Result<void>() : finish();
}

Result<void> RowWriter::finish()
{
    Batch batch;
    batch.storedRows = std::exchange(m_rows, 0);
    for (VectorBuilder& builder : m_builders)
        batch.columns.push_back(builder.finish());
    return m_out.add(std::move(batch));
}

std::optional<double> realOf(const Value& value)
{
    if (value.isNull())
        return std::nullopt;
    switch (value.type()) {
    case DataType::Int: return value.asInt();
    case DataType::Long: case DataType::DateTime: case DataType::TimeSpan: return static_cast<double>(value.asLong());
    case DataType::Real: return value.asReal();
    case DataType::Decimal: return value.asDecimal().toDouble();
    default: return std::nullopt;
    }
}

Value valueAs(const Value& value, DataType type)
{
    if (value.type() == type)
        return value;
    const auto converted = convertVector(Vector::constant(value, 1), type);
    return converted ? converted->valueAt(0) : Value::null(type);
}

} // namespace tocsin::kql
