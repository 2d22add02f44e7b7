// SPDX-License-Identifier: GPL-3.0-or-later
// bench_sigma RULES LOGS: reads all Sigma rules for Windows below RULES, asks all of them about every event of the .evtx files below LOGS,
// and prints how long reading alone and reading with matching took.
#include "detect/sigma/EvtxView.h"
#include "detect/sigma/SigmaMatcher.h"
#include "detect/sigma/SigmaReader.h"
#include "ingest/ByteSources.h"
#include "ingest/readers/evtx/EvtxFile.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace tocsin;
using namespace tocsin::detect::sigma;

namespace {

std::vector<std::filesystem::path> filesBelow(const char* folder, const char* extension)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator it(folder, error), end; it != end; it.increment(error))
        if (it->is_regular_file(error) && it->path().extension() == extension)
            files.push_back(it->path());
    std::sort(files.begin(), files.end());
    return files;
}

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fprintf(stderr, "bench_sigma RULES LOGS\n");
        return 2;
    }
    auto start = std::chrono::steady_clock::now();
    std::vector<SigmaRule> rules;
    for (const auto& path : filesBelow(arguments[1], ".yml")) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        if (auto file = readSigmaFile(text.str(), path.string()))
            for (SigmaRule& rule : file->rules)
                if (rule.logSource.product == "windows")
                    rules.push_back(std::move(rule));
    }
    std::printf("%zu rules read in %.2f s\n", rules.size(), secondsSince(start));
    start = std::chrono::steady_clock::now();
    const SigmaRuleSet set(std::move(rules));
    std::printf("made ready in %.2f s\n", secondsSince(start));

    const auto logs = filesBelow(arguments[2], ".evtx");
    for (const bool match : {false, true, false, true}) {
        SigmaMatcher matcher(set);
        EvtxView view;
        std::uint64_t events = 0, matches = 0, bytes = 0;
        start = std::chrono::steady_clock::now();
        for (const auto& path : logs) {
            auto source = ingest::FileByteSource::open(path.string());
            if (!source)
                continue;
            bytes += (*source)->size();
            (void)ingest::forEachEvent(**source, [&](const ingest::EvtxEvent& event) -> Result<void> {
                ++events;
                if (match)
                    matches += matcher.match(view.show(event)).size();
                return {};
            });
        }
        const double seconds = secondsSince(start);
        std::printf("%s: %zu files, %.1f MB, %llu events, %llu matches, %.2f s, %.1f MB/s\n", match ? "read and match" : "read", logs.size(), static_cast<double>(bytes) / 1e6,
                    static_cast<unsigned long long>(events), static_cast<unsigned long long>(matches), seconds, static_cast<double>(bytes) / 1e6 / seconds);
    }
    return 0;
}
