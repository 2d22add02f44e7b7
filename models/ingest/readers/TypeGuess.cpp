// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TypeGuess.h"

#include "base/Utf8.h"

#include <charconv>

namespace tocsin::ingest {

namespace {

bool keepsAsNumber(std::string_view text)
{
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool padded = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
    return !digits.empty() && digits[0] >= '0' && digits[0] <= '9' && !padded;
}

DataType typeOfText(std::string_view text, const TimestampReader& times)
{
    if (equalsIgnoringCase(text, "true") || equalsIgnoringCase(text, "false"))
        return DataType::Bool;
    const char* const end = text.data() + text.size();
    if (keepsAsNumber(text)) {
        std::int64_t whole = 0;
        if (const auto [at, error] = std::from_chars(text.data(), end, whole); error == std::errc() && at == end)
            return DataType::Long;
        double real = 0;
        if (const auto [at, error] = std::from_chars(text.data(), end, real); error == std::errc() && at == end)
            return DataType::Real;
    }
    return TypeGuess::looksLikeTime(text) && times.read(text) ? DataType::DateTime : DataType::String;
}

} // namespace

void TypeGuess::addText(std::string_view text, const TimestampReader& times)
{
    if (text.empty() || (m_any && m_type == DataType::String))
        return;
    add(typeOfText(text, times));
}

void TypeGuess::add(DataType type)
{
    if (!m_any) {
        m_any = true;
        m_type = type;
        return;
    }
    if (m_type == type || m_type == DataType::Dynamic)
        return;
    if (type == DataType::Dynamic)
        m_type = DataType::Dynamic;
    else if ((m_type == DataType::Long && type == DataType::Real) || (m_type == DataType::Real && type == DataType::Long))
        m_type = DataType::Real;
    else
        m_type = DataType::String;
}

} // namespace tocsin::ingest
