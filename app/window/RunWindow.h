// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tocsin::app {

/// Opens the window on a workspace (made if it is not there; without a name, the last one or a new one in the user's documents) and
/// runs until it closes. Gives the exit status.
int runWindow(int argc, char** argv, const std::string& workspace);

} // namespace tocsin::app
