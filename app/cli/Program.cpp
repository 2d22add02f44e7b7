// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Program.h"

#include "base/Memory.h"
#include "cli/InterruptWatch.h"
#include "session/Version.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tocsin::app::cli {
namespace {

constexpr std::size_t kFirstHeap = 3 << 20;

constexpr ErrorKind kNoDesktop{"app.no_desktop", "The program of the window, {0}, could not be started: {1}", "Install it beside the program tocsin, or build the target tocsin_desktop."};

int runCommand(const Invocation& invocation, const Desktop* desktop)
{
    InterruptWatch interrupts;
    fillHeap(kFirstHeap);
    auto context = AppContext::create();
    if (!context) {
        printError(context.error());
        return kExitFailed;
    }
    CommandContext command{**context, interrupts.token(), desktop ? desktop->writeReport : ReportWriter()};
    return invocation.command(command);
}

/// Becomes the program of the window, with the same arguments; returns only if that fails.
int becomeDesktop(char** argv)
{
    std::error_code failure;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", failure);
    const std::string program = own.parent_path() / "tocsin-desktop";
    if (!failure) {
        execv(program.c_str(), argv);
        failure = std::error_code(errno, std::system_category());
    }
    printError(makeError(kNoDesktop, program, failure.message()));
    return kExitFailed;
}

} // namespace

int runProgram(int argc, char** argv, const Desktop* desktop)
{
    keepFreedMemory();
    CLI::App parser("Tocsin, a desktop security operations console", "tocsin");
    parser.set_version_flag("--version", std::string("tocsin ") + session::kVersion);
    Invocation invocation;
    parser.add_option("--workspace", invocation.workspace, "Workspace file to open in the window");
    for (const auto add : {addSettingsCommand, addDemoCommand, addBenchCommand, addStoreCommands, addCareCommands, addQueryCommands, addCompleteCommand,
                           addRuleCommands, addIncidentCommands, addNetworkCommands, addFormatCommand, addCoverageCommand})
        add(parser, invocation);
    parser.require_subcommand(0, 1);
    try {
        parser.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return parser.exit(failure) == 0 ? kExitDone : kExitUsage;
    }
    if (!desktop && (!invocation.command || invocation.paints || invocation.thenWindow))
        return becomeDesktop(argv);
    if (invocation.command) {
        const auto run = [&] { return runCommand(invocation, desktop); };
        const int status = invocation.paints ? desktop->whilePainting(run) : run();
        if (status != kExitDone || !invocation.thenWindow)
            return status;
    }
    return desktop->runWindow(invocation.workspace);
}

} // namespace tocsin::app::cli
