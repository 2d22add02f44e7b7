// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/RuleStore.h"

#include "base/EmbeddedFile.h"
#include "store/sqlite/Connection.h"

#include <algorithm>
#include <map>

namespace tocsin::detect {

std::span<const EmbeddedFile> ruleFiles(); // resources/rules, compiled in

namespace {

const std::vector<store::TableMigration>& migrations()
{
    static const std::vector<store::TableMigration> steps{{"rules", 1, R"(
        CREATE TABLE rule (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            yaml TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE rule_switch (
            id TEXT PRIMARY KEY,
            enabled INTEGER NOT NULL
        ) WITHOUT ROWID;)"}};
    return steps;
}

struct Stored {
    std::vector<QueryRule> rules;
    std::map<std::string, bool> switches;
};

Result<Stored> readStored(store::Connection& connection)
{
    Stored stored;
    TOCSIN_TRY_ASSIGN(store::Statement rules, connection.prepare("SELECT yaml, source FROM rule ORDER BY name, id"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, rules.step());
        if (!row)
            break;
        TOCSIN_TRY_ASSIGN(RuleFile file, readSentinelRules(rules.text(0), rules.text(1)));
        std::move(file.rules.begin(), file.rules.end(), std::back_inserter(stored.rules));
    }
    TOCSIN_TRY_ASSIGN(store::Statement switches, connection.prepare("SELECT id, enabled FROM rule_switch"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, switches.step());
        if (!row)
            return stored;
        stored.switches[std::string(switches.text(0))] = switches.integer(1) != 0;
    }
}

} // namespace

Result<std::vector<QueryRule>> builtInRules()
{
    std::vector<QueryRule> rules;
    for (const EmbeddedFile& file : ruleFiles()) {
        TOCSIN_TRY_ASSIGN(RuleFile read, readSentinelRules(file.bytes, file.name));
        for (QueryRule& rule : read.rules) {
            rule.source = "built-in";
            rules.push_back(std::move(rule));
        }
    }
    return rules;
}

Result<RuleStore> RuleStore::open(store::Workspace& workspace)
{
    if (!workspace.isReadOnly())
        TOCSIN_TRY(store::ensureTables(workspace, migrations()));
    return RuleStore(workspace);
}

Result<std::vector<QueryRule>> RuleStore::all() const
{
    TOCSIN_TRY_ASSIGN(std::vector<QueryRule> rules, builtInRules());
    Stored stored;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(stored, readStored(connection));
        return {};
    }));
    for (QueryRule& rule : stored.rules) {
        const auto same = std::find_if(rules.begin(), rules.end(), [&](const QueryRule& known) { return known.id == rule.id; });
        if (same == rules.end())
            rules.push_back(std::move(rule));
        else
            *same = std::move(rule);
    }
    for (QueryRule& rule : rules)
        if (const auto found = stored.switches.find(rule.id); found != stored.switches.end())
            rule.enabled = found->second;
    return rules;
}

Result<std::uint64_t> RuleStore::add(const std::vector<QueryRule>& rules)
{
    std::uint64_t added = 0;
    TOCSIN_TRY(m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::int64_t before, connection.scalar("SELECT count(*) FROM rule"));
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("INSERT OR REPLACE INTO rule (id, name, source, yaml) VALUES (?1, ?2, ?3, ?4)"));
        for (const QueryRule& rule : rules) {
            const std::string yaml = writeSentinelRule(rule);
            TOCSIN_TRY(statement.bind(1, rule.id).bind(2, rule.name).bind(3, rule.source).bind(4, yaml).run());
        }
        TOCSIN_TRY_ASSIGN(const std::int64_t after, connection.scalar("SELECT count(*) FROM rule"));
        added = static_cast<std::uint64_t>(after - before);
        return {};
    }));
    return added;
}

Result<void> RuleStore::setEnabled(const std::string& id, bool enabled)
{
    return m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("INSERT OR REPLACE INTO rule_switch (id, enabled) VALUES (?1, ?2)"));
        return statement.bind(1, id).bind(2, std::int64_t{enabled}).run();
    });
}

} // namespace tocsin::detect
