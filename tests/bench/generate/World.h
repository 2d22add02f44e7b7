// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Random.h"

#include <string>
#include <vector>

namespace tocsin::bench {

/// Who and what occurs in the rows: the same whatever the seed, so that files made in pieces tell of one company. Texts are ready for JSON.
struct World {
    World();

    struct Command {
        std::uint32_t program = 0;
        std::string text;
    };
    const std::string& word(Random& random) const { return words[random.skewed(static_cast<std::uint32_t>(words.size()))]; }
    /// A command line of a program, of parts that come again and again.
    void appendCommand(std::string& out, std::uint32_t program, Random& random) const;

    std::vector<std::string> words;
    std::vector<std::string> users;     ///< name without domain
    std::vector<std::string> domains;
    std::vector<std::string> computers;
    std::vector<std::string> addresses;
    std::vector<std::string> applications;
    std::vector<std::string> programs;  ///< with their folders
    std::vector<std::string> processes; ///< the same without
    std::vector<std::string> folders;
    std::vector<std::string> scripts;
    std::vector<std::string> rules;
    std::vector<Command> commands;      ///< that run every day
};

} // namespace tocsin::bench
