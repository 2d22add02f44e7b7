// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/HostStore.h"

#include "store/StoreErrors.h"
#include "store/file/WorkspaceFile.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kCacheBytes = 64 * 1024 * 1024;

std::filesystem::path fileOf(sqlite3* host)
{
    const char* file = sqlite3_db_filename(host, "main");
    return file ? file : "";
}

} // namespace

HostStore::HostStore(sqlite3* host)
    : m_host(host), m_connection(Connection::borrowed(host)), m_readers(std::make_shared<StoreReaders>(ReadAccess{fileOf(host), false, host}, kCacheBytes))
{
}

Result<void> HostStore::check()
{
    const std::filesystem::path file = fileOf(m_host);
    const std::filesystem::path name = file.empty() ? "the main database" : file;
    TOCSIN_TRY_ASSIGN(const bool ours, isWorkspace(m_connection, name));
    return ours ? Result<void>() : fail(kNotAWorkspace, name.string());
}

Result<Statement> HostStore::hold()
{
    TOCSIN_TRY_ASSIGN(Statement statement, m_connection.prepare("SELECT 1 FROM main.sqlite_master LIMIT 1"));
    TOCSIN_TRY(statement.step());
    return statement;
}

Result<void> HostStore::refresh()
{
    unsigned version = 0;
    const bool known = sqlite3_file_control(m_host, "main", SQLITE_FCNTL_DATA_VERSION, &version) == SQLITE_OK;
    if (known && m_version == version && sqlite3_get_autocommit(m_host)) // what the connection changes itself shows only when committed
        return {};
    m_version.reset();
    m_tables.clear();
    TOCSIN_TRY_ASSIGN(std::vector<StoredTable> tables, readTables(m_connection));
    TOCSIN_TRY_ASSIGN(const auto segments, m_readers->segments.visibleSegments(m_connection));
    const auto pin = m_readers->pins->pin();
    for (StoredTable& table : tables) {
        auto content = std::make_shared<SegmentTableContent>();
        std::copy_if(segments.begin(), segments.end(), std::back_inserter(content->segments), [&](const auto& segment) { return segment->table == table.id; });
        content->schema = std::move(table.schema);
        content->columnIds = std::move(table.columnIds);
        content->readers = m_readers;
        content->pin = pin;
        const std::string name = content->schema.name;
        m_tables.emplace(name, std::move(content));
    }
    if (known)
        m_version = version;
    return {};
}

Result<std::vector<std::string>> HostStore::tableNames()
{
    TOCSIN_TRY_ASSIGN(const Statement held, hold());
    TOCSIN_TRY(refresh());
    std::vector<std::string> names;
    for (const auto& [name, content] : m_tables)
        names.push_back(name);
    return names;
}

Result<std::shared_ptr<const SegmentTableContent>> HostStore::table(const std::string& name)
{
    TOCSIN_TRY(refresh());
    const auto found = m_tables.find(name);
    if (found == m_tables.end())
        return fail(kDatabase, "there is no event table '" + name + "'");
    return found->second;
}

} // namespace tocsin::store
