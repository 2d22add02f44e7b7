// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/ExternalText.h"

#include <map>
#include <optional>

namespace tocsin::kql {

/// Guesses the columns of a text from its records: the narrowest type that all values of a column fit.
class SchemaGuess {
public:
    struct Column {
        std::string name;
        DataType type = DataType::String;
        std::int64_t least = 0, most = 0; ///< of a long column
    };

    /// Of texts in lines: whether the first record has the names. Without, columns are Column1, Column2, ….
    explicit SchemaGuess(bool namesFirst) : m_namesFirst(namesFirst) {}
    /// Takes the first records of a text; several texts have one schema together.
    Result<void> add(std::string_view text, const ExternalFormat& format, const std::function<Result<void>()>& checkStop);
    std::vector<Column> columns() const;

private:
    struct Guess {
        std::string name;
        std::optional<DataType> type; ///< nothing: no value so far
        std::int64_t least = 0, most = 0;
    };
    void widen(Guess& guess, DataType type, std::int64_t number);
    Guess& named(std::string_view name);

    bool m_namesFirst;
    std::vector<Guess> m_guesses;
    std::map<std::string, std::size_t, std::less<>> m_places;
};

} // namespace tocsin::kql
