// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// The first record of a JSON file as far as its first bytes show it: names of the members and the values that are plain text.
/// For recognising formats; the record may be cut off.
class JsonPeek {
public:
    explicit JsonPeek(std::string_view head);

    /// Whether the bytes start like JSON: an object or array that holds something JSON could hold.
    bool isJson() const { return m_json; }
    /// Names without regard to case.
    bool has(std::string_view name) const;
    std::string_view text(std::string_view name) const;
    const std::vector<std::string>& keys() const { return m_keys; }
    /// Of a query answer.
    std::string_view table() const { return m_table; }

private:
    void scan(std::string_view record);

    bool m_json = false;
    std::vector<std::string> m_keys;
    std::vector<std::string> m_values; ///< beside m_keys; empty for other values than text
    std::string m_table;
};

} // namespace tocsin::ingest
