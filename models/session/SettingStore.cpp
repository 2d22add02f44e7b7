// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/SettingStore.h"

#include "base/Json.h"
#include "store/sqlite/Connection.h"

#include <simdjson.h>

#include <algorithm>

namespace tocsin::session {
namespace {

constexpr std::string_view kExternalFolders = "query.external_folders";
constexpr std::string_view kAttachedFiles = "store.attached_files";

/// A setting's JSON; nothing if it was never set, or if the workspace is older than settings and opened for reading only.
Result<std::optional<std::string>> load(const store::Workspace& workspace, std::string_view name)
{
    std::optional<std::string> value;
    TOCSIN_TRY(workspace.read([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement known, connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'setting'"));
        TOCSIN_TRY_ASSIGN(const bool exists, known.step());
        if (!exists)
            return {};
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("SELECT value FROM setting WHERE name = ?1"));
        TOCSIN_TRY_ASSIGN(const bool found, statement.bind(1, name).step());
        if (found)
            value = std::string(statement.text(0));
        return {};
    }));
    return value;
}

Result<void> save(store::Workspace& workspace, std::string_view name, const std::string& json)
{
    return workspace.write([&](store::Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(store::Statement statement, connection.prepare("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)"));
        return statement.bind(1, name).bind(2, json).run();
    });
}

Result<std::vector<std::filesystem::path>> loadPaths(const store::Workspace& workspace, std::string_view name)
{
    TOCSIN_TRY_ASSIGN(const std::optional<std::string> json, load(workspace, name));
    std::vector<std::filesystem::path> paths;
    simdjson::dom::parser parser;
    simdjson::dom::array items;
    if (json && parser.parse(*json).get(items) == simdjson::SUCCESS)
        for (const simdjson::dom::element item : items)
            if (std::string_view path; item.get(path) == simdjson::SUCCESS)
                paths.emplace_back(path);
    return paths;
}

Result<void> savePaths(store::Workspace& workspace, std::string_view name, const std::vector<std::filesystem::path>& paths)
{
    std::string json;
    JsonWriter writer(json);
    writer.beginArray();
    for (const std::filesystem::path& path : paths)
        writer.string(path.string());
    writer.endArray();
    return save(workspace, name, json);
}

} // namespace

Result<void> SettingStore::prepare(store::Workspace& workspace)
{
    if (workspace.isReadOnly())
        return {};
    return store::ensureTables(workspace, {{"setting", 1, "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"}});
}

Result<std::vector<std::filesystem::path>> SettingStore::externalFolders(const store::Workspace& workspace) { return loadPaths(workspace, kExternalFolders); }

Result<void> SettingStore::setExternalFolders(store::Workspace& workspace, const std::vector<std::filesystem::path>& folders) { return savePaths(workspace, kExternalFolders, folders); }

Result<std::vector<std::filesystem::path>> SettingStore::attachedFiles(const store::Workspace& workspace) { return loadPaths(workspace, kAttachedFiles); }

Result<void> SettingStore::setAttachedFiles(store::Workspace& workspace, const std::vector<std::filesystem::path>& files) { return savePaths(workspace, kAttachedFiles, files); }

Result<std::vector<std::filesystem::path>> resolvedFolders(const std::vector<std::filesystem::path>& folders)
{
    std::vector<std::filesystem::path> resolved;
    for (const std::filesystem::path& folder : folders) {
        std::error_code trouble;
        const std::filesystem::path found = std::filesystem::canonical(folder, trouble);
        if (trouble || !std::filesystem::is_directory(found, trouble) || trouble)
            return fail(kNotAFolder, folder.string());
        if (std::find(resolved.begin(), resolved.end(), found) == resolved.end())
            resolved.push_back(found);
    }
    return resolved;
}

} // namespace tocsin::session
