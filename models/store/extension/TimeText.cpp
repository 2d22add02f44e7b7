// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/TimeText.h"

#include <string>

namespace tocsin::store {
namespace {

template <typename Reached>
Ticks firstTime(Reached reached)
{
    Ticks low = kMinDateTime;
    Ticks high = kMaxDateTime + 1;
    while (low < high) {
        const Ticks middle = low + (high - low) / 2;
        if (reached(formatDateTime(middle)))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

} // namespace

// std::string compares as SQLite's BINARY collation does: bytes without sign, the shorter text first.
Ticks firstTimeNotBefore(std::string_view text)
{
    return firstTime([text](const std::string& time) { return time >= text; });
}

Ticks firstTimeBehind(std::string_view text)
{
    return firstTime([text](const std::string& time) { return time > text; });
}

} // namespace tocsin::store
