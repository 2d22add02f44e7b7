// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/WorkspaceFile.h"

#include "store/StoreErrors.h"
#include "store/file/Schema.h"

#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tocsin::store {
namespace {

constexpr int kBusyMilliseconds = 10'000; ///< checkpoints and readers of other programs hold locks only briefly

/// The file does not exist yet: created here rather than by SQLite because of the permissions (the WAL takes over those of the file).
Result<void> createOwnerOnly(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        if (errno == EROFS)
            return fail(kReadOnlyMedium, file.string());
        if (errno == ENOSPC || errno == EDQUOT)
            return fail(kDiskFull, file.string());
        return fail(kFileUnwritable, file.string(), std::strerror(errno));
    }
    ::close(descriptor);
    return {};
}

Result<void> configure(Connection& connection)
{
    sqlite3_busy_timeout(connection.handle(), kBusyMilliseconds);
    sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // FAST leaves nothing of a deleted row in pages that stay in use; free pages are overwritten only when rows are purged.
    return connection.execute("PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
}

/// The names of tables and columns have no checksum of their own, but each stands in the file twice, in a row and in an index. A table or
/// column that is not found by its name any more would read as empty.
Result<void> checkNames(Connection& connection, const std::filesystem::path& file)
{
    for (const char* table : {"table_", "column_"}) {
        TOCSIN_TRY_ASSIGN(Statement check, connection.prepare(std::string("PRAGMA integrity_check('") + table + "')"));
        TOCSIN_TRY(check.step());
        if (check.text(0) != "ok")
            return fail(kDamaged, file.string(), std::string(check.text(0)));
    }
    return {};
}

/// Says of a file that was cut that it was.
Error whyNotOpened(Error error, const std::filesystem::path& file)
{
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(file, failed);
    const auto written = writtenLength(file);
    if (error.kind != &kDamaged || failed || !written || size >= *written)
        return error;
    return makeError(kCutOff, file.string(), std::to_string(size), std::to_string(*written));
}

Result<Connection> openWorkspace(const std::filesystem::path& file, bool create)
{
    TOCSIN_TRY_ASSIGN(Connection connection, Connection::open(file, SQLITE_OPEN_READWRITE));
    TOCSIN_TRY(configure(connection));
    if (sqlite3_db_readonly(connection.handle(), "main") == 1)
        return fail(kReadOnlyMedium, file.string());
    TOCSIN_TRY_ASSIGN(const bool existing, isWorkspace(connection, file));
    if (!existing && !create)
        return fail(kNotAWorkspace, file.string());
    if (!existing)
        TOCSIN_TRY(connection.execute("PRAGMA page_size = 16384; PRAGMA auto_vacuum = NONE"));
    TOCSIN_TRY(connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2048; "
                                  "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384"));
    TOCSIN_TRY(migrateSchema(connection));
    TOCSIN_TRY(checkNames(connection, file));
    return connection;
}

} // namespace

std::optional<std::uint64_t> writtenLength(const std::filesystem::path& file)
{
    // The header of an SQLite database: the magic text, at 16 the page size (1 means 65,536), at 28 the number of pages; big endian.
    unsigned char header[32];
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool read = descriptor >= 0 && ::pread(descriptor, header, sizeof header, 0) == static_cast<ssize_t>(sizeof header);
    if (descriptor >= 0)
        ::close(descriptor);
    if (!read || std::memcmp(header, "SQLite format 3", 16) != 0)
        return std::nullopt;
    const unsigned size = header[16] << 8U | header[17];
    const std::uint64_t pages = std::uint64_t{header[28]} << 24 | header[29] << 16U | header[30] << 8U | header[31];
    return pages * (size == 1 ? 65'536 : size);
}

Result<bool> isWorkspace(Connection& connection, const std::filesystem::path& file)
{
    // The first statement that reads the file also finds out that it is no database at all.
    TOCSIN_TRY_ASSIGN(const std::int64_t objects, connection.scalar("SELECT count(*) FROM sqlite_master"));
    TOCSIN_TRY_ASSIGN(const std::int64_t application, connection.scalar("PRAGMA application_id"));
    TOCSIN_TRY_ASSIGN(const std::int64_t version, connection.scalar("PRAGMA user_version"));
    if (application == 0 && objects == 0)
        return false;
    if (application != kApplicationId)
        return fail(kOtherDatabase, file.string());
    if (version > kSchemaVersion)
        return fail(kNewerWorkspace, file.string(), std::to_string(version), std::to_string(kSchemaVersion));
    return true;
}

Result<Connection> openForWriting(const std::filesystem::path& file, bool create)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        if (!create)
            return fail(kFileUnreadable, file.string(), std::strerror(ENOENT));
        TOCSIN_TRY(createOwnerOnly(file));
    }
    Result<Connection> connection = openWorkspace(file, create);
    if (!connection)
        return std::unexpected(whyNotOpened(connection.error(), file));
    return connection;
}

Result<ReadAccess> checkForReading(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return fail(kFileUnreadable, file.string(), std::strerror(ENOENT));
    ReadAccess access{file};
    const auto check = [&]() -> Result<void> {
        TOCSIN_TRY_ASSIGN(Connection connection, openReader(access));
        TOCSIN_TRY_ASSIGN(const bool ours, isWorkspace(connection, file));
        if (!ours)
            return fail(kNotAWorkspace, file.string());
        return checkNames(connection, file);
    };
    Result<void> checked = check();
    // Without a place for the shared memory file SQLite cannot open a WAL database; on such a medium nothing can change it either.
    std::filesystem::path wal = file;
    wal += "-wal";
    const bool mayBeMedium = !checked && (checked.error().kind == &kFileUnreadable || checked.error().kind == &kReadOnlyMedium);
    if (mayBeMedium && ::access(file.parent_path().empty() ? "." : file.parent_path().c_str(), W_OK) != 0 && !std::filesystem::exists(wal, ignored)) {
        access.immutable = true;
        checked = check();
    }
    if (!checked)
        return std::unexpected(whyNotOpened(checked.error(), file));
    return access;
}

void removeTracesOfReading(const ReadAccess& access)
{
    if (access.host || access.immutable)
        return;
    std::filesystem::path wal = access.file;
    wal += "-wal";
    std::error_code none;
    if (std::filesystem::file_size(wal, none) != 0 || none)
        return;
    if (Result<Connection> connection = Connection::open(access.file, SQLITE_OPEN_READWRITE))
        static_cast<void>(connection->scalar("PRAGMA user_version")); // SQLite looks at the log when it first reads; closing removes it
}

Result<Connection> openReader(const ReadAccess& access)
{
    if (access.host)
        return Connection::borrowed(access.host);
    std::string name = access.file.string();
    int flags = SQLITE_OPEN_READONLY;
    if (access.immutable) {
        std::string escaped;
        for (const char c : std::filesystem::absolute(access.file).string())
            escaped += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
        name = "file://" + escaped + "?immutable=1";
        flags |= SQLITE_OPEN_URI;
    }
    TOCSIN_TRY_ASSIGN(Connection connection, Connection::open(name, flags));
    TOCSIN_TRY(configure(connection));
    TOCSIN_TRY(connection.execute("PRAGMA query_only = ON"));
    return connection;
}

} // namespace tocsin::store
