// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace tocsin::catalog {

/// The newest (or oldest) time at which each value of a text column has been met. Whoever wants only the newest row of each value can do
/// without pieces of a table whose values have all been met later. Any thread.
class ValueTimes {
public:
    explicit ValueTimes(bool newest) : m_newest(newest) {}
    bool newest() const { return m_newest; }

    /// Rows that have been taken: the value and the time of each. Only values of the domain met first are remembered.
    void note(const Vector& values, const Vector& times);
    /// Whether every value of a piece has been met beyond `furthest`, the newest (oldest) time in it: then none of its rows is wanted.
    /// The values are given by their numbers in the domain, all of them or those that are `used`.
    bool allBeyond(const DictionaryNumbers& values, const std::vector<std::uint32_t>* used, Ticks furthest);

private:
    static constexpr std::size_t kTries = 16; ///< pieces that are all wanted, after which it is given up

    bool isGivenUp() const { return m_asked >= kTries && m_excluded == 0; }

    const bool m_newest;
    std::mutex m_mutex;
    std::shared_ptr<const void> m_domain;
    std::vector<Ticks> m_times; ///< by number; those met last are larger, also if the oldest are wanted
    std::size_t m_asked = 0;
    std::size_t m_excluded = 0;
};

} // namespace tocsin::catalog
