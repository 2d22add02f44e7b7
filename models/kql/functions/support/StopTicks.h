// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <utility>

namespace tocsin::kql {

/// For long loops over one value: whether the query has been told to stop, asked once in so many steps. A kernel may then leave off, for
/// what it gives is not used.
class StopTicks {
public:
    explicit StopTicks(std::stop_token stop) : m_stop(std::move(stop)) {}
    bool operator()() { return ++m_steps % kSteps == 0 && m_stop.stop_requested(); }

private:
    static constexpr std::uint32_t kSteps = 4'096;
    std::stop_token m_stop;
    std::uint32_t m_steps = 0;
};

} // namespace tocsin::kql
