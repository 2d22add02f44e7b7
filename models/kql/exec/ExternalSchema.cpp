// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/ExternalSchema.h"

#include "base/Guid.h"
#include "base/Ticks.h"
#include "kql/functions/support/Convert.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr std::size_t kSample = 20'000;       ///< records of a text that are looked at
constexpr std::size_t kBetweenChecks = 1024;

bool hasDigit(std::string_view text) { return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }

/// The narrowest type of a text that is no number and no truth value.
DataType typeOfWords(std::string_view text)
{
    if (text.size() >= 32 && parseGuid(text))
        return DataType::Guid;
    if (text.size() >= 8 && hasDigit(text)) { // short texts such as "12" or "May" would be read as times of today
        if (text.find(':') != std::string_view::npos && text.find_first_of("-/T ") == std::string_view::npos && parseTimeSpan(text))
            return DataType::TimeSpan;
        if (text.find_first_of("-/") != std::string_view::npos && parseDateTime(text))
            return DataType::DateTime;
    }
    return DataType::String;
}

DataType typeOfText(std::string_view text)
{
    if (longFromText(text))
        return DataType::Long;
    if (hasDigit(text) && realFromText(text))
        return DataType::Real;
    if (equalsIgnoringCase(text, "true") || equalsIgnoringCase(text, "false"))
        return DataType::Bool;
    if ((text.front() == '{' || text.front() == '[') && dynamicFromJson(text))
        return DataType::Dynamic;
    return typeOfWords(text);
}

std::optional<DataType> typeOfJson(DynamicView value)
{
    switch (value.tag()) {
    case DynamicTag::Null: return std::nullopt;
    case DynamicTag::False: case DynamicTag::True: return DataType::Bool;
    case DynamicTag::Long: return DataType::Long;
    case DynamicTag::Real: return DataType::Real;
    case DynamicTag::String: return typeOfWords(value.asString());
    default: return DataType::Dynamic;
    }
}

} // namespace

SchemaGuess::Guess& SchemaGuess::named(std::string_view name)
{
    const auto [place, fresh] = m_places.try_emplace(std::string(name), m_guesses.size());
    if (fresh)
        m_guesses.push_back({std::string(name), {}, 0, 0});
    return m_guesses[place->second];
}

void SchemaGuess::widen(Guess& guess, DataType type, std::int64_t number)
{
    if (type == DataType::Long) {
        guess.least = guess.type == DataType::Long ? std::min(guess.least, number) : number;
        guess.most = guess.type == DataType::Long ? std::max(guess.most, number) : number;
    }
    const bool numbers = guess.type && isNumeric(*guess.type) && isNumeric(type);
    guess.type = !guess.type || *guess.type == type ? type : numbers ? DataType::Real : DataType::String;
}

Result<void> SchemaGuess::add(std::string_view text, const ExternalFormat& format, const std::function<Result<void>()>& checkStop)
{
    std::size_t count = 0;
    std::vector<std::string> names;
    const auto another = [&]() -> Result<bool> {
        if (++count % kBetweenChecks == 0)
            TOCSIN_TRY(checkStop());
        return count < kSample;
    };
    ExternalRecords records;
    records.fields = [&](std::span<const std::string> fields) -> Result<bool> {
        if (count == 0 && m_namesFirst)
            names.assign(fields.begin(), fields.end());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            Guess& guess = named(i < names.size() && !names[i].empty() ? names[i] : "Column" + std::to_string(i + 1));
            if (!fields[i].empty() && !(count == 0 && m_namesFirst))
                widen(guess, typeOfText(fields[i]), longFromText(fields[i]).value_or(0));
        }
        return another();
    };
    records.object = [&](DynamicView object) -> Result<bool> {
        for (std::size_t i = 0; object.isObject() && i < object.size(); ++i) {
            Guess& guess = named(object.key(i));
            if (const auto type = typeOfJson(object.item(i)))
                widen(guess, *type, *type == DataType::Long ? object.item(i).asLong() : 0);
        }
        return another();
    };
    return forEachRecord(text, format, records);
}

std::vector<SchemaGuess::Column> SchemaGuess::columns() const
{
    std::vector<Column> columns;
    for (const Guess& guess : m_guesses)
        columns.push_back({guess.name, guess.type.value_or(DataType::String), guess.least, guess.most});
    return columns;
}

} // namespace tocsin::kql
