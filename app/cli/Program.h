// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/CommandLine.h"

#include <functional>
#include <string>

namespace tocsin::app::cli {

/// What only a program with fonts and windows can do.
struct Desktop {
    /// Runs work that paints, with what painting needs around it, and gives its status.
    std::function<int(const std::function<int()>& work)> whilePainting;
    ReportWriter writeReport;
    /// Opens the window on a workspace (empty: the last one) and runs until it closes.
    std::function<int(const std::string& workspace)> runWindow;
};

/// Runs what the arguments ask for and gives the exit status. Without a desktop, what needs one is handed to the program
/// `tocsin-desktop` beside this one: most commands start several times faster without the libraries of the window.
int runProgram(int argc, char** argv, const Desktop* desktop);

} // namespace tocsin::app::cli
