// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "cli/CommandLine.h"
#include "engine/QueryEngine.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>

namespace tocsin::app::cli {
namespace {

double cpuMilliseconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3; };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// A line of /proc/self/status in KiB; 0 where there is none.
std::int64_t memoryKiB(std::string_view name)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name))
            return std::strtoll(line.c_str() + name.size() + 1, nullptr, 10);
    return 0;
}

/// Answers queries one line at a time, so that a measuring program sees a warm process: see addBenchCommand().
class BenchServer {
public:
    BenchServer(session::Session& session, std::stop_token stop) : m_session(session), m_stop(std::move(stop)) {}

    void run()
    {
        for (std::string line; !m_stop.stop_requested() && std::getline(std::cin, line);) {
            if (line.starts_with("Q "))
                time(std::string_view(line).substr(2));
            else if (line.starts_with("R "))
                print(line.substr(2));
            else if (line.starts_with("M"))
                fmt::print("{{\"rss\":{},\"hwm\":{}}}\n", memoryKiB("VmRSS:"), memoryKiB("VmHWM:"));
            std::fflush(stdout);
        }
    }

private:
    engine::QueryAnswer ask(std::string text)
    {
        engine::QueryRequest request;
        request.text = std::move(text);
        return engine::runQuery(m_session.engine(), std::move(request));
    }

    static std::string failureOf(const engine::QueryAnswer& answer)
    {
        return answer.outcome.errors.empty() ? std::string("cancelled") : errorMessage(answer.outcome.errors.front());
    }

    /// `<n> <query>`
    void time(std::string_view rest)
    {
        int times = 1;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), times);
        rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(end - rest.data()) + 1));
        std::string milliseconds;
        std::string cpu;
        std::size_t rows = 0;
        for (int i = 0; i < times; ++i) {
            const double cpuBefore = cpuMilliseconds();
            const auto before = std::chrono::steady_clock::now();
            const engine::QueryAnswer answer = ask(std::string(rest));
            const double elapsed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count();
            if (answer.outcome.kind != engine::QueryOutcome::Kind::Done) {
                std::string json;
                JsonWriter(json).beginObject().key("error").string(failureOf(answer)).endObject();
                fmt::print("{}\n", json);
                return;
            }
            const char* const separator = i ? "," : "";
            milliseconds += fmt::format("{}{:.3f}", separator, elapsed);
            cpu += fmt::format("{}{:.3f}", separator, cpuMilliseconds() - cpuBefore);
            rows = answer.results.empty() ? 0 : answer.results.front().rows();
        }
        fmt::print("{{\"ms\":[{}],\"cpu\":[{}],\"rows\":{}}}\n", milliseconds, cpu, rows);
    }

    void print(std::string text)
    {
        const engine::QueryAnswer answer = ask(std::move(text));
        if (answer.outcome.kind != engine::QueryOutcome::Kind::Done)
            fmt::print("ERROR {}\n", failureOf(answer));
        else if (!answer.results.empty())
            printRows(answer.results.front());
        fmt::print("\x04\n");
    }

    static void printRows(const engine::QueryResult& result)
    {
        for (const Batch& batch : result.batches)
            for (std::size_t row = 0; row < batch.storedRows; ++row) {
                std::string line;
                for (const Vector& column : batch.columns) {
                    line += line.empty() && &column == &batch.columns.front() ? "" : "\t";
                    for (const char c : column.valueAt(row).toString())
                        line += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
                }
                fmt::print("{}\n", line);
            }
    }

    session::Session& m_session;
    std::stop_token m_stop;
};

} // namespace

void addBenchCommand(CLI::App& parser, Invocation& invocation)
{
    auto workspace = std::make_shared<std::string>();
    CLI::App* bench = parser.add_subcommand("bench-serve", "Answer timed queries line by line")->group("");
    bench->add_option("--workspace", *workspace, "Workspace file")->required();
    bench->callback([workspace, &invocation] {
        invocation.command = [workspace](CommandContext& context) {
            const auto session = openForReading(context, *workspace);
            if (!session)
                return static_cast<int>(kExitFailed);
            BenchServer(*session, context.stop).run();
            return static_cast<int>(kExitDone);
        };
    });
}

} // namespace tocsin::app::cli
