// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/JsonTree.h"

#include "base/Json.h"
#include "base/Utf8.h"
#include "network/Errors.h"
#include "network/JsonPosition.h"

#include <simdjson.h>

#include <charconv>

namespace tocsin::network {
namespace {

const JsonTree kNullTree;
const JsonTree::Array kNoItems;
const JsonTree::Object kNoMembers;

JsonTree convert(const simdjson::dom::element& element)
{
    using Type = simdjson::dom::element_type;
    switch (element.type()) {
    case Type::ARRAY: {
        const simdjson::dom::array array = element.get_array().value_unsafe();
        JsonTree::Array items;
        items.reserve(array.size());
        for (const simdjson::dom::element item : array)
            items.push_back(convert(item));
        return items;
    }
    case Type::OBJECT: {
        const simdjson::dom::object object = element.get_object().value_unsafe();
        JsonTree::Object members;
        members.reserve(object.size());
        for (const auto field : object)
            members.push_back({std::string(field.key), convert(field.value)});
        return members;
    }
    case Type::INT64: return element.get_int64().value_unsafe();
    case Type::UINT64: return static_cast<double>(element.get_uint64().value_unsafe());
    case Type::DOUBLE: return element.get_double().value_unsafe();
    case Type::STRING: return std::string(element.get_string().value_unsafe());
    case Type::BOOL: return element.get_bool().value_unsafe();
    case Type::NULL_VALUE: break;
    }
    return {};
}

/// UTF-8 without mark, whatever the export was written in.
std::string plainText(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        return std::string(text.substr(3));
    if (text.starts_with("\xFF\xFE"))
        return utf8FromUtf16Le(reinterpret_cast<const std::uint8_t*>(text.data()) + 2, (text.size() - 2) & ~std::size_t{1});
    return std::string(text);
}

} // namespace

JsonTree::JsonTree(Object value) : m_value(std::move(value)) {}

const JsonTree::Array& JsonTree::items() const
{
    const auto* items = std::get_if<Array>(&m_value);
    return items ? *items : kNoItems;
}

const JsonTree::Object& JsonTree::members() const
{
    const auto* members = std::get_if<Object>(&m_value);
    return members ? *members : kNoMembers;
}

JsonTree::Array& JsonTree::mutableItems()
{
    if (!isArray())
        m_value = Array{};
    return std::get<Array>(m_value);
}

JsonTree::Object& JsonTree::mutableMembers()
{
    if (!isObject())
        m_value = Object{};
    return std::get<Object>(m_value);
}

const JsonTree& JsonTree::get(std::string_view name) const
{
    for (const JsonMember& member : members())
        if (equalsIgnoringCase(member.name, name))
            return member.value;
    return kNullTree;
}

JsonTree* JsonTree::find(std::string_view name)
{
    if (auto* members = std::get_if<Object>(&m_value))
        for (JsonMember& member : *members)
            if (equalsIgnoringCase(member.name, name))
                return &member.value;
    return nullptr;
}

void JsonTree::set(std::string_view name, JsonTree value)
{
    if (JsonTree* present = find(name))
        *present = std::move(value);
    else
        mutableMembers().push_back({std::string(name), std::move(value)});
}

const JsonTree& JsonTree::property(std::string_view name) const
{
    const JsonTree& below = get("properties").get(name);
    return below.isNull() ? get(name) : below;
}

std::string JsonTree::text() const
{
    if (const auto* text = std::get_if<std::string>(&m_value))
        return *text;
    return isNumber() || isBool() ? dump() : std::string();
}

std::string_view JsonTree::view() const
{
    const auto* text = std::get_if<std::string>(&m_value);
    return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::int64_t> JsonTree::integer() const
{
    if (const auto* number = std::get_if<std::int64_t>(&m_value))
        return *number;
    if (const auto* number = std::get_if<double>(&m_value))
        return *number >= -9e15 && *number <= 9e15 ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
    const std::string_view digits = trimSpaces(view());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return !digits.empty() && error == std::errc() && end == digits.data() + digits.size() ? std::optional(number) : std::nullopt;
}

std::optional<double> JsonTree::real() const
{
    if (const auto* number = std::get_if<double>(&m_value))
        return *number;
    const auto whole = integer();
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

bool JsonTree::boolean(bool otherwise) const
{
    if (const auto* value = std::get_if<bool>(&m_value))
        return *value;
    if (equalsIgnoringCase(view(), "true"))
        return true;
    return equalsIgnoringCase(view(), "false") ? false : otherwise;
}

bool JsonTree::operator==(const JsonTree& other) const { return m_value == other.m_value; }

void JsonTree::append(std::string& out) const
{
    if (const auto* flag = std::get_if<bool>(&m_value)) {
        out += *flag ? "true" : "false";
    } else if (const auto* whole = std::get_if<std::int64_t>(&m_value)) {
        out += std::to_string(*whole);
    } else if (const auto* number = std::get_if<double>(&m_value)) {
        appendJsonNumber(out, *number);
    } else if (isString()) {
        appendJsonString(out, view());
    } else if (isArray()) {
        out += '[';
        for (const JsonTree& item : items()) {
            if (&item != &items().front())
                out += ',';
            item.append(out);
        }
        out += ']';
    } else if (isObject()) {
        out += '{';
        for (const JsonMember& member : members()) {
            if (&member != &members().front())
                out += ',';
            appendJsonString(out, member.name);
            out += ':';
            member.value.append(out);
        }
        out += '}';
    } else {
        out += "null";
    }
}

std::string JsonTree::dump() const
{
    std::string out;
    append(out);
    return out;
}

Result<JsonTree> parseJsonTree(std::string_view text, std::string_view sourceName)
{
    const simdjson::padded_string padded(plainText(text));
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(padded).get(root)) {
        const JsonPosition place = findJsonFault({padded.data(), padded.size()});
        return fail(kBadJson, sourceName, std::to_string(place.line), std::to_string(place.column),
                    place.what.empty() ? std::string_view(simdjson::error_message(error)) : std::string_view(place.what));
    }
    return convert(root);
}

} // namespace tocsin::network
