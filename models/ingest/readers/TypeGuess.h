// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/DataType.h"
#include "ingest/TimestampReader.h"

#include <string_view>

namespace tocsin::ingest {

/// The narrowest column type that holds every value it was shown: bool, long, real, datetime, else string; dynamic as soon as one
/// value is a container.
class TypeGuess {
public:
    /// A value of text form. Empty text says nothing. Digits with a leading zero or plus (postal codes, phone numbers) stay text.
    void addText(std::string_view text, const TimestampReader& times);
    void add(DataType type);
    /// What another guess was shown.
    void add(const TypeGuess& other)
    {
        if (other.m_any)
            add(other.m_type);
    }
    /// Text is as wide as it gets, except for containers: further texts add nothing.
    bool isText() const { return m_any && m_type == DataType::String; }
    /// Whether a text that reads as a time is meant as one: a date is written with separators.
    static bool looksLikeTime(std::string_view text) { return text.size() >= 8 && text.find_first_of("-/:") != std::string_view::npos; }
    DataType type() const { return m_any ? m_type : DataType::String; }

private:
    bool m_any = false;
    DataType m_type = DataType::String;
};

} // namespace tocsin::ingest
