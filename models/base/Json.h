// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

/// Appends the text as a JSON string with its quotation marks. Invalid UTF-8 becomes U+FFFD, so the output is always valid.
void appendJsonString(std::string& out, std::string_view text);
/// Shortest text that reads back as the same double; NaN and infinities as the strings "NaN", "inf", "-inf".
void appendJsonNumber(std::string& out, double value);

/// Writes JSON into a string, taking care of commas and quoting. Reading is simdjson's.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : m_out(out) {}

    JsonWriter& beginObject() { separate(); m_out += '{'; m_first.push_back(true); return *this; }
    JsonWriter& endObject() { m_out += '}'; m_first.pop_back(); return *this; }
    JsonWriter& beginArray() { separate(); m_out += '['; m_first.push_back(true); return *this; }
    JsonWriter& endArray() { m_out += ']'; m_first.pop_back(); return *this; }
    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view text) { separate(); appendJsonString(m_out, text); return *this; }
    JsonWriter& number(std::int64_t value) { separate(); m_out += std::to_string(value); return *this; }
    JsonWriter& real(double value) { separate(); appendJsonNumber(m_out, value); return *this; }
    JsonWriter& boolean(bool value) { separate(); m_out += value ? "true" : "false"; return *this; }
    JsonWriter& null() { separate(); m_out += "null"; return *this; }
    /// Text that is JSON already.
    JsonWriter& raw(std::string_view json) { separate(); m_out += json; return *this; }

private:
    void separate();
    std::string& m_out;
    std::vector<bool> m_first;
    bool m_afterKey = false;
};

} // namespace tocsin
