// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/InterruptWatch.h"

#include "cli/CommandLine.h"

#include <unistd.h>

#include <csignal>

namespace tocsin::app::cli {
namespace {

constexpr int kWake = SIGUSR2;

sigset_t awaitedSignals()
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, kWake);
    sigaddset(&awaited, SIGTERM);
    // A shell that starts a program in the background lets it ignore Ctrl+C, which is meant for whatever runs in front.
    struct sigaction inherited {};
    if (sigaction(SIGINT, nullptr, &inherited) != 0 || inherited.sa_handler != SIG_IGN)
        sigaddset(&awaited, SIGINT);
    return awaited;
}

} // namespace

InterruptWatch::InterruptWatch()
{
    const sigset_t awaited = awaitedSignals();
    pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    m_thread = std::jthread([this](std::stop_token ended) {
        const sigset_t awaited = awaitedSignals();
        for (;;) {
            const int signal = sigwaitinfo(&awaited, nullptr);
            if (ended.stop_requested())
                return;
            if (signal <= 0 || signal == kWake)
                continue;
            if (m_stop.stop_requested())
                _exit(kExitCancelled); // the second time means it
            m_stop.request_stop();
        }
    });
}

InterruptWatch::~InterruptWatch()
{
    m_thread.request_stop();
    pthread_kill(m_thread.native_handle(), kWake); // a program that has done its work must not wait for a clock
}

} // namespace tocsin::app::cli
