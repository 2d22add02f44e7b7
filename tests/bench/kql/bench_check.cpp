// SPDX-License-Identifier: GPL-3.0-or-later
// How long it takes to parse and bind, beside the limits.
#include "catalog/MemoryTable.h"
#include "ingest/SchemaLibrary.h"
#include "kql/bind/Binder.h"
#include "kql/syntax/SyntaxTree.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace {

using namespace tocsin;

/// A rule as they are written, only longer: lists, functions, filters, joins, a union and a summary; `lines` lines in all.
std::string longQuery(int lines)
{
    std::string text = "let start = ago(14d);\nlet suspicious = dynamic([\n";
    int written = 2;
    const auto line = [&](const std::string& content) {
        text += content + "\n";
        ++written;
    };
    for (int i = 0; i < lines / 5; ++i)
        line(fmt::format("    \"indicator{}.example.org\",", i));
    line("    \"last.example.org\"]);");
    line("let normalise = (value:string) { tolower(trim(@\"\\s+\", value)) };");
    int part = 0;
    const auto addPart = [&](int number) {
        line(fmt::format("let Part{} = SigninLogs", number));
        line("| where TimeGenerated >= start and ResultType !in (\"0\", \"50140\")");
        line("| extend City = tostring(LocationDetails.city), Country = tostring(LocationDetails.countryOrRegion)");
        line(fmt::format("| extend Agent = normalise(UserAgent), Step{} = iff(isempty(City), \"unknown\", City)", number));
        line("| where Agent has_any (suspicious) or IPAddress startswith \"10.\" or AppDisplayName =~ \"Azure Portal\"");
        line("| join kind=leftouter (SecurityEvent | where TimeGenerated >= start and EventID in (4624, 4625) | project Account, Computer, LogonType, EventTime = TimeGenerated) on $left.UserPrincipalName == $right.Account");
        line("| summarize Attempts = count(), Failed = countif(ResultType == \"50126\"), Places = make_set(Country, 20), First = min(TimeGenerated), Last = max(TimeGenerated) by UserPrincipalName, IPAddress, bin(TimeGenerated, 1h)");
        line("| where Attempts > 5 and Last - First < 2h");
        line("| extend Score = Attempts * 1.5 + array_length(Places), Window = format_datetime(First, \"yyyy-MM-dd HH:mm\")");
        line("| project UserPrincipalName, IPAddress, Attempts, Failed, Places, First, Last, Score, Window;");
    };
    while (written + 14 < lines)
        addPart(part++);
    text += "union ";
    for (int i = 0; i < part; ++i)
        text += fmt::format("{}Part{}", i ? ", " : "", i);
    line("");
    while (written + 1 < lines)
        line("| where Score > 1");
    line("| sort by Score desc");
    return text;
}

template <typename Work> double bestMilliseconds(Work work)
{
    double best = 1e9;
    for (int i = 0; i < 15; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

} // namespace

int main()
{
    const auto library = ingest::SchemaLibrary::builtIn();
    if (!library)
        return 1;
    catalog::MemoryCatalog catalog("workspace");
    for (const std::string& name : library->names())
        catalog.add(std::make_shared<catalog::MemoryTable>(*library->find(name), std::vector<Batch>()));
    const auto snapshot = catalog.snapshot();
    const kql::FunctionRegistry functions = kql::builtInFunctions();
    constexpr double kLimit = 20; // milliseconds for 500 lines
    for (const int lines : {50, 500}) {
        const std::string text = longQuery(lines);
        const kql::BoundQuery bound = kql::bindQuery(text, **snapshot, functions);
        for (const Error& error : bound.errors)
            fmt::print("error at {}: {}\n", error.span->start, errorMessage(error));
        if (!bound.ok())
            return 1;
        const double parse = bestMilliseconds([&] { kql::parseQuery(text); });
        const double check = bestMilliseconds([&] { kql::bindQuery(text, **snapshot, functions); });
        const double limit = kLimit * lines / 500;
        fmt::print("{} lines, {} KB: parse {:.2f} ms; check {:.2f} ms, limit {:.0f} ms, ratio {:.2f}\n", lines, text.size() / 1024, parse, check, limit, check / limit);
    }
    return 0;
}
