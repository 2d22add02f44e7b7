// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TableRows.h"

#include "base/Guid.h"
#include "base/Json.h"
#include "base/Utf8.h"
#include "column/Decimal.h"
#include "column/Dynamic.h"
#include "ingest/readers/ResourceId.h"

#include <charconv>
#include <cmath>

namespace tocsin::ingest {

namespace {

std::optional<std::int64_t> parseLong(std::string_view text)
{
    text = trimSpaces(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size())
        return value;
    return {};
}

std::optional<double> parseReal(std::string_view text)
{
    text = trimSpaces(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && !text.empty())
        return value;
    return {};
}

/// A whole number, also one written as `443.0`.
std::optional<std::int64_t> parseWhole(std::string_view text)
{
    if (const auto value = parseLong(text))
        return value;
    const auto real = parseReal(text);
    if (real && std::fabs(*real) < 9e15 && *real == std::floor(*real))
        return static_cast<std::int64_t>(*real);
    return {};
}

std::optional<bool> parseBool(std::string_view text)
{
    text = trimSpaces(text);
    if (equalsIgnoringCase(text, "true") || text == "1")
        return true;
    if (equalsIgnoringCase(text, "false") || text == "0")
        return false;
    return {};
}

} // namespace

std::size_t FoldedHash::operator()(std::string_view text) const
{
    std::size_t hash = 14695981039346656037ull;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(foldAscii(c))) * 1099511628211ull;
    return hash;
}

bool FoldedEqual::operator()(std::string_view a, std::string_view b) const
{
    return equalsIgnoringCase(a, b);
}

TableBuilder::TableBuilder(catalog::TableSchema schema, const TimestampReader& times) : m_schema(std::move(schema)), m_times(times)
{
    for (std::size_t i = 0; i < m_schema.columns.size(); ++i) {
        m_cells.add(m_schema.columns[i].type);
        m_exact.emplace(m_schema.columns[i].name, i);
        m_folded.emplace(m_schema.columns[i].name, i);
    }
    for (const auto& [alias, target] : m_schema.aliases)
        if (const auto column = m_exact.find(target); column != m_exact.end()) {
            const std::size_t index = column->second;
            m_exact.emplace(alias, index);
            m_folded.emplace(alias, index);
        }
}

std::optional<std::size_t> TableBuilder::find(std::string_view column) const
{
    const auto found = m_exact.find(column);
    return found == m_exact.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> TableBuilder::findFolded(std::string_view column) const
{
    if (const auto exact = find(column))
        return exact;
    const auto found = m_folded.find(column);
    return found == m_folded.end() ? std::nullopt : std::optional(found->second);
}

std::size_t TableBuilder::require(std::string_view column, DataType type)
{
    if (const auto found = find(column))
        return *found;
    const std::size_t index = m_cells.count();
    m_schema.columns.push_back({std::string(column), type, {}});
    m_cells.add(type);
    m_exact.emplace(std::string(column), index);
    m_folded.emplace(std::string(column), index);
    return index;
}

void TableBuilder::setTextAs(std::size_t column, DataType type, std::string_view text)
{
    switch (type) {
    case DataType::String:
        put<DataType::String>(column, text);
        return;
    case DataType::Int:
        if (const auto value = parseWhole(text); value && *value >= INT32_MIN && *value <= INT32_MAX)
            put<DataType::Int>(column, static_cast<std::int32_t>(*value));
        return;
    case DataType::Long:
        if (const auto value = parseWhole(text))
            put<DataType::Long>(column, *value);
        return;
    case DataType::Real:
        if (const auto value = parseReal(text))
            put<DataType::Real>(column, *value);
        return;
    case DataType::Bool:
        if (const auto value = parseBool(text))
            put<DataType::Bool>(column, *value);
        return;
    case DataType::DateTime:
        if (const auto value = m_times.read(text))
            put<DataType::DateTime>(column, *value);
        return;
    case DataType::TimeSpan:
        if (const auto value = parseTimeSpan(text))
            put<DataType::TimeSpan>(column, *value);
        return;
    case DataType::Guid:
        if (const auto value = parseGuid(text))
            put<DataType::Guid>(column, *value);
        return;
    case DataType::Decimal:
        if (const auto value = Decimal::parse(text))
            put<DataType::Decimal>(column, *value);
        return;
    case DataType::Dynamic:
        if (const std::string encoded = parseJsonLenient(text); !DynamicView(encoded).isNull())
            put<DataType::Dynamic>(column, encoded);
        return;
    }
}

void TableBuilder::setText(std::size_t column, std::string_view text)
{
    if (!text.empty()) // absent text is the empty string, so the column stays open for another value
        setTextAs(column, typeOf(column), text);
}

void TableBuilder::setLong(std::size_t column, std::int64_t value)
{
    switch (typeOf(column)) {
    case DataType::Long: put<DataType::Long>(column, value); return;
    case DataType::Real: put<DataType::Real>(column, static_cast<double>(value)); return;
    case DataType::Int:
        if (value >= INT32_MIN && value <= INT32_MAX)
            put<DataType::Int>(column, static_cast<std::int32_t>(value));
        return;
    case DataType::Bool:
        if (value == 0 || value == 1)
            put<DataType::Bool>(column, value == 1);
        return;
    case DataType::DateTime:
        if (const auto time = TimestampReader::fromEpoch(value))
            put<DataType::DateTime>(column, *time);
        return;
    case DataType::Decimal: put<DataType::Decimal>(column, Decimal(value)); return;
    case DataType::String: put<DataType::String>(column, std::to_string(value)); return;
    case DataType::Dynamic: {
        DynamicBuilder encoded;
        encoded.number(value);
        put<DataType::Dynamic>(column, encoded.take());
        return;
    }
    case DataType::TimeSpan:
    case DataType::Guid: return;
    }
}

void TableBuilder::setReal(std::size_t column, double value)
{
    const DataType type = typeOf(column);
    if (type == DataType::Real) {
        put<DataType::Real>(column, value);
    } else if (type == DataType::DateTime) {
        if (const auto time = TimestampReader::fromEpoch(value))
            put<DataType::DateTime>(column, *time);
    } else if (type == DataType::Dynamic) {
        DynamicBuilder encoded;
        encoded.real(value);
        put<DataType::Dynamic>(column, encoded.take());
    } else if (type == DataType::Decimal) {
        if (std::isfinite(value))
            put<DataType::Decimal>(column, Decimal::fromDouble(value));
    } else if (type == DataType::String) {
        std::string text;
        appendJsonNumber(text, value);
        put<DataType::String>(column, text);
    } else if (std::fabs(value) < 9e15 && value == std::floor(value)) {
        setLong(column, static_cast<std::int64_t>(value));
    }
}

void TableBuilder::setBool(std::size_t column, bool value)
{
    switch (typeOf(column)) {
    case DataType::Bool: put<DataType::Bool>(column, value); return;
    case DataType::String: put<DataType::String>(column, value ? "true" : "false"); return;
    case DataType::Dynamic: {
        DynamicBuilder encoded;
        encoded.boolean(value);
        put<DataType::Dynamic>(column, encoded.take());
        return;
    }
    case DataType::Int:
    case DataType::Long:
    case DataType::Real: setLong(column, value); return;
    default: return;
    }
}

void TableBuilder::setTime(std::size_t column, Ticks value)
{
    if (typeOf(column) == DataType::DateTime)
        put<DataType::DateTime>(column, value);
    else if (typeOf(column) == DataType::String)
        put<DataType::String>(column, formatDateTime(value));
}

void TableBuilder::setDynamic(std::size_t column, std::string_view encoded)
{
    if (typeOf(column) == DataType::Dynamic)
        put<DataType::Dynamic>(column, encoded);
    else
        setText(column, DynamicView(encoded).toString());
}

RowSet::RowSet(const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink)
    : m_schemas(schemas), m_options(options), m_sink(sink), m_times(options.sourceUtcOffsetMinutes)
{
}

TableBuilder& RowSet::table(std::string_view name)
{
    const auto found = m_places.find(name);
    if (found != m_places.end())
        return m_tables[found->second]->builder;
    if (const catalog::TableSchema* known = m_schemas.find(name))
        return add(*known);
    catalog::TableSchema schema;
    schema.name = name;
    return add(std::move(schema));
}

TableBuilder& RowSet::table(const catalog::TableSchema& schema)
{
    const auto found = m_places.find(schema.name);
    return found != m_places.end() ? m_tables[found->second]->builder : add(schema);
}

TableBuilder& RowSet::add(catalog::TableSchema schema)
{
    std::string name = schema.name;
    auto entry = std::make_unique<Entry>(Entry{TableBuilder(std::move(schema), m_times), {}, 0});
    TableBuilder& builder = entry->builder;
    builder.require("TimeGenerated", DataType::DateTime);
    builder.require("Type", DataType::String);
    entry->standard = {builder.find("TimeGenerated"), builder.find("Type"), builder.find("SourceSystem"), builder.find("_ResourceId"),
        builder.find("_SubscriptionId"), builder.find("_BilledSize"), builder.find("_IsBillable")};
    builder.m_place = m_tables.size();
    m_places.emplace(std::move(name), m_tables.size());
    m_tables.push_back(std::move(entry));
    return builder;
}

void RowSet::endRow(TableBuilder& table, const RowOrigin& origin, std::uint64_t records)
{
    Entry& entry = *m_tables[table.m_place];
    const Standard& standard = entry.standard;
    table.setTime(*standard.time, origin.time);
    table.setText(*standard.type, table.schema().name);
    if (standard.sourceSystem && !origin.sourceSystem.empty())
        table.setText(*standard.sourceSystem, origin.sourceSystem);
    if (!origin.resourceId.empty()) {
        if (standard.resourceId && !table.isSet(*standard.resourceId))
            table.setText(*standard.resourceId, lowerAscii(origin.resourceId));
        if (standard.subscriptionId && !table.isSet(*standard.subscriptionId))
            table.setText(*standard.subscriptionId, lowerAscii(splitResourceId(origin.resourceId).subscription));
    }
    if (standard.billedSize && origin.bytes > 0)
        table.setReal(*standard.billedSize, static_cast<double>(origin.bytes));
    if (standard.billable)
        table.setText(*standard.billable, "True");
    table.endRow();
    entry.records += records;
    if (table.rows() >= kBatchRows)
        flush(entry);
}

void RowSet::countRecord(TableBuilder& table)
{
    ++m_tables[table.m_place]->records;
}

void RowSet::flush(Entry& entry)
{
    const std::uint64_t records = std::exchange(entry.records, 0);
    if (entry.builder.rows() == 0 && records == 0)
        return;
    Batch batch = entry.builder.take();
    if (m_status)
        m_status = m_sink.rows(entry.builder.schema(), std::move(batch), records);
}

Result<void> RowSet::flush()
{
    for (const auto& [name, place] : m_places)
        flush(*m_tables[place]);
    return m_status;
}

} // namespace tocsin::ingest
