// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/JsonShape.h"

#include "ingest/readers/TableMatcher.h"

#include <algorithm>

namespace tocsin::ingest {

namespace {

/// More different members than this in one file, and the rest goes to AdditionalFields.
constexpr std::size_t kMaxColumns = 1000;

} // namespace

std::size_t JsonShape::search(std::string_view key) const
{
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? kNone : found->second;
}

JsonShape::Column* JsonShape::columnOf(std::string_view key, std::size_t& hint)
{
    std::size_t place = find(key, hint);
    if (place == kNone) {
        if (m_columns.size() >= kMaxColumns)
            return nullptr;
        place = m_columns.size();
        m_byKey.emplace(std::string(key), place);
        m_columns.push_back({std::string(key), uniqueName(customColumnName(key)), {}});
    }
    hint = place + 1;
    return &m_columns[place];
}

void JsonShape::see(JsonObject object, const TimestampReader& times)
{
    std::size_t hint = 0;
    for (const auto field : object)
        if (!field.value.is_null())
            if (Column* column = columnOf(field.key, hint))
                see(*column, field.value, times);
}

void JsonShape::see(Column& column, JsonElement value, const TimestampReader& times)
{
    switch (value.type()) {
    case simdjson::dom::element_type::INT64: column.guess.add(DataType::Long); break;
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE: column.guess.add(DataType::Real); break;
    case simdjson::dom::element_type::BOOL: column.guess.add(DataType::Bool); break;
    case simdjson::dom::element_type::OBJECT:
    case simdjson::dom::element_type::ARRAY: column.guess.add(DataType::Dynamic); break;
    case simdjson::dom::element_type::STRING: {
        const std::string_view text = value.get_string().value_unsafe();
        if (text.empty() || column.guess.isText())
            break;
        // Text stays text unless it is a time: "1234" in quotation marks was meant as text.
        TypeGuess guess;
        guess.addText(text, times);
        column.guess.add(guess.type() == DataType::DateTime ? DataType::DateTime : DataType::String);
        break;
    }
    default: break;
    }
}

bool JsonShape::fits(const Column& column, JsonElement value)
{
    const DataType type = column.guess.type();
    const bool isText = column.guess.isText();
    switch (value.type()) {
    case simdjson::dom::element_type::STRING:
        return isText || type == DataType::Dynamic || value.get_string().value_unsafe().empty() || (type == DataType::DateTime && TypeGuess::looksLikeTime(value.get_string().value_unsafe()));
    case simdjson::dom::element_type::INT64: return isText || type == DataType::Long || type == DataType::Real || type == DataType::Dynamic;
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE: return isText || type == DataType::Real || type == DataType::Dynamic;
    case simdjson::dom::element_type::BOOL: return isText || type == DataType::Bool || type == DataType::Dynamic;
    case simdjson::dom::element_type::OBJECT:
    case simdjson::dom::element_type::ARRAY: return type == DataType::Dynamic;
    default: return true;
    }
}

bool JsonShape::extends(const JsonShape& other) const
{
    return other.m_columns.size() <= m_columns.size()
        && std::equal(other.m_columns.begin(), other.m_columns.end(), m_columns.begin(), [](const Column& theirs, const Column& own) { return theirs.name == own.name && theirs.guess.type() == own.guess.type(); });
}

void JsonShape::add(const JsonShape& next)
{
    std::size_t hint = 0;
    for (const Column& column : next.m_columns)
        if (Column* own = columnOf(column.key, hint))
            own->guess.add(column.guess);
}

/// Two members may become one name (`a.b` and `a_b`); each keeps its column.
std::string JsonShape::uniqueName(std::string name) const
{
    const auto taken = [this](const std::string& candidate) { return std::ranges::any_of(m_columns, [&](const Column& column) { return column.name == candidate; }); };
    const std::string base = name;
    for (int i = 2; taken(name); ++i)
        name = base + "_" + std::to_string(i);
    return name;
}

} // namespace tocsin::ingest
