// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"
#include "column/Value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

/// The binary form of a dynamic value, self-contained bytes that can be copied, hashed and stored as they are.
///
///     null       00                       long      03 int64        datetime 06 int64     guid    08 16 bytes
///     false/true 01 / 02                  real      04 double       timespan 07 int64     decimal 09 16 bytes
///     string     05 u32 length, bytes
///     array      0A u32 count, u32 end[count] (offset behind each item, from the first item), items
///     object     0B u32 count, u32 end[count] (offset behind each entry), entries: u32 key length, key, value
///
/// Little endian, unaligned. Keys keep the order of insertion; a repeated key keeps the first place and the last value.
/// A dynamic that is null as a whole is null in the null mask of its vector; its bytes are then empty.
enum class DynamicTag : std::uint8_t { Null, False, True, Long, Real, String, DateTime, TimeSpan, Guid, Decimal, Array, Object };

/// Reads encoded bytes in place. Empty bytes read as null. Bytes made by DynamicBuilder are trusted; others must pass isValidDynamic.
class DynamicView {
public:
    DynamicView() = default;
    explicit DynamicView(std::string_view bytes) : m_bytes(bytes) {}

    DynamicTag tag() const { return m_bytes.empty() ? DynamicTag::Null : static_cast<DynamicTag>(m_bytes[0]); }
    bool isNull() const { return tag() == DynamicTag::Null; }
    bool isArray() const { return tag() == DynamicTag::Array; }
    bool isObject() const { return tag() == DynamicTag::Object; }
    bool isString() const { return tag() == DynamicTag::String; }
    std::string_view bytes() const { return m_bytes; }

    std::int64_t asLong() const;  ///< Long, DateTime, TimeSpan
    double asReal() const;        ///< Real
    std::string_view asString() const;
    Guid asGuid() const;
    Decimal asDecimal() const;

    /// Items of an array or entries of an object; 0 for others.
    std::size_t size() const;
    /// Item of an array or value of an object's entry; the index must be below size().
    DynamicView item(std::size_t index) const;
    std::string_view key(std::size_t index) const;
    /// The value under a key (case-sensitive); a null view if absent or no object.
    DynamicView member(std::string_view name) const;
    /// Whether the object has the key, even with a null value.
    bool hasMember(std::string_view name) const;

    /// As JSON, compact. Datetimes, timespans, guids and decimals as strings in their KQL form.
    void appendJson(std::string& out) const;
    std::string toJson() const;
    /// KQL's tostring(): a string without quotation marks, null as "", arrays and bags as JSON.
    std::string toString() const;

private:
    std::string_view m_bytes;
};

/// Writes the encoded form. Values are written in order; arrays and objects nest. An object's repeated key replaces.
class DynamicBuilder {
public:
    void null();
    void boolean(bool value);
    void number(std::int64_t value);
    void real(double value);
    void string(std::string_view text);
    void dateTime(Ticks value);
    void timeSpan(Ticks value);
    void guid(const Guid& value);
    void decimal(const Decimal& value);
    /// Any scalar value; a null as JSON null, a dynamic as it is.
    void value(const Value& value);
    void view(DynamicView value);
    void beginArray();
    void endArray();
    void beginObject();
    void key(std::string_view name);
    void endObject();

    /// The bytes of the one value written; the builder is empty afterwards.
    std::string take();

private:
    struct Frame {
        std::size_t start;                        ///< where the container's tag stands in m_out
        bool object;
        std::vector<std::uint32_t> ends;
        std::vector<std::pair<std::size_t, std::size_t>> keys; ///< start and length of each key in m_out
    };
    void endValue();
    void begin(bool object);
    void end();
    void put(DynamicTag tag, const void* data, std::size_t bytes);

    std::string m_out;
    std::vector<Frame> m_frames;
};

/// Encodes JSON text. Nothing if the text is not JSON or nested deeper than 1,024. Integers outside long become real.
std::optional<std::string> dynamicFromJson(std::string_view json);
/// parse_json(): JSON as encoded, other text as a dynamic string; empty text gives empty bytes (null).
std::string parseJsonLenient(std::string_view text);
/// Checks untrusted bytes (from a file): lengths, tags and nesting.
bool isValidDynamic(std::string_view bytes);
/// Deep equality: object keys in any order, numbers by value.
bool dynamicEquals(DynamicView a, DynamicView b);

} // namespace tocsin
