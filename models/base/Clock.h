// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <atomic>

namespace tocsin {

/// The time of day as a dependency, so that tests and replays choose it.
class Clock {
public:
    virtual ~Clock() = default;
    /// UTC now, as datetime ticks. Any thread.
    virtual Ticks now() const = 0;
};

class SystemClock final : public Clock {
public:
    Ticks now() const override;
};

/// A clock that stands still until it is moved.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Ticks start) : m_now(start) {}
    Ticks now() const override { return m_now.load(); }
    void set(Ticks now) { m_now.store(now); }
    void advance(Ticks by) { m_now.fetch_add(by); }

private:
    std::atomic<Ticks> m_now;
};

} // namespace tocsin
