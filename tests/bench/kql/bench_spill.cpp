// SPDX-License-Identifier: GPL-3.0-or-later
// Queries far larger than their memory: `bench_spill [millions of rows] [budget in MB] [threads]`. Prints time, what the budget has
// counted, the peak of the process and the temporary disk space of each. The rows are made as they are read, so the process holds little else.
#include "catalog/MemoryTable.h"
#include "engine/LocalEngine.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace {

using namespace tocsin;

class Counter final : public engine::ResultSink {
public:
    void schema(const engine::ResultSchema&) override {}
    void batch(std::size_t, Batch batch) override { rows += batch.rows(); }
    void progress(const engine::QueryProgress&) override {}
    void finished(const engine::QueryOutcome& end) override { outcome = end; }
    std::uint64_t rows = 0;
    engine::QueryOutcome outcome;
};

/// The most memory the process has held since it was last asked.
std::uint64_t peakMegabytes()
{
    std::uint64_t kilobytes = 0;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            kilobytes = std::strtoull(line.c_str() + 6, nullptr, 10);
    std::ofstream("/proc/self/clear_refs") << "5";
    return kilobytes >> 10;
}

} // namespace

int main(int count, char** arguments)
{
    const auto argument = [&](int index, unsigned otherwise) { return count > index ? static_cast<unsigned>(std::strtoul(arguments[index], nullptr, 10)) : otherwise; };
    const unsigned millions = argument(1, 10), budget = argument(2, 1024), threads = argument(3, 2);
    catalog::MemoryCatalog catalog("bench");
    const kql::FunctionRegistry functions = kql::builtInFunctions();
    ThreadPool pool(threads);
    SystemClock clock;
    Log log;
    engine::LocalEngine local(catalog, functions, pool, clock, log, {}, std::filesystem::temp_directory_path());
    const std::string rows = fmt::format("range x from 1 to {} step 1 | extend h = hash(x)", millions * 1'000'000ULL);
    const std::string half = fmt::format("range x from 1 to {} step 1 | extend h = hash(x + {})", millions * 1'000'000ULL, millions * 500'000ULL);
    const std::string wide = " | extend a = strcat('user-', tostring(h)), b = strcat('C:\\\\Windows\\\\System32\\\\', tostring(x * 31), '.exe'), c = tostring(h * 7), d = x % 1000, e = x * 3, f = todouble(x) / 7, g = strcat('host', tostring(x % 5000), '.example.net')";
    const std::pair<const char*, std::string> queries[] = {
        {"groups", rows + " | summarize n = count(), s = sum(x), m = max(x) by h"},
        {"groups of text", rows + " | extend k = strcat('user-', tostring(h)) | summarize n = count(), s = sum(x) by k"},
        {"wide rows sorted", rows + wide + " | sort by h asc"},
        {"wide rows sorted by text", rows + wide + " | sort by a asc"},
        {"join", rows + " | join kind=inner (" + half + " | project h, y = x, z = tostring(x)) on h"},
    };
    fmt::print("{} million rows, {} MB, {} threads\n{:<26}{:>10}{:>12}{:>12}{:>12}{:>12}\n", millions, budget, threads, "", "seconds", "rows", "counted MB", "process MB", "disk MB");
    for (const auto& [name, text] : queries) {
        peakMegabytes();
        engine::QueryRequest request;
        request.text = text;
        request.threads = threads;
        request.limits = {.resultRows = 0, .resultBytes = 0, .memoryBytes = std::uint64_t{budget} << 20, .time = 0};
        Counter sink;
        const auto start = std::chrono::steady_clock::now();
        local.submit(request, sink)->wait();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (!sink.outcome.errors.empty())
            fmt::print("{}: {}\n", name, errorMessage(sink.outcome.errors[0]));
        const engine::QueryStatistics& statistics = sink.outcome.statistics;
        fmt::print("{:<26}{:>10.2f}{:>12}{:>12}{:>12}{:>12}\n", name, took.count(), sink.rows, statistics.peakMemoryBytes >> 20, peakMegabytes(), statistics.peakSpillBytes >> 20);
    }
    return 0;
}
