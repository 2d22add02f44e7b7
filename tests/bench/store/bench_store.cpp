// SPDX-License-Identifier: GPL-3.0-or-later
// Import and scan speed over synthetic sign-ins and security events: bench_store [rows] [file]
#include "column/Dynamic.h"
#include "store/Workspace.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

using namespace tocsin;
using namespace tocsin::store;

namespace {

double seconds(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

[[noreturn]] void stop(const Error& error)
{
    fmt::print(stderr, "{}\n", errorMessage(error));
    std::exit(1);
}

template <typename T>
T orStop(Result<T> result)
{
    if (!result)
        stop(result.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

class Events {
public:
    virtual ~Events() = default;
    virtual catalog::TableSchema schema() const = 0;
    virtual Batch batch(std::size_t rows) = 0;

protected:
    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
    /// Few of many, as users and addresses are.
    std::uint64_t skewed(std::uint64_t limit)
    {
        const double x = static_cast<double>(m_random() >> 11) * 0x1.0p-53;
        return static_cast<std::uint64_t>(x * x * x * static_cast<double>(limit));
    }
    std::mt19937_64 m_random{1};
    Ticks m_time = kUnixEpoch + 20'000 * kTicksPerDay;
};

class SignIns final : public Events {
public:
    catalog::TableSchema schema() const override
    {
        return {"SigninLogs", {{"TimeGenerated", DataType::DateTime, ""}, {"UserPrincipalName", DataType::String, ""}, {"IPAddress", DataType::String, ""}, {"ResultType", DataType::String, ""},
            {"AppDisplayName", DataType::String, ""}, {"CorrelationId", DataType::Guid, ""}, {"DurationMs", DataType::Long, ""}, {"Location", DataType::String, ""}}, "", {}, false, false};
    }
    Batch batch(std::size_t rows) override
    {
        TypedBuilder<DataType::DateTime> time(rows);
        TypedBuilder<DataType::String> user(rows), ip(rows), result(rows), app(rows), location(rows);
        TypedBuilder<DataType::Guid> id(rows);
        TypedBuilder<DataType::Long> duration(rows);
        for (std::size_t i = 0; i < rows; ++i) {
            m_time += static_cast<Ticks>(below(500)) * kTicksPerMillisecond;
            time.append(m_time);
            user.append(fmt::format("user{}@contoso.com", skewed(5'000)));
            const auto address = skewed(50'000);
            ip.append(fmt::format("10.{}.{}.{}", address >> 16, (address >> 8) & 255, address & 255));
            result.append(below(10) == 0 ? "50126" : "0");
            app.append(fmt::format("Application {}", skewed(40)));
            Guid guid;
            for (std::size_t half = 0; half < 2; ++half) {
                const auto word = m_random();
                std::memcpy(guid.bytes.data() + 8 * half, &word, 8);
            }
            id.append(guid);
            duration.append(static_cast<std::int64_t>(skewed(20'000)));
            location.append(fmt::format("C{}", skewed(60)));
        }
        return {{time.finish(), user.finish(), ip.finish(), result.finish(), app.finish(), id.finish(), duration.finish(), location.finish()}, rows, {}};
    }
};

class SecurityEvents final : public Events {
public:
    catalog::TableSchema schema() const override
    {
        return {"SecurityEvent", {{"TimeGenerated", DataType::DateTime, ""}, {"Computer", DataType::String, ""}, {"EventID", DataType::Int, ""}, {"Account", DataType::String, ""},
            {"CommandLine", DataType::String, ""}, {"EventData", DataType::Dynamic, ""}}, "", {}, false, false};
    }
    Batch batch(std::size_t rows) override
    {
        TypedBuilder<DataType::DateTime> time(rows);
        TypedBuilder<DataType::String> computer(rows), account(rows), command(rows);
        TypedBuilder<DataType::Int> event(rows);
        TypedBuilder<DataType::Dynamic> data(rows);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < rows; ++i) {
            m_time += static_cast<Ticks>(below(500)) * kTicksPerMillisecond;
            time.append(m_time);
            computer.append(fmt::format("host{}.corp.contoso.com", skewed(800)));
            event.append(4'600 + static_cast<std::int32_t>(skewed(90)));
            account.append(fmt::format("CORP\\user{}", skewed(5'000)));
            command.append(fmt::format("C:\\Windows\\System32\\tool{}.exe -NoProfile -File C:\\scripts\\job{}.ps1 -Target host{} -Run {}", skewed(300), skewed(2'000), skewed(800), below(2) ? below(1'000'000) : 0));
            builder.beginObject();
            builder.key("SubjectLogonId");
            builder.string(fmt::format("0x{:x}", below(1'000'000)));
            builder.key("ProcessId");
            builder.number(static_cast<std::int64_t>(below(30'000)));
            builder.key("LogonType");
            builder.number(static_cast<std::int64_t>(skewed(11)));
            builder.endObject();
            data.append(builder.take());
        }
        return {{time.finish(), computer.finish(), event.finish(), account.finish(), command.finish(), data.finish()}, rows, {}};
    }
};

void import(Workspace& workspace, Events& events, std::size_t rows)
{
    const catalog::TableSchema schema = events.schema();
    std::vector<Batch> batches;
    for (std::size_t made = 0; made < rows; made += kBatchRows)
        batches.push_back(events.batch(std::min(kBatchRows, rows - made)));
    const double taken = seconds([&] {
        const auto writer = orStop(workspace.beginImport({schema.name, "bench", 0, ""}));
        for (const Batch& batch : batches)
            orStop(writer->append(schema, batch, batch.storedRows));
        orStop(writer->finish());
    });
    const auto snapshot = orStop(workspace.catalog().snapshot());
    const auto statistics = snapshot->findTable(schema.name)->statistics();
    fmt::print("{:<14} import {:>9} rows {:7.3f} s  {:6.2f} M rows/s  {:6.1f} bytes/row in {} segments\n", schema.name, rows, taken, static_cast<double>(rows) / taken / 1e6,
        static_cast<double>(statistics.bytes) / static_cast<double>(rows), statistics.segments);
}

std::uint64_t scanAll(const catalog::TableSource& table, const catalog::ScanRequest& request, unsigned threads)
{
    const auto scan = orStop(table.scan(request));
    const auto work = [&] {
        while (const auto morsel = orStop(scan->nextMorsel({})))
            while (orStop(morsel->next())) {
            }
    };
    {
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < threads; ++i)
            others.emplace_back(work);
        work();
    }
    return scan->statistics().rowsRead;
}

void scan(const std::filesystem::path& file, const Clock& clock, Executor& executor, Log& log, const std::string& name)
{
    const auto workspace = orStop(Workspace::open(file, {false, true}, clock, executor, log));
    const auto snapshot = orStop(workspace->catalog().snapshot());
    const auto table = snapshot->findTable(name);
    const auto measure = [&](const std::string& what, const catalog::ScanRequest& request) {
        for (const char* state : {"first", "again"}) {
            std::uint64_t rows = 0;
            const double taken = seconds([&] { rows = scanAll(*table, request, 1); });
            fmt::print("{:<14} scan {:<20} {:<5} {:8.2f} ms  {:8.1f} M rows/s  ({} rows)\n", name, what, state, taken * 1e3, static_cast<double>(rows) / taken / 1e6, rows);
        }
    };
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < table->schema().columns.size(); ++i) {
        all.push_back(i);
        measure(table->schema().columns[i].name, {{i}, {}, {}});
    }
    measure("(all columns)", {all, {}, {}});
}

void search(const std::filesystem::path& file, const Clock& clock, Executor& executor, Log& log)
{
    const auto workspace = orStop(Workspace::open(file, {false, true}, clock, executor, log));
    double open = 0;
    std::shared_ptr<const catalog::Snapshot> snapshot;
    open = seconds([&] { snapshot = orStop(workspace->catalog().snapshot()); });
    fmt::print("snapshot, first      {:8.3f} ms\n", open * 1e3);
    fmt::print("snapshot, again      {:8.3f} ms\n", seconds([&] { snapshot = orStop(workspace->catalog().snapshot()); }) * 1e3);
    using Kind = catalog::ScanPredicate::Kind;
    const auto find = [&](const char* what, const char* name, const char* column, Kind kind, const Value& value, std::size_t wanted) {
        const auto table = snapshot->findTable(name);
        const std::size_t place = *table->schema().indexOf(column);
        for (const char* state : {"first", "again"}) {
            std::uint64_t rows = 0;
            const double taken = seconds([&] { rows = scanAll(*table, {{place, wanted}, {{place, kind, {value}}}, {}}, 1); });
            fmt::print("{:<20} {:<5} {:8.2f} ms, {} of {} rows handed out\n", what, state, taken * 1e3, rows, table->statistics().rows);
        }
    };
    find("has rare term", "SecurityEvent", "CommandLine", Kind::HasTerm, Value::string("424242"), 0);
    find("has absent term", "SecurityEvent", "CommandLine", Kind::HasTerm, Value::string("mimikatz"), 0);
    find("guid, absent", "SigninLogs", "CorrelationId", Kind::Equal, Value::guid(*parseGuid("12345678-1234-1234-1234-123456789abc")), 0);
    find("user, absent", "SigninLogs", "UserPrincipalName", Kind::Equal, Value::string("user77777@contoso.com"), 0);
}

} // namespace

int main(int argc, char** argv)
{
    const std::size_t rows = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 1'000'000;
    const std::filesystem::path file = argc > 2 ? argv[2] : std::filesystem::temp_directory_path() / "bench_store.tocsin";
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + suffix, ignored);
    const SystemClock clock;
    ThreadPool executor;
    Log log;
    {
        const auto workspace = orStop(Workspace::open(file, {}, clock, executor, log));
        SignIns signIns;
        import(*workspace, signIns, rows);
        SecurityEvents securityEvents;
        import(*workspace, securityEvents, rows);
    }
    fmt::print("file {:.1f} MB\n", static_cast<double>(std::filesystem::file_size(file)) / 1e6);
    scan(file, clock, executor, log, "SigninLogs");
    scan(file, clock, executor, log, "SecurityEvent");
    search(file, clock, executor, log);
    std::filesystem::remove(file, ignored);
    return 0;
}
