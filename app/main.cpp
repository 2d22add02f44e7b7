// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Memory.h"
#include "cli/CommandLine.h"
#include "session/Version.h"
#include "window/RunWindow.h"

#include <QGuiApplication>

#include <csignal>
#include <thread>

namespace {

using namespace tocsin;

/// Turns Ctrl+C into a stop request. Signals are taken by a thread of their own, so that no handler runs anything unsafe.
class InterruptWatch {
public:
    InterruptWatch()
    {
        const sigset_t awaited = awaitedSignals();
        pthread_sigmask(SIG_BLOCK, &awaited, nullptr); // before any thread is made: all inherit it
        m_thread = std::jthread([this](std::stop_token ended) {
            const sigset_t awaited = awaitedSignals();
            for (;;) {
                const int signal = sigwaitinfo(&awaited, nullptr);
                if (ended.stop_requested())
                    return;
                if (signal <= 0 || signal == kWake)
                    continue;
                if (m_stop.stop_requested())
                    _exit(app::cli::kExitCancelled); // the second time means it
                m_stop.request_stop();
            }
        });
    }
    ~InterruptWatch()
    {
        m_thread.request_stop();
        pthread_kill(m_thread.native_handle(), kWake); // a program that has done its work must not wait for a clock
    }
    std::stop_token token() const { return m_stop.get_token(); }

private:
    static constexpr int kWake = SIGUSR2;

    static sigset_t awaitedSignals()
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
    std::stop_source m_stop;
    std::jthread m_thread;
};

int runCommand(const app::cli::Invocation& invocation)
{
    InterruptWatch interrupts;
    auto context = app::AppContext::create();
    if (!context) {
        app::cli::printError(context.error());
        return app::cli::kExitFailed;
    }
    app::cli::CommandContext command{**context, interrupts.token()};
    return invocation.command(command);
}

} // namespace

int main(int argc, char** argv)
{
    keepFreedMemory();
    CLI::App parser("Tocsin, a desktop security operations console", "tocsin");
    parser.set_version_flag("--version", std::string("tocsin ") + session::kVersion);
    app::cli::Invocation invocation;
    parser.add_option("--workspace", invocation.workspace, "Workspace file to open in the window");
    app::cli::addSettingsCommand(parser, invocation);
    app::cli::addDemoCommand(parser, invocation);
    app::cli::addBenchCommand(parser, invocation);
    app::cli::addStoreCommands(parser, invocation);
    app::cli::addCareCommands(parser, invocation);
    app::cli::addQueryCommands(parser, invocation);
    app::cli::addCompleteCommand(parser, invocation);
    app::cli::addRuleCommands(parser, invocation);
    app::cli::addIncidentCommands(parser, invocation);
    app::cli::addNetworkCommands(parser, invocation);
    app::cli::addFormatCommand(parser, invocation);
    app::cli::addCoverageCommand(parser, invocation);
    parser.require_subcommand(0, 1);
    try {
        parser.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return parser.exit(failure) == 0 ? app::cli::kExitDone : app::cli::kExitUsage;
    }
    if (invocation.command) {
        int status = app::cli::kExitDone;
        if (invocation.needsGui) { // fonts and painting need an application, but no display
            const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
            qputenv("QT_QPA_PLATFORM", "offscreen");
            int painterArgc = 1;
            const QGuiApplication painter(painterArgc, argv);
            status = runCommand(invocation);
            platform.isNull() ? qunsetenv("QT_QPA_PLATFORM") : qputenv("QT_QPA_PLATFORM", platform);
        } else {
            status = runCommand(invocation);
        }
        if (status != app::cli::kExitDone || !invocation.thenWindow)
            return status;
    }
    return app::runWindow(argc, argv, invocation.workspace);
}
