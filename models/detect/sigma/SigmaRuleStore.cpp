// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaRuleStore.h"

#include "base/Utf8.h"
#include "detect/sigma/MapFiles.h"
#include "store/sqlite/Connection.h"

namespace tocsin::detect::sigma {
namespace {

const std::vector<store::TableMigration>& migrations()
{
    static const std::vector<store::TableMigration> steps{{"sigma", 1, R"(
        CREATE TABLE sigma_rule (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            status TEXT NOT NULL,
            level TEXT NOT NULL,
            log_source TEXT NOT NULL,
            source TEXT NOT NULL,
            yaml TEXT NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;)"}};
    return steps;
}

/// One rule to be stored.
struct Row {
    SigmaHeader header;
    std::string logSource;
    std::string yaml;
};

/// The rows of one file; what cannot be used goes to the report.
std::vector<Row> rowsOf(const SigmaRuleStore::Text& file, const Placeholders& placeholders, SigmaImport& report)
{
    std::vector<Row> rows;
    for (std::string& document : splitDocuments(file.yaml)) {
        auto read = readSigmaFile(document, file.source, placeholders);
        if (!read) {
            report.errors.push_back(std::move(read).error());
            continue;
        }
        for (const SigmaRule& rule : read->rules)
            rows.push_back({rule.header, rule.logSource.product + '/' + rule.logSource.category + '/' + rule.logSource.service, document});
        for (const SigmaCorrelation& correlation : read->correlations)
            rows.push_back({correlation.header, {}, document});
        std::move(read->errors.begin(), read->errors.end(), std::back_inserter(report.errors));
        std::move(read->warnings.begin(), read->warnings.end(), std::back_inserter(report.warnings));
    }
    return rows;
}

Result<void> insert(store::Connection& connection, const std::vector<Row>& rows, SigmaImport& report)
{
    TOCSIN_TRY_ASSIGN(store::Statement known, connection.prepare("SELECT 1 FROM sigma_rule WHERE id = ?1"));
    TOCSIN_TRY_ASSIGN(store::Statement put, connection.prepare(
        "INSERT INTO sigma_rule (id, title, status, level, log_source, source, yaml) VALUES (?1,?2,?3,?4,?5,?6,?7)"
        " ON CONFLICT (id) DO UPDATE SET title = ?2, status = ?3, level = ?4, log_source = ?5, source = ?6, yaml = ?7"));
    for (const Row& row : rows) {
        known.bind(1, row.header.id);
        TOCSIN_TRY_ASSIGN(const bool exists, known.step());
        known.reset();
        put.bind(1, row.header.id).bind(2, row.header.title).bind(3, row.header.status).bind(4, levelName(row.header.level));
        put.bind(5, row.logSource).bind(6, row.header.source).bind(7, row.yaml);
        TOCSIN_TRY(put.run());
        ++(exists ? report.replaced : report.added);
    }
    return {};
}

} // namespace

std::vector<std::string> splitDocuments(std::string_view yaml)
{
    // A line number in an error counts within the file: a document begins with as many empty lines as stand before it.
    std::vector<std::string> documents{std::string()};
    std::size_t line = 0;
    for (const std::string_view text : splitText(yaml, '\n')) {
        if (text.starts_with("---") && trimSpaces(text.substr(3)).empty())
            documents.emplace_back(std::string(line, '\n'));
        if (!text.starts_with("---") || !trimSpaces(text.substr(3)).empty())
            documents.back().append(text).append("\n");
        else
            documents.back() += '\n';
        ++line;
    }
    std::erase_if(documents, [](const std::string& document) { return trimSpaces(document).empty(); });
    return documents;
}

Result<SigmaRuleStore> SigmaRuleStore::open(store::Workspace& workspace)
{
    if (!workspace.isReadOnly())
        TOCSIN_TRY(store::ensureTables(workspace, migrations()));
    return SigmaRuleStore(workspace);
}

Result<SigmaImport> SigmaRuleStore::add(const std::vector<Text>& files, const Placeholders& placeholders)
{
    SigmaImport report;
    std::vector<Row> rows;
    for (const Text& file : files)
        for (Row& row : rowsOf(file, placeholders, report))
            rows.push_back(std::move(row));
    TOCSIN_TRY(m_workspace->write([&](store::Connection& connection) { return insert(connection, rows, report); }));
    return report;
}

Result<std::vector<StoredSigmaRule>> SigmaRuleStore::list() const
{
    std::vector<StoredSigmaRule> rules;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement row, connection.prepare("SELECT id, title, status, level, log_source, source, enabled FROM sigma_rule ORDER BY title, id"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool more, row.step());
            if (!more)
                return {};
            rules.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), parseLevel(row.text(3)).value_or(Level::Medium),
                             std::string(row.text(4)), std::string(row.text(5)), row.integer(6) != 0});
        }
    }));
    return rules;
}

Result<SigmaFile> SigmaRuleStore::load(const Placeholders& placeholders) const
{
    SigmaFile all;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement row, connection.prepare("SELECT yaml, source FROM sigma_rule WHERE enabled = 1 ORDER BY title, id"));
        for (;;) {
            TOCSIN_TRY_ASSIGN(const bool more, row.step());
            if (!more)
                return {};
            auto read = readSigmaFile(row.text(0), row.text(1), placeholders);
            if (!read) {
                all.errors.push_back(std::move(read).error());
                continue;
            }
            std::move(read->rules.begin(), read->rules.end(), std::back_inserter(all.rules));
            std::move(read->correlations.begin(), read->correlations.end(), std::back_inserter(all.correlations));
            std::move(read->errors.begin(), read->errors.end(), std::back_inserter(all.errors));
        }
    }));
    return all;
}

Result<std::string> SigmaRuleStore::text(const std::string& id) const
{
    std::string yaml;
    TOCSIN_TRY(m_workspace->read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement row, connection.prepare("SELECT yaml FROM sigma_rule WHERE id = ?1"));
        row.bind(1, id);
        TOCSIN_TRY_ASSIGN(const bool found, row.step());
        if (found)
            yaml = trimSpaces(row.text(0));
        return {};
    }));
    return yaml;
}

Result<void> SigmaRuleStore::setEnabled(const std::string& id, bool enabled)
{
    return m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement update, connection.prepare("UPDATE sigma_rule SET enabled = ?2 WHERE id = ?1"));
        return update.bind(1, id).bind(2, std::int64_t{enabled}).run();
    });
}

Result<void> SigmaRuleStore::remove(const std::string& id)
{
    return m_workspace->write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement remove, connection.prepare("DELETE FROM sigma_rule WHERE id = ?1"));
        return remove.bind(1, id).run();
    });
}

} // namespace tocsin::detect::sigma
