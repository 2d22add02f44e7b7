// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"

#include <chrono>

namespace tocsin {

Ticks SystemClock::now() const
{
    using HundredNanoseconds = std::chrono::duration<std::int64_t, std::ratio<1, kTicksPerSecond>>;
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return kUnixEpoch + std::chrono::duration_cast<HundredNanoseconds>(sinceEpoch).count();
}

} // namespace tocsin
