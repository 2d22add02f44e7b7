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
    DataType type() const { return m_any ? m_type : DataType::String; }

private:
    bool m_any = false;
    DataType m_type = DataType::String;
};

} // namespace tocsin::ingest
