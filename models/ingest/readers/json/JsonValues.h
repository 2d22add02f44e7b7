// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Dynamic.h"
#include "ingest/readers/TableRows.h"
#include "ingest/readers/json/JsonRecords.h"

#include <simdjson.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;

/// Parses one record at a time, reusing its memory.
class JsonParser {
public:
    /// The object stays valid until the next call. Text that is not JSON is mended if only its numbers (too large, NaN), its encoding or
    /// bare control characters are wrong; `mended` then says what was done.
    Result<JsonObject> parse(std::string_view paddedText);
    const std::string& mended() const { return m_mended; }

private:
    simdjson::error_code parseText(std::string_view paddedText, JsonElement& root);

    simdjson::dom::parser m_parser;
    std::string m_repaired;
    std::string m_mended;
};

/// A fixed set of member names, found without regard to case and underscores (`eventTimestamp` is `event_timestamp`).
class KeySet {
public:
    explicit KeySet(std::span<const std::string_view> names);
    /// Place in the list, or -1.
    int find(std::string_view key) const;
    std::size_t size() const { return m_count; }

private:
    std::vector<std::pair<std::string_view, int>> m_slots; ///< open addressing, size a power of two
    std::size_t m_count;
};

/// The members of one object that a KeySet names. Of members whose names differ only by case, the first that is not null.
class Members {
public:
    explicit Members(const KeySet& keys) : m_keys(keys), m_values(keys.size()) {}
    void read(JsonObject object);
    void clear() { m_values.assign(m_values.size(), {}); }
    /// Null if absent or JSON null.
    const JsonElement* at(std::size_t key) const { return m_values[key] ? &*m_values[key] : nullptr; }
    /// The text, or "" if it is absent or no string.
    std::string_view text(std::size_t key) const;

private:
    const KeySet& m_keys;
    std::vector<std::optional<JsonElement>> m_values;
};

/// As text: a string as it is, a scalar as JSON writes it, an object or array as compact JSON; null as "".
std::string jsonText(JsonElement value);
/// Puts a value into a column, converted to its type; null leaves the column unset.
void setJson(TableBuilder& table, std::size_t column, JsonElement value);
/// By name; a column the table does not have is left out.
void setJson(TableBuilder& table, std::string_view column, const JsonElement* value);
void buildDynamic(DynamicBuilder& out, JsonElement value);
/// Appends the value in the form of Dynamic.h: the same bytes as through a builder, without one.
void appendDynamic(std::string& out, JsonElement value);
void appendDynamic(std::string& out, JsonObject object);
/// Appends the value as JSON without blanks.
void appendCompactJson(std::string& out, JsonElement value);
/// The member under exactly this name, or nothing; null counts as nothing.
std::optional<JsonElement> member(JsonElement value, std::string_view name);
std::optional<JsonElement> member(JsonObject object, std::string_view name);
/// Its text, or "" if it is absent or no string.
std::string_view memberText(JsonElement value, std::string_view name);
std::string_view memberText(JsonObject object, std::string_view name);
/// A JSON string that may itself hold JSON (`properties` sent as text): the object it holds, or nothing. `parser` owns it.
std::optional<JsonObject> objectInText(simdjson::dom::parser& parser, std::string_view text);

} // namespace tocsin::ingest
