// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace tocsin::app::cli {

/// Turns Ctrl+C into a stop request, and the second Ctrl+C into an end at once. Signals are taken by a thread of their own, so that no
/// handler runs anything unsafe. Make it before any other thread: all inherit what is blocked here.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_thread;
};

} // namespace tocsin::app::cli
