// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the kernels over synthetic command lines, one thread: bench_functions [rows]
#include "column/Dynamic.h"
#include "kql/functions/Declaration.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>

using namespace tocsin;
using namespace tocsin::kql;

namespace {

constexpr std::size_t kBatch = 4096;
constexpr int kRounds = 5;

struct Data {
    std::vector<Vector> texts;
    std::vector<Vector> numbers;
    std::vector<Vector> reals;
    std::vector<Vector> flags;
    std::size_t textBytes = 0;
};

Data makeData(std::size_t rows)
{
    std::mt19937_64 random(1);
    const std::vector<std::string> words{"powershell.exe", "-NoProfile", "-EncodedCommand", "C:\\Windows\\System32\\", "svchost.exe", "--config", "rundll32", "https://example.net/a/b?c=1", "Administrator", "net", "user", "/add", "S-1-5-21-3623811015"};
    Data data;
    for (std::size_t from = 0; from < rows; from += kBatch) {
        TypedBuilder<DataType::String> texts(kBatch);
        TypedBuilder<DataType::Long> numbers(kBatch);
        TypedBuilder<DataType::Real> reals(kBatch);
        TypedBuilder<DataType::Bool> flags(kBatch);
        for (std::size_t i = 0; i < kBatch; ++i) {
            std::string text;
            for (std::uint64_t w = 0; w < 6 + random() % 12; ++w)
                text += words[random() % words.size()] + " ";
            text += std::to_string(random());
            data.textBytes += text.size();
            texts.append(text);
            numbers.append(static_cast<std::int64_t>(random() % 100'000));
            reals.append(static_cast<double>(random() % 1000) / 7);
            flags.append(random() % 2);
        }
        data.texts.push_back(texts.finish());
        data.numbers.push_back(numbers.finish());
        data.reals.push_back(reals.finish());
        data.flags.push_back(flags.finish());
    }
    return data;
}

double best(const std::function<void()>& work)
{
    double least = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        work();
        least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return least;
}

void report(std::string_view what, std::size_t rows, std::size_t bytes, double seconds)
{
    fmt::print("{:44} {:8.1f} Mrows/s {:8.2f} GB/s\n", what, static_cast<double>(rows) / seconds / 1e6, static_cast<double>(bytes) / seconds / 1e9);
}

class Bench {
public:
    explicit Bench(Data data) : m_data(std::move(data)), m_rows(m_data.texts.size() * kBatch) {}

    /// A scalar function over one column and constants.
    void scalar(std::string_view name, std::size_t signature, const std::vector<Vector>& column, std::size_t bytes, const std::vector<Value>& constants)
    {
        const ScalarFunction* function = m_registry.findScalar(name);
        KernelContext context;
        std::vector<DataType> types{column.front().type()};
        std::vector<const Value*> values{nullptr};
        for (const Value& value : constants) {
            types.push_back(value.type());
            values.push_back(&value);
        }
        context.returnType = function->signatures[signature].returnType(types, values);
        const double seconds = best([&] {
            for (const Vector& batch : column) {
                std::vector<Vector> arguments{batch};
                for (const Value& value : constants)
                    arguments.push_back(Vector::constant(value, kBatch));
                if (!function->signatures[signature].kernel(context, arguments, kBatch))
                    std::abort();
            }
        });
        report(fmt::format("{}({})", name, constants.empty() ? std::string() : constants[0].toString()), m_rows, bytes, seconds);
    }

    void aggregate(std::string_view name, const std::vector<Vector>& column, std::uint32_t groupCount)
    {
        const AggregateFunction* function = m_registry.findAggregate(name);
        AggregateBinding binding;
        binding.argumentTypes = {column.front().type()};
        binding.constants.resize(1);
        const AggregateSignature* chosen = nullptr;
        for (const AggregateSignature& signature : function->signatures)
            if (!chosen && signature.parameters.front().accepts.contains(binding.argumentTypes[0]))
                chosen = &signature;
        std::vector<std::uint32_t> groups(kBatch);
        for (std::size_t i = 0; i < kBatch; ++i)
            groups[i] = static_cast<std::uint32_t>(i * 2654435761U) % groupCount;
        const double seconds = best([&] {
            const auto accumulator = chosen->make(binding);
            accumulator->resize(groupCount);
            for (const Vector& batch : column)
                if (!accumulator->update(std::vector<Vector>{batch}, groups))
                    std::abort();
            if (!accumulator->finish(0, groupCount))
                std::abort();
        });
        report(fmt::format("{} into {} groups", name, groupCount), m_rows, 0, seconds);
    }

    void run()
    {
        const auto text = [](const char* value) { return std::vector<Value>{Value::string(value)}; };
        fmt::print("{} rows, {} MB of text\n", m_rows, m_data.textBytes / 1'000'000);
        for (const char* wanted : {"rundll32", "nosuchterm"})
            scalar("has", 0, m_data.texts, m_data.textBytes, text(wanted));
        for (const char* wanted : {"encodedcommand", "nosuchtext"})
            scalar("contains", 0, m_data.texts, m_data.textBytes, text(wanted));
        scalar("contains_cs", 0, m_data.texts, m_data.textBytes, text("nosuchtext"));
        scalar("startswith", 0, m_data.texts, m_data.textBytes, text("POWERSHELL"));
        scalar("==", 7, m_data.texts, m_data.textBytes, text("powershell.exe"));
        scalar("matches regex", 0, m_data.texts, m_data.textBytes, text("-[eE]nc[a-zA-Z]+ [A-Z]:"));
        scalar("matches regex", 0, m_data.texts, m_data.textBytes, text("(?i)mimikatz|sekurlsa|lsadump"));
        scalar("has_any", 0, m_data.texts, m_data.textBytes, {Value::dynamic(*dynamicFromJson("[\"aaa\",\"bbb\",\"ccc\",\"ddd\",\"eee\",\"fff\",\"ggg\",\"hhh\",\"iii\",\"jjj\"]"))});
        scalar("tolower", 0, m_data.texts, m_data.textBytes, {});
        scalar("hash", 0, m_data.texts, m_data.textBytes, {});
        scalar("strlen", 0, m_data.texts, m_data.textBytes, {});
        scalar("+", 0, m_data.numbers, m_rows * 8, {Value::int64(7)});
        scalar(">", 0, m_data.numbers, m_rows * 8, {Value::int64(50'000)});
        scalar("bin", 0, m_data.numbers, m_rows * 8, {Value::int64(100)});
        for (const std::uint32_t groups : {1U, 1000U}) {
            aggregate("sum", m_data.numbers, groups);
            aggregate("avg", m_data.reals, groups);
            aggregate("countif", m_data.flags, groups);
            aggregate("max", m_data.numbers, groups);
            aggregate("dcount", m_data.numbers, groups);
            aggregate("make_set", m_data.numbers, groups);
            aggregate("stdev", m_data.reals, groups);
        }
    }

private:
    FunctionRegistry m_registry = builtInFunctions();
    Data m_data;
    std::size_t m_rows;
};

} // namespace

int main(int argc, char** argv)
{
    const std::size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 400'000;
    Bench(makeData(rows)).run();
}
