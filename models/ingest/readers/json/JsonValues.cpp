// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonValues.h"

#include "base/Json.h"
#include "base/Utf8.h"
#include "ingest/Errors.h"

#include <bit>
#include <cmath>

namespace tocsin::ingest {

namespace {

bool isNumberChar(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

/// Numbers that fit no 64-bit integer and no double, and the words NaN and Infinity, as text or null; control characters in strings
/// escaped. Everything else is copied.
std::string repairJson(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 64);
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\' && i + 1 < text.size()) {
                out += c;
                out += text[++i];
            } else if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += "0123456789abcdef"[c >> 4];
                out += "0123456789abcdef"[c & 15];
            } else {
                inString = c != '"';
                out += c;
            }
            continue;
        }
        if (c == '"') {
            inString = true;
            out += c;
        } else if (isNumberChar(c) && c != 'e' && c != 'E') {
            std::size_t end = i;
            while (end < text.size() && isNumberChar(text[end]))
                ++end;
            const std::string_view number = text.substr(i, end - i);
            if (text.substr(end).starts_with("Infinity")) {
                out += "null";
                end += 8;
            } else if (number.size() >= 19 || number.find_first_of("eE") != std::string_view::npos || number.front() == '+') {
                out += '"';
                out += number;
                out += '"';
            } else {
                out += number;
            }
            i = end - 1;
        } else if (text.substr(i).starts_with("NaN")) {
            out += "null";
            i += 2;
        } else if (text.substr(i).starts_with("Infinity")) {
            out += "null";
            i += 7;
        } else {
            out += c;
        }
    }
    return out;
}

std::size_t keyHash(std::string_view key)
{
    std::size_t hash = 14695981039346656037ull;
    for (const char c : key)
        if (c != '_')
            hash = (hash ^ static_cast<unsigned char>(foldAscii(c))) * 1099511628211ull;
    return hash;
}

bool sameKey(std::string_view a, std::string_view b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (true) {
        while (i < a.size() && a[i] == '_')
            ++i;
        while (j < b.size() && b[j] == '_')
            ++j;
        if (i == a.size() || j == b.size())
            return i == a.size() && j == b.size();
        if (foldAscii(a[i++]) != foldAscii(b[j++]))
            return false;
    }
}

} // namespace

simdjson::error_code JsonParser::parseText(std::string_view paddedText, JsonElement& root)
{
    return m_parser.parse(paddedText.data(), paddedText.size(), false).get(root);
}

Result<JsonObject> JsonParser::parse(std::string_view paddedText)
{
    m_mended.clear();
    JsonElement root;
    simdjson::error_code error = parseText(paddedText, root);
    if (error == simdjson::NUMBER_ERROR || error == simdjson::UTF8_ERROR || error == simdjson::N_ATOM_ERROR || error == simdjson::TAPE_ERROR
        || error == simdjson::UNESCAPED_CHARS) {
        m_mended = simdjson::error_message(error);
        m_repaired = repairJson(isValidUtf8(paddedText) ? std::string(paddedText) : toValidUtf8(paddedText));
        m_repaired.reserve(m_repaired.size() + kJsonPadding);
        if (parseText(m_repaired, root) == simdjson::SUCCESS)
            error = simdjson::SUCCESS;
    }
    if (error != simdjson::SUCCESS)
        return fail(kJsonBroken, simdjson::error_message(error));
    JsonObject object;
    if (root.get(object) != simdjson::SUCCESS)
        return fail(kJsonNoObject);
    return object;
}

KeySet::KeySet(std::span<const std::string_view> names) : m_slots(std::bit_ceil(names.size() * 2 + 2), {std::string_view(), -1}), m_count(names.size())
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::size_t slot = keyHash(names[i]) & (m_slots.size() - 1);
        while (m_slots[slot].second >= 0)
            slot = (slot + 1) & (m_slots.size() - 1);
        m_slots[slot] = {names[i], static_cast<int>(i)};
    }
}

int KeySet::find(std::string_view key) const
{
    for (std::size_t slot = keyHash(key) & (m_slots.size() - 1); m_slots[slot].second >= 0; slot = (slot + 1) & (m_slots.size() - 1))
        if (sameKey(m_slots[slot].first, key))
            return m_slots[slot].second;
    return -1;
}

void Members::read(JsonObject object)
{
    clear();
    for (const auto field : object) {
        const int key = m_keys.find(field.key);
        if (key >= 0 && !m_values[static_cast<std::size_t>(key)] && !field.value.is_null())
            m_values[static_cast<std::size_t>(key)] = field.value;
    }
}

std::string_view Members::text(std::size_t key) const
{
    std::string_view text;
    if (const JsonElement* value = at(key); value && value->get(text) == simdjson::SUCCESS)
        return text;
    return {};
}

std::string jsonText(JsonElement value)
{
    switch (value.type()) {
    case simdjson::dom::element_type::STRING: return std::string(value.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64: return std::to_string(value.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64: return std::to_string(value.get_uint64().value_unsafe());
    case simdjson::dom::element_type::BOOL: return value.get_bool().value_unsafe() ? "true" : "false";
    case simdjson::dom::element_type::DOUBLE: {
        std::string text;
        appendJsonNumber(text, value.get_double().value_unsafe());
        return text;
    }
    case simdjson::dom::element_type::NULL_VALUE: return {};
    default: break;
    }
    std::string text;
    appendCompactJson(text, value);
    return text;
}

void buildDynamic(DynamicBuilder& out, JsonElement value)
{
    switch (value.type()) {
    case simdjson::dom::element_type::OBJECT: {
        const JsonObject object = value.get_object().value_unsafe(); // a name for it: a loop does not keep the result alive that holds it
        out.beginObject();
        for (const auto field : object) {
            out.key(field.key);
            buildDynamic(out, field.value);
        }
        out.endObject();
        return;
    }
    case simdjson::dom::element_type::ARRAY: {
        const simdjson::dom::array array = value.get_array().value_unsafe();
        out.beginArray();
        for (const JsonElement item : array)
            buildDynamic(out, item);
        out.endArray();
        return;
    }
    case simdjson::dom::element_type::STRING: out.string(value.get_string().value_unsafe()); return;
    case simdjson::dom::element_type::INT64: out.number(value.get_int64().value_unsafe()); return;
    case simdjson::dom::element_type::UINT64: out.real(static_cast<double>(value.get_uint64().value_unsafe())); return;
    case simdjson::dom::element_type::DOUBLE: out.real(value.get_double().value_unsafe()); return;
    case simdjson::dom::element_type::BOOL: out.boolean(value.get_bool().value_unsafe()); return;
    case simdjson::dom::element_type::NULL_VALUE: out.null(); return;
    }
}

void setJson(TableBuilder& table, std::size_t column, JsonElement value)
{
    switch (value.type()) {
    case simdjson::dom::element_type::STRING: table.setText(column, value.get_string().value_unsafe()); return;
    case simdjson::dom::element_type::INT64: table.setLong(column, value.get_int64().value_unsafe()); return;
    case simdjson::dom::element_type::UINT64:
        if (table.typeOf(column) == DataType::String)
            table.setText(column, std::to_string(value.get_uint64().value_unsafe()));
        else
            table.setReal(column, static_cast<double>(value.get_uint64().value_unsafe()));
        return;
    case simdjson::dom::element_type::DOUBLE: table.setReal(column, value.get_double().value_unsafe()); return;
    case simdjson::dom::element_type::BOOL: table.setBool(column, value.get_bool().value_unsafe()); return;
    case simdjson::dom::element_type::NULL_VALUE: return;
    default: break;
    }
    if (table.typeOf(column) == DataType::Dynamic) {
        std::string& encoded = table.scratch();
        encoded.clear();
        appendDynamic(encoded, value);
        table.setDynamic(column, encoded);
    } else if (table.typeOf(column) == DataType::String) {
        std::string& text = table.scratch();
        text.clear();
        appendCompactJson(text, value);
        table.setText(column, text);
    }
}

void setJson(TableBuilder& table, std::string_view column, const JsonElement* value)
{
    if (!value)
        return;
    if (const auto index = table.find(column))
        setJson(table, *index, *value);
}

std::optional<JsonElement> member(JsonObject object, std::string_view name)
{
    JsonElement found;
    if (object.at_key(name).get(found) != simdjson::SUCCESS || found.is_null())
        return {};
    return found;
}

std::optional<JsonElement> member(JsonElement value, std::string_view name)
{
    JsonObject object;
    return value.get(object) == simdjson::SUCCESS ? member(object, name) : std::nullopt;
}

std::string_view memberText(JsonObject object, std::string_view name)
{
    std::string_view text;
    if (const auto found = member(object, name); found && found->get(text) == simdjson::SUCCESS)
        return text;
    return {};
}

std::string_view memberText(JsonElement value, std::string_view name)
{
    JsonObject object;
    return value.get(object) == simdjson::SUCCESS ? memberText(object, name) : std::string_view();
}

std::optional<JsonObject> objectInText(simdjson::dom::parser& parser, std::string_view text)
{
    const std::string_view trimmed = trimSpaces(text);
    JsonObject object;
    if (!trimmed.starts_with('{') || parser.parse(trimmed.data(), trimmed.size(), true).get(object) != simdjson::SUCCESS)
        return {};
    return object;
}

} // namespace tocsin::ingest
