// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/PatternRows.h"

#include "kql/exec/KeyTable.h"

#include <algorithm>
#include <numeric>

namespace tocsin::kql {
namespace {

/// The values of one column as codes, rare ones as kAnyValue.
struct Coded {
    std::vector<std::uint32_t> codes;
    Vector values;
};

Coded encode(const Vector& column, std::span<const PatternRows::Weights> weights, const PatternRows::Weights& total,
             const std::function<bool(const PatternRows::Weights&, const PatternRows::Weights&)>& keeps)
{
    Coded coded;
    KeyTable table({column.type()});
    table.assign(std::span(&column, 1), column.size(), coded.codes);
    std::vector<PatternRows::Weights> sums(table.size());
    for (std::size_t row = 0; row < coded.codes.size(); ++row) {
        sums[coded.codes[row]].a += weights[row].a;
        sums[coded.codes[row]].b += weights[row].b;
    }
    std::vector<std::uint32_t> kept, newCode(sums.size(), kAnyValue);
    for (std::uint32_t code = 0; code < sums.size(); ++code)
        if (keeps(sums[code], total)) {
            newCode[code] = static_cast<std::uint32_t>(kept.size());
            kept.push_back(code);
        }
    for (std::uint32_t& code : coded.codes)
        code = newCode[code];
    coded.values = table.keys(0, table.size())[0].gather(kept);
    return coded;
}

Vector asVector(const std::vector<std::uint32_t>& codes)
{
    auto buffer = makeBuffer<std::int32_t>(codes.size());
    std::transform(codes.begin(), codes.end(), buffer.get(), [](std::uint32_t code) { return static_cast<std::int32_t>(code); });
    return Vector::flat<std::int32_t>(DataType::Int, std::move(buffer), codes.size());
}

} // namespace

Result<PatternRows> PatternRows::make(PluginCall& call, const Batch& rows, std::span<const Weights> weights, std::span<const std::size_t> without,
                                      const std::function<bool(const Weights& value, const Weights& total)>& keeps)
{
    PatternRows result;
    for (const Weights& weight : weights) {
        result.m_total.a += weight.a;
        result.m_total.b += weight.b;
    }
    std::vector<Vector> codes;
    for (std::size_t place = 0; place < call.node.inputs[0]->columns.size() && place < rows.columns.size(); ++place) {
        if (std::find(without.begin(), without.end(), place) != without.end() || call.node.inputs[0]->columns[place].name.starts_with('$'))
            continue;
        TOCSIN_TRY(call.run.checkStop());
        TOCSIN_TRY(call.memory.grow(rows.storedRows * sizeof(std::uint32_t)));
        Coded coded = encode(rows.columns[place], weights, result.m_total, keeps);
        result.m_columns.push_back({place, std::move(coded.values)});
        codes.push_back(asVector(coded.codes));
    }
    if (codes.empty())
        return result;
    KeyTable table(std::vector<DataType>(codes.size(), DataType::Int));
    std::vector<std::uint32_t> groups;
    table.assign(codes, rows.storedRows, groups);
    TOCSIN_TRY(call.memory.grow(table.memoryBytes() + table.size() * (sizeof(Weights) + codes.size() * sizeof(std::uint32_t))));
    result.m_weights.resize(table.size());
    result.m_codes.resize(table.size() * codes.size());
    for (std::size_t row = 0; row < groups.size(); ++row) {
        TOCSIN_TRY(call.tick());
        result.m_weights[groups[row]].a += weights[row].a;
        result.m_weights[groups[row]].b += weights[row].b;
        for (std::size_t column = 0; column < codes.size(); ++column)
            result.m_codes[groups[row] * codes.size() + column] = static_cast<std::uint32_t>(codes[column].values<std::int32_t>()[row]);
    }
    return result;
}

bool PatternRows::matches(std::size_t row, const Pattern& pattern) const
{
    for (std::size_t column = 0; column < pattern.size(); ++column)
        if (pattern[column] != kAnyValue && code(row, column) != pattern[column])
            return false;
    return true;
}

PatternRows::Weights PatternRows::sum(std::span<const std::uint32_t> rows) const
{
    Weights sum;
    for (const std::uint32_t row : rows) {
        sum.a += m_weights[row].a;
        sum.b += m_weights[row].b;
    }
    return sum;
}

void PatternRows::countValues(std::span<const std::uint32_t> rows, std::size_t column, std::vector<Weights>& counts) const
{
    counts.assign(m_columns[column].values.size(), {});
    for (const std::uint32_t row : rows)
        if (const std::uint32_t value = code(row, column); value != kAnyValue) {
            counts[value].a += m_weights[row].a;
            counts[value].b += m_weights[row].b;
        }
}

std::vector<std::uint32_t> PatternRows::select(std::span<const std::uint32_t> rows, std::size_t column, std::uint32_t value) const
{
    std::vector<std::uint32_t> selected;
    for (const std::uint32_t row : rows)
        if (code(row, column) == value)
            selected.push_back(row);
    return selected;
}

Pattern PatternRows::closure(std::span<const std::uint32_t> rows, Pattern pattern) const
{
    for (std::size_t column = 0; column < pattern.size() && !rows.empty(); ++column) {
        const std::uint32_t value = code(rows[0], column);
        if (pattern[column] == kAnyValue && value != kAnyValue && std::all_of(rows.begin(), rows.end(), [&](std::uint32_t row) { return code(row, column) == value; }))
            pattern[column] = value;
    }
    return pattern;
}

std::vector<std::uint32_t> PatternRows::all() const
{
    std::vector<std::uint32_t> rows(size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

Result<std::vector<PatternRows::Weights>> rowWeights(PluginCall& call, const Batch& rows)
{
    TOCSIN_TRY(call.memory.grow(rows.storedRows * sizeof(PatternRows::Weights)));
    std::vector<PatternRows::Weights> weights(rows.storedRows, {1, 0});
    if (!call.has("WeightColumn"))
        return weights;
    TOCSIN_TRY_ASSIGN(const Vector column, call.column("WeightColumn", rows));
    for (std::size_t row = 0; row < weights.size(); ++row) {
        TOCSIN_TRY(call.tick());
        const double weight = realOf(column.valueAt(row)).value_or(0);
        weights[row].a = weight > 0 && weight < 1e18 ? weight : 0;
    }
    return weights;
}

std::vector<std::size_t> ownColumns(const PluginCall& call, std::initializer_list<std::string_view> parameters)
{
    std::vector<std::size_t> places;
    for (const std::string_view parameter : parameters)
        if (const auto place = call.place(parameter))
            places.push_back(*place);
    return places;
}

Result<PatternWriter> PatternWriter::make(PluginCall& call, const PatternRows& rows, std::size_t inputColumns, BatchCollector& out)
{
    PatternWriter writer(rows, RowWriter(call.node.columns, out));
    TOCSIN_TRY_ASSIGN(const std::vector<Value> wildcards, call.constants("CustomWildcard"));
    for (std::size_t place = 0; place < inputColumns; ++place) {
        const DataType type = call.node.inputs[0]->columns[place].type;
        const auto found = std::find_if(wildcards.begin(), wildcards.end(), [type](const Value& value) { return value.type() == type; });
        writer.m_wildcards.push_back(found == wildcards.end() ? Value::null(type) : *found);
    }
    return writer;
}

Result<void> PatternWriter::add(std::vector<Value> head, const Pattern& pattern)
{
    const std::size_t first = head.size();
    head.insert(head.end(), m_wildcards.begin(), m_wildcards.end());
    for (std::size_t column = 0; column < pattern.size(); ++column)
        if (pattern[column] != kAnyValue)
            head[first + m_rows.columns()[column].place] = m_rows.columns()[column].values.valueAt(pattern[column]);
    return m_writer.add(head);
}

} // namespace tocsin::kql
