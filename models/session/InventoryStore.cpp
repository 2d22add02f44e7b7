// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/InventoryStore.h"

#include "ingest/Importer.h"
#include "store/sqlite/Connection.h"

#include <fstream>
#include <sstream>

namespace tocsin::session {
namespace {

Result<std::string> readFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf()))
        return fail(kFileUnreadable, path.string(), "it cannot be opened");
    return std::move(content).str();
}

} // namespace

Result<void> InventoryStore::prepare(store::Workspace& workspace)
{
    if (workspace.isReadOnly())
        return {};
    return store::ensureTables(workspace, {{"inventory", 1, "CREATE TABLE inventory (id INTEGER PRIMARY KEY CHECK (id = 1), source TEXT NOT NULL, json TEXT NOT NULL)"}});
}

Result<void> InventoryStore::save(store::Workspace& workspace, const std::filesystem::path& path)
{
    std::string text;
    if (std::filesystem::is_directory(path)) {
        for (const std::filesystem::path& file : ingest::listFiles({path})) {
            if (file.extension() != ".json")
                continue;
            TOCSIN_TRY_ASSIGN(const std::string content, readFile(file));
            text += text.empty() ? "[" : ",";
            text += content;
        }
        text += text.empty() ? "[]" : "]";
    } else {
        TOCSIN_TRY_ASSIGN(text, readFile(path));
    }
    return workspace.write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("INSERT OR REPLACE INTO inventory (id, source, json) VALUES (1, ?1, ?2)"));
        const std::string source = path.string();
        return statement.bind(1, source).bind(2, text).run();
    });
}

Result<std::optional<std::string>> InventoryStore::load(const store::Workspace& workspace)
{
    std::optional<std::string> text;
    TOCSIN_TRY(workspace.read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("SELECT json FROM inventory"));
        TOCSIN_TRY_ASSIGN(const bool row, statement.step());
        if (row)
            text = std::string(statement.text(0));
        return {};
    }));
    return text;
}

} // namespace tocsin::session
