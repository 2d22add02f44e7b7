// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// First, because moc cannot read a <concepts> that comes before every other standard header.
#include <QTemporaryDir>
#include <QTest>

#include "column/Batch.h"
#include "store/StoreErrors.h"
#include "store/Workspace.h"


namespace tocsin::store::test {

/// The parts a workspace needs, in a folder of its own.
struct Fixture {
    QTemporaryDir folder;
    ManualClock clock{kUnixEpoch + 20'000 * kTicksPerDay};
    ThreadPool executor{2};
    Log log;

    std::filesystem::path path(const char* name = "case.tocsin") const { return folder.filePath(QString::fromUtf8(name)).toStdString(); }
    Result<std::unique_ptr<Workspace>> open(OpenOptions options = {}, const char* name = "case.tocsin") { return Workspace::open(path(name), options, clock, executor, log); }
};

inline std::string messageOf(const Error& error) { return errorMessage(error); }

#define REQUIRE_OK(result)                                                                                                                   \
    do {                                                                                                                                     \
        const auto& requiredResult = (result);                                                                                               \
        QVERIFY2(requiredResult.has_value(), requiredResult ? "" : tocsin::store::test::messageOf(requiredResult.error()).c_str());          \
    } while (false)
#define COMPARE_ERROR(result, expectedKind)                                                                                                  \
    do {                                                                                                                                     \
        const auto& failedResult = (result);                                                                                                 \
        QVERIFY(!failedResult.has_value());                                                                                                  \
        QCOMPARE(std::string(failedResult.error().code()), std::string((expectedKind).code));                                                \
    } while (false)

inline Vector vectorOf(DataType type, const std::vector<Value>& values)
{
    VectorBuilder builder(type);
    for (const Value& value : values)
        builder.append(value);
    return builder.finish();
}

inline Batch batchOf(std::vector<Vector> columns)
{
    Batch batch;
    batch.storedRows = columns.empty() ? 0 : columns.front().size();
    batch.columns = std::move(columns);
    return batch;
}

/// A table of one long column `x` and one string column `s`, filled with numbers.
inline catalog::TableSchema numbersSchema(std::string name = "Numbers") { return {std::move(name), {{"x", DataType::Long, ""}, {"s", DataType::String, ""}}, "", {}, false, false}; }

inline Batch numbers(std::int64_t from, std::size_t count)
{
    TypedBuilder<DataType::Long> x(count);
    TypedBuilder<DataType::String> s(count);
    for (std::size_t i = 0; i < count; ++i) {
        x.append(from + static_cast<std::int64_t>(i));
        s.append("name" + std::to_string((from + static_cast<std::int64_t>(i)) % 7));
    }
    return batchOf({x.finish(), s.finish()});
}

/// All rows of a scan in order of the morsels, column by column as values.
inline Result<std::vector<std::vector<Value>>> readAll(const catalog::TableSource& table, catalog::ScanRequest request)
{
    std::vector<std::vector<Value>> columns(request.columns.size());
    TOCSIN_TRY_ASSIGN(const std::unique_ptr<catalog::TableScan> scan, table.scan(request));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const std::unique_ptr<catalog::Morsel> morsel, scan->nextMorsel({}));
        if (!morsel)
            return columns;
        for (;;) {
            TOCSIN_TRY_ASSIGN(const std::optional<Batch> batch, morsel->next());
            if (!batch)
                break;
            for (std::size_t c = 0; c < columns.size(); ++c) {
                const Vector column = batch->column(c);
                for (std::size_t i = 0; i < column.size(); ++i)
                    columns[c].push_back(column.valueAt(i));
            }
        }
    }
}

inline Result<std::vector<std::vector<Value>>> readTable(const Workspace& workspace, const std::string& name, std::vector<std::size_t> columns)
{
    TOCSIN_TRY_ASSIGN(const auto snapshot, workspace.catalog().snapshot());
    const auto table = snapshot->findTable(name);
    if (!table)
        return fail(kInternal, "no table " + name);
    return readAll(*table, {std::move(columns), {}, {}});
}

} // namespace tocsin::store::test
