// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"

#include "base/Json.h"
#include "base/Utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>
#include <utility>

namespace tocsin {
namespace {

constexpr int kMaxNesting = 1024; // simdjson refuses deeper text
constexpr std::size_t kHeader = 1 + sizeof(std::uint32_t); // tag and count

template <typename T>
T load(std::string_view bytes, std::size_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

void store32(std::string& out, std::size_t at, std::uint32_t value) { std::memcpy(out.data() + at, &value, sizeof value); }

std::size_t scalarBytes(DynamicTag tag)
{
    switch (tag) {
    case DynamicTag::Long:
    case DynamicTag::Real:
    case DynamicTag::DateTime:
    case DynamicTag::TimeSpan: return 8;
    case DynamicTag::Guid:
    case DynamicTag::Decimal: return 16;
    default: return 0;
    }
}

} // namespace

std::int64_t DynamicView::asLong() const { return load<std::int64_t>(m_bytes, 1); }
double DynamicView::asReal() const { return load<double>(m_bytes, 1); }
std::string_view DynamicView::asString() const { return m_bytes.substr(5, load<std::uint32_t>(m_bytes, 1)); }
Guid DynamicView::asGuid() const { return load<Guid>(m_bytes, 1); }
Decimal DynamicView::asDecimal() const { return load<Decimal>(m_bytes, 1); }

std::size_t DynamicView::size() const { return isArray() || isObject() ? load<std::uint32_t>(m_bytes, 1) : 0; }

namespace {

std::string_view entryBytes(std::string_view bytes, std::size_t count, std::size_t index)
{
    const std::size_t items = kHeader + 4 * count;
    const std::size_t start = index == 0 ? 0 : load<std::uint32_t>(bytes, kHeader + 4 * (index - 1));
    const std::size_t end = load<std::uint32_t>(bytes, kHeader + 4 * index);
    return bytes.substr(items + start, end - start);
}

} // namespace

DynamicView DynamicView::item(std::size_t index) const
{
    std::string_view entry = entryBytes(m_bytes, size(), index);
    if (isObject())
        entry.remove_prefix(4 + load<std::uint32_t>(entry, 0));
    return DynamicView(entry);
}

std::string_view DynamicView::key(std::size_t index) const
{
    const std::string_view entry = entryBytes(m_bytes, size(), index);
    return entry.substr(4, load<std::uint32_t>(entry, 0));
}

DynamicView DynamicView::member(std::string_view name) const
{
    if (!isObject())
        return {};
    for (std::size_t i = 0, count = size(); i < count; ++i)
        if (key(i) == name)
            return item(i);
    return {};
}

bool DynamicView::hasMember(std::string_view name) const
{
    if (!isObject())
        return false;
    for (std::size_t i = 0, count = size(); i < count; ++i)
        if (key(i) == name)
            return true;
    return false;
}

void DynamicView::appendJson(std::string& out) const
{
    switch (tag()) {
    case DynamicTag::Null: out += "null"; return;
    case DynamicTag::False: out += "false"; return;
    case DynamicTag::True: out += "true"; return;
    case DynamicTag::Long: out += std::to_string(asLong()); return;
    case DynamicTag::Real: appendJsonNumber(out, asReal()); return;
    case DynamicTag::String: appendJsonString(out, asString()); return;
    case DynamicTag::DateTime: appendJsonString(out, formatDateTime(asLong())); return;
    case DynamicTag::TimeSpan: appendJsonString(out, formatTimeSpan(asLong())); return;
    case DynamicTag::Guid: appendJsonString(out, formatGuid(asGuid())); return;
    case DynamicTag::Decimal: appendJsonString(out, asDecimal().toString()); return;
    case DynamicTag::Array:
        out += '[';
        for (std::size_t i = 0, count = size(); i < count; ++i) {
            if (i)
                out += ',';
            item(i).appendJson(out);
        }
        out += ']';
        return;
    case DynamicTag::Object:
        out += '{';
        for (std::size_t i = 0, count = size(); i < count; ++i) {
            if (i)
                out += ',';
            appendJsonString(out, key(i));
            out += ':';
            item(i).appendJson(out);
        }
        out += '}';
        return;
    }
}

std::string DynamicView::toJson() const
{
    std::string out;
    appendJson(out);
    return out;
}

std::string DynamicView::toString() const
{
    switch (tag()) {
    case DynamicTag::Null: return {};
    case DynamicTag::String: return std::string(asString());
    case DynamicTag::Real: return Value::real(asReal()).toString();
    case DynamicTag::DateTime: return formatDateTime(asLong());
    case DynamicTag::TimeSpan: return formatTimeSpan(asLong());
    case DynamicTag::Guid: return formatGuid(asGuid());
    case DynamicTag::Decimal: return asDecimal().toString();
    default: return toJson();
    }
}

void DynamicBuilder::endValue()
{
    if (m_frames.empty())
        return;
    Frame& frame = m_frames.back();
    frame.ends.push_back(static_cast<std::uint32_t>(m_out.size() - frame.start - kHeader));
}

void DynamicBuilder::put(DynamicTag tag, const void* data, std::size_t bytes)
{
    m_out += static_cast<char>(tag);
    m_out.append(static_cast<const char*>(data), bytes);
    endValue();
}

void DynamicBuilder::null() { put(DynamicTag::Null, nullptr, 0); }
void DynamicBuilder::boolean(bool value) { put(value ? DynamicTag::True : DynamicTag::False, nullptr, 0); }
void DynamicBuilder::number(std::int64_t value) { put(DynamicTag::Long, &value, sizeof value); }
void DynamicBuilder::real(double value) { put(DynamicTag::Real, &value, sizeof value); }
void DynamicBuilder::dateTime(Ticks value) { put(DynamicTag::DateTime, &value, sizeof value); }
void DynamicBuilder::timeSpan(Ticks value) { put(DynamicTag::TimeSpan, &value, sizeof value); }
void DynamicBuilder::guid(const Guid& value) { put(DynamicTag::Guid, &value, sizeof value); }
void DynamicBuilder::decimal(const Decimal& value) { put(DynamicTag::Decimal, &value, sizeof value); }

void DynamicBuilder::string(std::string_view text)
{
    m_out += static_cast<char>(DynamicTag::String);
    const auto length = static_cast<std::uint32_t>(text.size());
    m_out.append(reinterpret_cast<const char*>(&length), sizeof length);
    m_out += text;
    endValue();
}

void DynamicBuilder::value(const Value& value)
{
    if (value.isNull())
        return null();
    switch (value.type()) {
    case DataType::Bool: return boolean(value.asBool());
    case DataType::Int: return number(value.asInt());
    case DataType::Long: return number(value.asLong());
    case DataType::Real: return real(value.asReal());
    case DataType::Decimal: return decimal(value.asDecimal());
    case DataType::DateTime: return dateTime(value.asLong());
    case DataType::TimeSpan: return timeSpan(value.asLong());
    case DataType::Guid: return guid(value.asGuid());
    case DataType::String: return string(value.asText());
    case DataType::Dynamic: return view(DynamicView(value.asText()));
    }
}

void DynamicBuilder::view(DynamicView value)
{
    if (value.bytes().empty())
        return null();
    m_out += value.bytes();
    endValue();
}

void DynamicBuilder::begin(bool object)
{
    m_frames.push_back({m_out.size(), object, {}, {}});
    m_out += static_cast<char>(object ? DynamicTag::Object : DynamicTag::Array);
    m_out.append(sizeof(std::uint32_t), '\0');
}

void DynamicBuilder::end()
{
    Frame frame = std::move(m_frames.back());
    m_frames.pop_back();
    const std::size_t body = frame.start + kHeader;
    if (frame.object) { // a repeated key keeps the first place and takes the last value
        const auto keyText = [&](std::size_t i) { return std::string_view(m_out).substr(frame.keys[i].first, frame.keys[i].second); };
        constexpr std::size_t kFew = 16; // to be compared with each other
        bool repeated = frame.keys.size() > kFew;
        for (std::size_t i = 1; i < frame.keys.size() && !repeated; ++i)
            for (std::size_t j = 0; j < i && !repeated; ++j)
                repeated = keyText(i) == keyText(j);
        if (repeated) {
            std::vector<std::size_t> kept; // entry whose value counts, by place of first appearance
            std::unordered_map<std::string_view, std::size_t> places;
            places.reserve(frame.keys.size());
            for (std::size_t i = 0; i < frame.keys.size(); ++i) {
                const auto [place, isNew] = places.emplace(keyText(i), kept.size());
                if (isNew)
                    kept.push_back(i);
                else
                    kept[place->second] = i;
            }
            repeated = kept.size() < frame.keys.size();
            std::string entries;
            std::vector<std::uint32_t> ends;
            for (std::size_t k = 0; repeated && k < kept.size(); ++k) {
                const std::size_t from = kept[k] == 0 ? 0 : frame.ends[kept[k] - 1];
                entries.append(m_out, body + from, frame.ends[kept[k]] - from);
                ends.push_back(static_cast<std::uint32_t>(entries.size()));
            }
            if (repeated) {
                m_out.resize(body);
                m_out += entries;
                frame.ends = std::move(ends);
            }
        }
    }
    store32(m_out, frame.start + 1, static_cast<std::uint32_t>(frame.ends.size()));
    m_out.insert(body, reinterpret_cast<const char*>(frame.ends.data()), 4 * frame.ends.size());
    endValue();
}

void DynamicBuilder::beginArray() { begin(false); }
void DynamicBuilder::endArray() { end(); }
void DynamicBuilder::beginObject() { begin(true); }
void DynamicBuilder::endObject() { end(); }

void DynamicBuilder::key(std::string_view name)
{
    const auto length = static_cast<std::uint32_t>(name.size());
    m_out.append(reinterpret_cast<const char*>(&length), sizeof length);
    m_frames.back().keys.emplace_back(m_out.size(), name.size());
    m_out += name;
}

std::string DynamicBuilder::take()
{
    m_frames.clear();
    return std::exchange(m_out, {});
}

namespace {

bool encode(DynamicBuilder& builder, simdjson::dom::element element)
{
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::NULL_VALUE: builder.null(); return true;
    case element_type::BOOL: builder.boolean(element.get_bool().value_unsafe()); return true;
    case element_type::INT64: builder.number(element.get_int64().value_unsafe()); return true;
    case element_type::UINT64: builder.real(static_cast<double>(element.get_uint64().value_unsafe())); return true;
    case element_type::DOUBLE: builder.real(element.get_double().value_unsafe()); return true;
    case element_type::STRING: builder.string(element.get_string().value_unsafe()); return true;
    case element_type::ARRAY: {
        const simdjson::dom::array items = element.get_array().value_unsafe(); // named: the loop would outlive the temporary result
        builder.beginArray();
        for (const simdjson::dom::element child : items)
            encode(builder, child);
        builder.endArray();
        return true;
    }
    case element_type::OBJECT: {
        const simdjson::dom::object members = element.get_object().value_unsafe();
        builder.beginObject();
        for (const simdjson::dom::key_value_pair field : members) {
            builder.key(field.key);
            encode(builder, field.value);
        }
        builder.endObject();
        return true;
    }
    }
    return false;
}

/// JSON text whose integers of 19 digits and more are written as reals, which simdjson reads whatever their size.
std::string withLongIntegersAsReals(std::string_view json)
{
    std::string out;
    out.reserve(json.size() + 16);
    bool inString = false;
    for (std::size_t i = 0; i < json.size();) {
        const char c = json[i];
        const bool number = !inString && (c == '-' || (c >= '0' && c <= '9'));
        if (!number) {
            if (inString && c == '\\' && i + 1 < json.size())
                out += json[i++];
            else if (c == '"')
                inString = !inString;
            out += json[i++];
            continue;
        }
        const std::size_t end = std::min(json.find_first_not_of("0123456789+-.eE", i), json.size());
        const std::string_view token = json.substr(i, end - i);
        out += token;
        if (token.size() >= 19 && token.find_first_of("+.eE") == std::string_view::npos)
            out += ".0";
        i = end;
    }
    return out;
}

} // namespace

std::optional<std::string> dynamicFromJson(std::string_view json)
{
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element root;
    const simdjson::error_code failure = parser.parse(json.data(), json.size()).get(root);
    if (failure == simdjson::NUMBER_ERROR) { // perhaps an integer too long for it
        const std::string plain = withLongIntegersAsReals(json);
        if (plain.size() == json.size() || parser.parse(plain).get(root) != simdjson::SUCCESS)
            return std::nullopt;
    } else if (failure != simdjson::SUCCESS) {
        return std::nullopt;
    }
    DynamicBuilder builder;
    encode(builder, root);
    return builder.take();
}

std::string parseJsonLenient(std::string_view text)
{
    if (trimSpaces(text).empty())
        return {};
    if (auto encoded = dynamicFromJson(text))
        return DynamicView(*encoded).isNull() ? std::string() : std::move(*encoded);
    DynamicBuilder builder;
    builder.string(text);
    return builder.take();
}

namespace {

/// The bytes a valid value takes from the front, or 0.
std::size_t checkValue(std::string_view bytes, int depth)
{
    if (bytes.empty() || depth > kMaxNesting || static_cast<unsigned char>(bytes[0]) > static_cast<unsigned char>(DynamicTag::Object))
        return 0;
    const auto tag = static_cast<DynamicTag>(bytes[0]);
    if (tag <= DynamicTag::True)
        return 1;
    if (tag == DynamicTag::String) {
        if (bytes.size() < 5)
            return 0;
        const std::size_t length = load<std::uint32_t>(bytes, 1);
        return length <= bytes.size() - 5 ? 5 + length : 0;
    }
    if (const std::size_t size = scalarBytes(tag))
        return bytes.size() > size ? 1 + size : 0;
    if (bytes.size() < kHeader)
        return 0;
    const std::size_t count = load<std::uint32_t>(bytes, 1);
    if (count > (bytes.size() - kHeader) / 4)
        return 0;
    const std::size_t items = kHeader + 4 * count;
    std::size_t start = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t end = load<std::uint32_t>(bytes, kHeader + 4 * i);
        if (end < start || end > bytes.size() - items)
            return 0;
        std::string_view entry = bytes.substr(items + start, end - start);
        if (tag == DynamicTag::Object) {
            if (entry.size() < 4 || load<std::uint32_t>(entry, 0) > entry.size() - 4)
                return 0;
            entry.remove_prefix(4 + load<std::uint32_t>(entry, 0));
        }
        if (checkValue(entry, depth + 1) != entry.size() || entry.empty())
            return 0;
        start = end;
    }
    return items + start;
}

bool isNumber(DynamicTag tag) { return tag == DynamicTag::Long || tag == DynamicTag::Real; }
double numberOf(DynamicView view) { return view.tag() == DynamicTag::Long ? static_cast<double>(view.asLong()) : view.asReal(); }

} // namespace

bool isValidDynamic(std::string_view bytes) { return bytes.empty() || checkValue(bytes, 0) == bytes.size(); }

bool dynamicEquals(DynamicView a, DynamicView b)
{
    if (a.tag() != b.tag())
        return isNumber(a.tag()) && isNumber(b.tag()) && numberOf(a) == numberOf(b);
    switch (a.tag()) {
    case DynamicTag::Array:
        if (a.size() != b.size())
            return false;
        for (std::size_t i = 0, count = a.size(); i < count; ++i)
            if (!dynamicEquals(a.item(i), b.item(i)))
                return false;
        return true;
    case DynamicTag::Object:
        if (a.size() != b.size())
            return false;
        for (std::size_t i = 0, count = a.size(); i < count; ++i)
            if (!b.hasMember(a.key(i)) || !dynamicEquals(a.item(i), b.member(a.key(i))))
                return false;
        return true;
    case DynamicTag::Real: return a.asReal() == b.asReal() || (std::isnan(a.asReal()) && std::isnan(b.asReal()));
    case DynamicTag::Decimal: return a.asDecimal() == b.asDecimal();
    case DynamicTag::Null: return true;
    default: return a.bytes() == b.bytes();
    }
}

} // namespace tocsin
