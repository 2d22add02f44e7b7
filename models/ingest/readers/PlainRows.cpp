// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/PlainRows.h"

#include "base/Utf8.h"
#include "ingest/readers/TableMatcher.h"

#include <array>

namespace tocsin::ingest {

namespace {

/// Members that hold a record's time, the best first.
constexpr std::array<std::string_view, 14> kTimeNames{"TimeGenerated", "Timestamp", "@timestamp", "time", "eventTime", "EventTimestamp", "eventTimestamp",
    "ts", "datetime", "date", "CreatedDateTime", "createdAt", "TimeCreated", "StartTime"};

} // namespace

PlainRows::PlainRows(const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink, const std::string& table, const JsonShape& shape)
    : m_shape(shape), m_rows(schemas, options, sink), m_table(m_rows.table(table)), m_time(*m_table.find("TimeGenerated"))
{
    const std::size_t published = m_table.schema().columns.size();
    for (const JsonShape::Column& column : shape.columns()) {
        const auto known = m_table.findFolded(exportColumnName(column.key));
        m_published.push_back(known && *known < published);
        m_columns.push_back(m_published.back() ? *known : m_table.require(column.name, column.guess.type()));
    }
    for (const std::string_view timeName : kTimeNames)
        for (const JsonShape::Column& column : shape.columns())
            if (equalsIgnoringCase(column.key, timeName))
                m_timeKeys.push_back(column.key);
}

void PlainRows::add(JsonObject object, std::size_t bytes)
{
    std::size_t hint = 0;
    for (const auto field : object) {
        if (field.value.is_null())
            continue;
        if (const std::size_t place = m_shape.find(field.key, hint); place != JsonShape::kNone) {
            setJson(m_table, m_columns[place], field.value);
            m_misfit = m_misfit || !(m_published[place] || fits(place, field.value));
            hint = place + 1;
        } else {
            m_misfit = true;
            m_rest.add(field.key, field.value);
        }
    }
    m_rest.put(m_table);
    if (!m_table.isSet(m_time))
        setTime(object);
    m_rows.endRow(m_table, {m_rows.options().importTime, {}, {}, bytes}, 1);
}

/// Whether the value that was just set left the type of its column as it is.
bool PlainRows::fits(std::size_t place, JsonElement value) const
{
    const JsonShape::Column& column = m_shape.columns()[place];
    if (!JsonShape::fits(column, value))
        return false;
    return column.guess.type() != DataType::DateTime || m_table.isSet(m_columns[place]) || value.get_string().value_unsafe().empty();
}

void PlainRows::setTime(JsonObject object)
{
    for (const std::string& key : m_timeKeys) {
        JsonElement value;
        if (m_table.isSet(m_time))
            return;
        if (object.at_key(key).get(value) == simdjson::SUCCESS)
            setJson(m_table, m_time, value);
    }
}

} // namespace tocsin::ingest
