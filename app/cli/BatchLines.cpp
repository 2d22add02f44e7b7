// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/BatchLines.h"

#include "cli/CommandLine.h"

#include <fstream>
#include <iostream>

namespace tocsin::app::cli {

bool forEachLine(const std::string& path, const std::function<void(const std::string&)>& use, bool emptyToo)
{
    std::ifstream file;
    if (path != "-") {
        file.open(path);
        if (!file) {
            printError(makeError(kFileUnreadable, path, "it cannot be opened"));
            return false;
        }
    }
    std::istream& input = path == "-" ? std::cin : file;
    for (std::string line; std::getline(input, line);)
        if (!line.empty() || emptyToo)
            use(line);
    return true;
}

} // namespace tocsin::app::cli
