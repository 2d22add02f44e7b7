// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Line.h"
#include "Random.h"
#include "base/Ticks.h"

#include <vector>

namespace tocsin::bench {

/// When rows happen: a working week with its nights and its quiet Saturday and Sunday, and as in real logs a row may come half a minute late.
class Timeline {
public:
    /// `start` is the beginning of a day.
    Timeline(Ticks start, std::uint32_t days, std::uint32_t rows);

    /// Appends the beginning of the line, with the time of the row at that place in the order of time.
    void begin(Line& line, std::uint32_t place, Random& random) const;

private:
    std::uint64_t microseconds(std::uint32_t place) const;

    struct Hour {
        std::uint64_t before = 0; ///< sum of the weights of all hours before
        std::uint64_t weight = 0;
    };
    std::uint64_t m_rows;
    std::uint64_t m_total = 0;
    std::vector<Hour> m_hours;
    std::vector<std::uint32_t> m_hourOf; ///< by unit of weight
    std::vector<std::string> m_days;     ///< `{"TimeGenerated":"2024-06-01T`
};

} // namespace tocsin::bench
