// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <limits>

using namespace tocsin;

int main(int count, char** arguments)
{
    CLI::App program("Writes made-up log rows as NDJSON: the same bytes for the same options on every machine");
    bench::Shape shape;
    std::string kind;
    std::string out = "-";
    std::string start = "2024-06-01";
    std::vector<std::string> names;
    for (const bench::Kind& known : bench::kinds())
        names.emplace_back(known.name);
    program.add_option("--kind", kind, "What the rows are of")->required()->check(CLI::IsMember(names));
    program.add_option("--rows", shape.rows, "How many rows")->capture_default_str()->check(CLI::Range(1U, std::numeric_limits<std::uint32_t>::max()));
    program.add_option("--seed", shape.seed, "Other seeds make other rows")->capture_default_str();
    program.add_option("--start", start, "First day, as YYYY-MM-DD")->capture_default_str();
    program.add_option("--days", shape.days, "Days that the rows cover")->capture_default_str()->check(CLI::Range(1U, 3'660U));
    program.add_option("--distinct", shape.distinct, "Different values of Url, of requests")->capture_default_str()->check(CLI::PositiveNumber);
    program.add_flag("--shuffled", shape.shuffled, "Rows in random order of time");
    program.add_option("--out", out, "File to write, - for standard output")->capture_default_str();
    CLI11_PARSE(program, count, arguments);

    const auto day = start.size() == 10 ? parseIsoDateTime(start) : std::nullopt;
    if (!day) {
        std::fprintf(stderr, "--start: %s is not a day\n", start.c_str());
        return 2;
    }
    shape.start = *day;
    std::FILE* const file = out == "-" ? stdout : std::fopen(out.c_str(), "wb");
    if (!file) {
        std::perror(out.c_str());
        return 1;
    }
    const bool written = bench::generate(*bench::findKind(kind), shape, [&](std::string_view block) { return std::fwrite(block.data(), 1, block.size(), file) == block.size(); });
    const bool closed = file == stdout ? std::fflush(file) == 0 : std::fclose(file) == 0;
    if (written && closed)
        return 0;
    std::perror(out.c_str());
    return 1;
}
