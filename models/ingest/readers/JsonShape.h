// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/TableRows.h"
#include "ingest/readers/TypeGuess.h"
#include "ingest/readers/json/JsonValues.h"

namespace tocsin::ingest {

/// Which members the records of a file have, in the order of their first appearance, and what type of column each needs.
class JsonShape {
public:
    struct Column {
        std::string key;
        std::string name; ///< of the column, unique among all
        TypeGuess guess;
    };

    void see(JsonObject object, const TimestampReader& times);
    /// Whether the value of a column, which is not null, leaves its type as it is. Of a text in a column of times, that is for who reads
    /// the time to say; see TypeGuess::looksLikeTime().
    static bool fits(const Column& column, JsonElement value);
    /// Whether the columns of the other stand in front here, of the same types.
    bool extends(const JsonShape& other) const;
    /// The shape of the part of the file behind this one.
    void add(const JsonShape& next);
    const std::vector<Column>& columns() const { return m_columns; }
    /// Place of a member among the columns, or kNone; members mostly come in the same order, so `hint` is where the one before was found,
    /// plus one. (No optional: the compiler passes one through memory in a way that takes longer than all else here.)
    std::size_t find(std::string_view key, std::size_t hint) const
    {
        return hint < m_columns.size() && m_columns[hint].key == key ? hint : search(key);
    }
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

private:
    std::size_t search(std::string_view key) const;
    void see(Column& column, JsonElement value, const TimestampReader& times);
    Column* columnOf(std::string_view key, std::size_t& hint);
    std::string uniqueName(std::string name) const;

    std::vector<Column> m_columns;
    std::unordered_map<std::string, std::size_t, FoldedHash, std::equal_to<>> m_byKey;
};

} // namespace tocsin::ingest
