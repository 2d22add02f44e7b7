// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AppContext.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <stop_token>
#include <string>

namespace tocsin::app::cli {

/// Exit status of every command.
enum ExitStatus { kExitDone = 0, kExitInputErrors = 1, kExitUsage = 2, kExitFailed = 3, kExitCancelled = 130 };

/// Writes the report of an incident as PDF and gives the number of its pages.
using ReportWriter = std::function<Result<int>(const report::IncidentReport& report, const std::string& path)>;

/// What a command gets: the parts of the program, and the wish to stop (Ctrl+C).
struct CommandContext {
    AppContext& app;
    std::stop_token stop;
    ReportWriter writeReport; ///< there for commands that paint
};

/// The command that the arguments name; run after parsing. Empty: open the window.
using Command = std::function<int(CommandContext&)>;

/// What the arguments ask for.
struct Invocation {
    Command command;          ///< empty: open the window
    std::string workspace;    ///< for the window
    bool paints = false;      ///< the command writes reports
    bool thenWindow = false;  ///< open the window on `workspace` when the command succeeded
};

/// Each adds its subcommands; the chosen one sets `invocation.command` when it is parsed.
void addQueryCommands(CLI::App& parser, Invocation& invocation);
void addStoreCommands(CLI::App& parser, Invocation& invocation);
void addCareCommands(CLI::App& parser, Invocation& invocation);
void addRuleCommands(CLI::App& parser, Invocation& invocation);
void addIncidentCommands(CLI::App& parser, Invocation& invocation);
void addNetworkCommands(CLI::App& parser, Invocation& invocation);
void addCompleteCommand(CLI::App& parser, Invocation& invocation);
void addFormatCommand(CLI::App& parser, Invocation& invocation);
void addCoverageCommand(CLI::App& parser, Invocation& invocation);
void addSettingsCommand(CLI::App& parser, Invocation& invocation);
void addDemoCommand(CLI::App& parser, Invocation& invocation);
/// `bench-serve`, for measuring; not listed. Lines in: `Q <n> <query>` runs a query n times and gives {"ms":[…],"cpu":[…],"rows":…} or
/// {"error":…}; `R <query>` gives its rows, tab separated, and a line of byte 0x04; `M` gives {"rss":…,"hwm":…} in KiB.
void addBenchCommand(CLI::App& parser, Invocation& invocation);

/// Prints an error in its three parts to standard error.
void printError(const Error& error);
/// Opens a workspace, or prints why not and returns null.
std::unique_ptr<session::Session> openSession(CommandContext& context, const std::string& workspace, store::OpenOptions options = {.create = false, .readOnly = false});
/// The same for commands that change nothing: beside a program that has the workspace open for writing, and on a medium that cannot be
/// written, it is opened read-only.
std::unique_ptr<session::Session> openForReading(CommandContext& context, const std::string& workspace);

/// Shows progress on standard error while that is a terminal; otherwise does nothing.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    void show(const std::string& text);

private:
    bool m_terminal;
    bool m_shown = false;
    Ticks m_last = 0;
};

} // namespace tocsin::app::cli
