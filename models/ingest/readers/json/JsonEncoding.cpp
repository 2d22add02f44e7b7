// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "ingest/readers/json/JsonValues.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace tocsin::ingest {

namespace {

template <typename T>
void appendRaw(std::string& out, T value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
}

template <typename T>
void putRaw(std::string& out, std::size_t at, T value)
{
    std::memcpy(out.data() + at, &value, sizeof value);
}

void appendTag(std::string& out, DynamicTag tag) { out += static_cast<char>(tag); }

void appendBytes(std::string& out, std::string_view text)
{
    appendRaw(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

template <typename T>
void appendTagged(std::string& out, DynamicTag tag, T value)
{
    char bytes[1 + sizeof value];
    bytes[0] = static_cast<char>(tag);
    std::memcpy(bytes + 1, &value, sizeof value);
    out.append(bytes, sizeof bytes);
}

/// Tag, count and room for where the items end; returns the place of the first end.
std::size_t openContainer(std::string& out, DynamicTag tag, std::size_t count)
{
    appendTagged(out, tag, static_cast<std::uint32_t>(count));
    const std::size_t ends = out.size();
    out.resize(ends + 4 * count);
    return ends;
}

bool repeatsKey(JsonObject object, std::size_t count)
{
    constexpr std::size_t kCompared = 64; // a larger object goes through the builder, which sorts this out
    if (count > kCompared)
        return true;
    struct Key {
        const char* text;
        std::size_t size;
    };
    std::array<Key, kCompared> keys; // not cleared: that would take longer than comparing
    std::size_t seen = 0;
    for (const auto field : object) {
        const std::string_view key = field.key;
        for (std::size_t i = 0; i < seen; ++i)
            if (keys[i].size == key.size() && std::memcmp(keys[i].text, key.data(), key.size()) == 0)
                return true;
        keys[seen++] = {key.data(), key.size()};
    }
    return false;
}

template <typename Number>
void appendNumber(std::string& out, Number number)
{
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    out.append(text.data(), end);
    // A number with a point stays one.
    if constexpr (std::is_floating_point_v<Number>)
        if (std::find_if(text.data(), end, [](char c) { return c == '.' || c == 'e'; }) == end)
            out += ".0";
}

} // namespace

void appendCompactJson(std::string& out, JsonElement value)
{
    using Type = simdjson::dom::element_type;
    bool first = true;
    const auto separate = [&] {
        if (!std::exchange(first, false))
            out += ',';
    };
    switch (value.type()) {
    case Type::OBJECT: {
        const JsonObject object = value.get_object().value_unsafe();
        out += '{';
        for (const auto field : object) {
            separate();
            appendJsonString(out, field.key);
            out += ':';
            appendCompactJson(out, field.value);
        }
        out += '}';
        return;
    }
    case Type::ARRAY: {
        const simdjson::dom::array items = value.get_array().value_unsafe();
        out += '[';
        for (const JsonElement item : items) {
            separate();
            appendCompactJson(out, item);
        }
        out += ']';
        return;
    }
    case Type::STRING: appendJsonString(out, value.get_string().value_unsafe()); return;
    case Type::INT64: appendNumber(out, value.get_int64().value_unsafe()); return;
    case Type::UINT64: appendNumber(out, value.get_uint64().value_unsafe()); return;
    case Type::DOUBLE: appendNumber(out, value.get_double().value_unsafe()); return;
    case Type::BOOL: out += value.get_bool().value_unsafe() ? "true" : "false"; return;
    case Type::NULL_VALUE: out += "null"; return;
    }
}

void appendDynamic(std::string& out, JsonObject object)
{
    const std::size_t count = object.size();
    if (repeatsKey(object, count)) {
        DynamicBuilder builder;
        builder.beginObject();
        for (const auto field : object) {
            builder.key(field.key);
            buildDynamic(builder, field.value);
        }
        builder.endObject();
        out += builder.take();
        return;
    }
    std::size_t end = openContainer(out, DynamicTag::Object, count);
    const std::size_t first = end + 4 * count;
    for (const auto field : object) {
        appendBytes(out, field.key);
        appendDynamic(out, field.value);
        putRaw(out, end, static_cast<std::uint32_t>(out.size() - first));
        end += 4;
    }
}

void appendDynamic(std::string& out, JsonElement value)
{
    using Type = simdjson::dom::element_type;
    switch (value.type()) {
    case Type::OBJECT: {
        const JsonObject object = value.get_object().value_unsafe();
        appendDynamic(out, object);
        return;
    }
    case Type::ARRAY: {
        const simdjson::dom::array items = value.get_array().value_unsafe();
        const std::size_t count = items.size();
        std::size_t end = openContainer(out, DynamicTag::Array, count);
        const std::size_t first = end + 4 * count;
        for (const JsonElement item : items) {
            appendDynamic(out, item);
            putRaw(out, end, static_cast<std::uint32_t>(out.size() - first));
            end += 4;
        }
        return;
    }
    case Type::STRING: {
        const std::string_view text = value.get_string().value_unsafe();
        appendTagged(out, DynamicTag::String, static_cast<std::uint32_t>(text.size()));
        out += text;
        return;
    }
    case Type::INT64: appendTagged(out, DynamicTag::Long, value.get_int64().value_unsafe()); return;
    case Type::UINT64: appendTagged(out, DynamicTag::Real, static_cast<double>(value.get_uint64().value_unsafe())); return;
    case Type::DOUBLE: appendTagged(out, DynamicTag::Real, value.get_double().value_unsafe()); return;
    case Type::BOOL: appendTag(out, value.get_bool().value_unsafe() ? DynamicTag::True : DynamicTag::False); return;
    case Type::NULL_VALUE: appendTag(out, DynamicTag::Null); return;
    }
}

} // namespace tocsin::ingest
