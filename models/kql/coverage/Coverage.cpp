// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/coverage/Coverage.h"

#include "kql/coverage/DocumentedNames.h"
#include "kql/functions/Plugins.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace tocsin::kql {
namespace {

using Kind = CoverageEntry::Kind;
using State = CoverageEntry::State;
using Entries = std::map<std::string, CoverageEntry, std::less<>>;

constexpr Kind kKinds[] = {Kind::Operator, Kind::Statement, Kind::Function, Kind::Aggregate, Kind::Plugin};

/// Functions written as symbols or words between operands are no names of functions.
bool isName(std::string_view name)
{
    return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

void addForms(std::span<const DocumentedForm> forms, Kind kind, Entries& entries)
{
    for (const DocumentedForm& form : forms)
        entries[std::string(form.name)] = {kind, std::string(form.name), !form.example.empty() ? State::Runs : form.reason.empty() ? State::Missing : State::Outside, std::string(form.reason)};
}

CoverageEntry described(const ScalarFunction& function)
{
    const bool service = function.category == "service";
    return {Kind::Function, std::string(function.name), service ? State::Outside : State::Runs, service ? "a Kusto service" : std::string(function.help)};
}

Entries functionEntries(const FunctionRegistry& functions)
{
    Entries entries;
    for (const std::string_view name : documentedFunctions())
        entries[std::string(name)] = {Kind::Function, std::string(name), State::Missing, {}};
    addForms(binderFunctions(), Kind::Function, entries);
    for (auto& [name, entry] : entries)
        if (const ScalarFunction* function = functions.findScalar(name); function && entry.state == State::Missing) {
            entry = described(*function);
            entry.name = name; // it may be another name of the function
        }
    for (const DocumentedForm& form : outsideFunctions())
        if (CoverageEntry& entry = entries[std::string(form.name)]; entry.name.empty() || entry.state != State::Runs)
            entry = {Kind::Function, std::string(form.name), State::Outside, std::string(form.reason)};
    for (const ScalarFunction* function : functions.scalars())
        if (isName(function->name) && !entries.contains(function->name))
            entries[std::string(function->name)] = described(*function);
    return entries;
}

Entries aggregateEntries(const FunctionRegistry& functions)
{
    Entries entries;
    for (const std::string_view name : documentedAggregates()) {
        const AggregateFunction* function = functions.findAggregate(name);
        entries[std::string(name)] = {Kind::Aggregate, std::string(name), function ? State::Runs : State::Missing, function ? std::string(function->help) : std::string()};
    }
    for (const AggregateFunction* function : functions.aggregates())
        entries[std::string(function->name)] = {Kind::Aggregate, std::string(function->name), State::Runs, std::string(function->help)};
    return entries;
}

Entries pluginEntries()
{
    Entries entries;
    for (const Plugin& plugin : builtInPlugins())
        entries[std::string(plugin.name)] = {Kind::Plugin, std::string(plugin.name), plugin.needs.empty() ? State::Runs : State::Outside,
                                             plugin.needs.empty() ? std::string(plugin.help) : std::string(plugin.needs)};
    return entries;
}

} // namespace

std::vector<CoverageEntry> kqlCoverage(const FunctionRegistry& functions)
{
    Entries operators, statements;
    addForms(documentedOperators(), Kind::Operator, operators);
    addForms(documentedStatements(), Kind::Statement, statements);
    std::vector<CoverageEntry> all;
    for (const Entries& entries : {operators, statements, functionEntries(functions), aggregateEntries(functions), pluginEntries()})
        for (const auto& [name, entry] : entries)
            all.push_back(entry);
    return all;
}

CoverageCount countCoverage(const std::vector<CoverageEntry>& entries, Kind kind)
{
    CoverageCount count;
    for (const CoverageEntry& entry : entries)
        if (entry.kind == kind)
            ++(entry.state == State::Runs ? count.runs : entry.state == State::Outside ? count.outside : count.missing);
    return count;
}

std::string_view coverageTitle(Kind kind)
{
    switch (kind) {
    case Kind::Operator: return "Operators";
    case Kind::Statement: return "Statements";
    case Kind::Function: return "Functions";
    case Kind::Aggregate: return "Aggregates";
    case Kind::Plugin: break;
    }
    return "Plugins";
}

std::string coverageMarkdown(const std::vector<CoverageEntry>& entries)
{
    std::string page = "# What of KQL runs\n\nMade by `tocsin coverage kql --markdown` from the declarations of the program.\n\n| | runs | needs something outside | missing |\n| --- | ---: | ---: | ---: |\n";
    for (const Kind kind : kKinds) {
        const CoverageCount count = countCoverage(entries, kind);
        page += "| " + std::string(coverageTitle(kind)) + " | " + std::to_string(count.runs) + " | " + std::to_string(count.outside) + " | " + std::to_string(count.missing) + " |\n";
    }
    for (const Kind kind : kKinds) {
        page += "\n## " + std::string(coverageTitle(kind)) + "\n\n";
        bool first = true;
        for (const CoverageEntry& entry : entries)
            if (entry.kind == kind && entry.state == State::Runs) {
                page += (first ? "`" : ", `") + entry.name + "`";
                first = false;
            }
        page += "\n";
        for (const State state : {State::Outside, State::Missing})
            for (const CoverageEntry& entry : entries)
                if (entry.kind == kind && entry.state == state)
                    page += "\n- `" + entry.name + "`: " + (state == State::Missing ? "missing" : "needs " + entry.note);
        if (page.back() != '\n')
            page += '\n';
    }
    return page;
}

} // namespace tocsin::kql
