// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Importer.h"

#include "ingest/ByteSources.h"
#include "ingest/Digest.h"

#include <QTemporaryDir>
#include <QtTest>

#include <zlib.h>

#include <fstream>

using namespace tocsin;
using namespace tocsin::ingest;

namespace {

const char kActivity[] = "{\"time\":\"2024-03-05T10:11:12Z\",\"resourceId\":\"/SUBSCRIPTIONS/A\",\"operationName\":\"X\",\"category\":\"Administrative\"}\n";

/// Everything an import needs, over a workspace in a folder of its own.
struct Bench {
    explicit Bench(Executor& executor) : executor(executor)
    {
        workspace = store::Workspace::open(path("case.tocsin"), {}, clock, executor, log).value();
    }
    std::filesystem::path path(const char* name) const { return std::filesystem::path(folder.path().toStdString()) / name; }
    std::filesystem::path write(const char* name, const std::string& text) const
    {
        std::filesystem::create_directories(path(name).parent_path());
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    ImportSummary run(std::vector<std::filesystem::path> paths, ImportOptions options = {}, const Importer::ProgressCallback& progress = {}, std::stop_token stop = {})
    {
        return Importer(*workspace, registry, executor, clock).run(paths, options, progress, stop);
    }
    std::uint64_t stored(const char* table) const
    {
        const auto source = workspace->catalog().snapshot().value()->findTable(table);
        return source ? source->statistics().rows : 0;
    }

    QTemporaryDir folder;
    ManualClock clock{639040752000000000};
    Log log;
    Executor& executor;
    SchemaLibrary schemas = SchemaLibrary::builtIn().value();
    ReaderRegistry registry = makeReaderRegistry(schemas);
    std::unique_ptr<store::Workspace> workspace;
};

std::string gzip(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

void append(std::string& out, std::uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i));
}

/// An archive of one stored member.
std::string zip(const std::string& name, const std::string& text)
{
    std::string local = "PK\x03\x04";
    append(local, 20, 2);
    append(local, 0, 12);
    append(local, static_cast<std::uint32_t>(text.size()), 4);
    append(local, static_cast<std::uint32_t>(text.size()), 4);
    append(local, static_cast<std::uint32_t>(name.size()), 2);
    append(local, 0, 2);
    local += name + text;
    std::string entry = "PK\x01\x02";
    append(entry, 0, 16);
    append(entry, static_cast<std::uint32_t>(text.size()), 4);
    append(entry, static_cast<std::uint32_t>(text.size()), 4);
    append(entry, static_cast<std::uint32_t>(name.size()), 2);
    append(entry, 0, 16);
    entry += name;
    std::string end = "PK\x05\x06";
    append(end, 0, 4);
    append(end, 1, 2);
    append(end, 1, 2);
    append(end, static_cast<std::uint32_t>(entry.size()), 4);
    append(end, static_cast<std::uint32_t>(local.size()), 4);
    append(end, 0, 2);
    return local + entry + end;
}

} // namespace

class TestImporter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void foldersAreReadInOrderAndFailuresReported()
    {
        InlineExecutor executor;
        Bench bench(executor);
        bench.write("logs/b/activity.json", kActivity);
        bench.write("logs/a.log", "Jan  2 10:00:00 h a: 1\nJan  2 10:00:01 h a: 2\n");
        bench.write("logs/c.bin", std::string("\x7F" "ELF\0\0", 6));
        bench.write("logs/d.json", "");
        bench.write("logs/.hidden", kActivity);
        const ImportSummary summary = bench.run({bench.path("logs"), bench.path("missing.json")});
        QCOMPARE(summary.files.size(), std::size_t{5});
        QCOMPARE(QByteArray::fromStdString(std::filesystem::path(summary.files[0].path).filename().string()), QByteArray("a.log"));
        QVERIFY(summary.files[0].state == FileResult::State::Imported);
        QCOMPARE(QByteArray::fromStdString(summary.files[0].format), QByteArray("syslog"));
        QCOMPARE(summary.files[0].rowsByTable.at("Syslog"), std::uint64_t{2});
        QVERIFY(summary.files[1].state == FileResult::State::Imported);
        QCOMPARE(summary.files[2].error->code(), std::string_view("ingest.unknown_format"));
        QCOMPARE(summary.files[3].error->code(), std::string_view("ingest.empty_source"));
        QCOMPARE(summary.files[4].error->code(), std::string_view("base.file_unreadable"));
        QCOMPARE(summary.records, std::uint64_t{3});
        QCOMPARE(bench.stored("Syslog"), std::uint64_t{2});
        QCOMPARE(bench.stored("AzureActivity"), std::uint64_t{1});
    }

    void notesBesideLogsAreSkipped()
    {
        InlineExecutor executor;
        Bench bench(executor);
        bench.write("logs/README.txt", "These are logs.\n");
        bench.write("logs/LICENSE", "Free.\n");
        bench.write("logs/notes/about.md", "# About\n");
        bench.write("logs/picture.PNG", "\x89PNG");
        bench.write("logs/activity.json", kActivity);
        const ImportSummary walked = bench.run({bench.path("logs")});
        QCOMPARE(walked.files.size(), std::size_t{5});
        QCOMPARE(std::ranges::count(walked.files, FileResult::State::Skipped, &FileResult::state), 4);
        QCOMPARE(walked.files[0].error->code(), std::string_view("ingest.not_a_log"));
        QCOMPARE(walked.rows, std::uint64_t{1});
        const ImportSummary named = bench.run({bench.path("logs/README.txt"), bench.path("logs/picture.PNG")});
        QVERIFY(named.files[0].state != FileResult::State::Skipped);
        QVERIFY(named.files[1].state == FileResult::State::Failed);
        QCOMPARE(named.files[1].error->code(), std::string_view("ingest.unknown_format"));
    }

    void everyRejectIsReported()
    {
        InlineExecutor executor;
        Bench bench(executor);
        std::string text = kActivity;
        for (int i = 0; i < 250; ++i)
            text += "{\"x\":" + std::to_string(i) + "}\n";
        ImportOptions options;
        std::vector<std::uint64_t> lines;
        options.onReject = [&](const std::string& file, const Reject& reject) {
            if (file.ends_with("a.json") && reject.line)
                lines.push_back(*reject.line);
        };
        const ImportSummary summary = bench.run({bench.write("a.json", text)}, options);
        QCOMPARE(summary.files[0].rejected, std::uint64_t{250});
        QCOMPARE(summary.files[0].firstRejects.size(), std::size_t{100});
        QCOMPARE(lines.size(), std::size_t{250});
        QCOMPARE(lines.back(), std::uint64_t{251});
    }

    void aLateSurpriseBeginsTheFileAgain()
    {
        InlineExecutor executor;
        Bench bench(executor);
        constexpr std::uint64_t kLines = 60'000;
        std::string text; // several times what the shape is guessed from
        for (std::uint64_t line = 1; line <= kLines; ++line) {
            if (line == 3)
                text += "no record\n";
            else if (line == kLines - 5)
                text += "{\"Number\":\"not any more\",\"Text\":\"late\",\"New\":true}\n";
            else
                text += "{\"Number\":" + std::to_string(line) + ",\"Text\":\"" + std::string(80, 'x') + "\"}\n";
        }
        ImportOptions options;
        options.read.table = "Own_CL";
        options.commitRows = 5'000; // some rows are durable before the surprise comes
        std::vector<std::uint64_t> lines;
        options.onReject = [&](const std::string&, const Reject& reject) { lines.push_back(reject.line.value_or(0)); };
        const ImportSummary summary = bench.run({bench.write("own.json", text)}, options);
        const FileResult& file = summary.files[0];
        QVERIFY(file.state == FileResult::State::Imported);
        QCOMPARE(lines, std::vector<std::uint64_t>{3});
        QCOMPARE(file.rejected, std::uint64_t{1});
        QCOMPARE(file.firstRejects.size(), std::size_t{1});
        QCOMPARE(file.rows, kLines - 1);
        QCOMPARE(file.records, kLines - 1);
        QCOMPARE(bench.stored("Own_CL"), kLines - 1);
        const auto table = bench.workspace->catalog().snapshot().value()->findTable("Own_CL");
        const auto number = table->schema().indexOf("Number");
        QVERIFY(number && table->schema().indexOf("New"));
        QCOMPARE(table->schema().columns[*number].type, DataType::String);
    }

    void theSameContentTwiceAddsNothing()
    {
        InlineExecutor executor;
        Bench bench(executor);
        const auto first = bench.write("one.json", kActivity);
        const auto copy = bench.write("two.json", kActivity);
        const auto packed = bench.write("three.json.gz", gzip(kActivity));
        const ImportSummary together = bench.run({first, copy, packed});
        QVERIFY(together.files[0].state == FileResult::State::Imported);
        QVERIFY(together.files[1].state == FileResult::State::Duplicate);
        QVERIFY(together.files[2].state == FileResult::State::Duplicate);
        const ImportSummary again = bench.run({copy});
        QVERIFY(again.files[0].state == FileResult::State::Duplicate);
        QCOMPARE(bench.stored("AzureActivity"), std::uint64_t{1});
    }

    void archivesAreReadAsWhatTheyHold()
    {
        InlineExecutor executor;
        Bench bench(executor);
        const auto zipped = bench.write("case.zip", zip("inner/activity.json", kActivity));
        const auto packed = bench.write("auth.log.gz", gzip("Jan  2 10:00:00 h sshd[1]: x\n"));
        const auto broken = bench.write("broken.gz", gzip(std::string(5000, 'x')).substr(0, 20));
        const ImportSummary summary = bench.run({zipped, packed, broken});
        QVERIFY(summary.files[0].path.ends_with("case.zip/inner/activity.json"));
        QCOMPARE(summary.files[0].records, std::uint64_t{1});
        QCOMPARE(summary.files[1].records, std::uint64_t{1});
        QCOMPARE(summary.files[2].error->code(), std::string_view("ingest.bad_archive"));
    }

    void utf16TextIsRead()
    {
        InlineExecutor executor;
        Bench bench(executor);
        std::string text = "\xFF\xFE";
        for (const char* c = kActivity; *c; ++c) {
            text += *c;
            text += '\0';
        }
        QCOMPARE(bench.run({bench.write("wide.json", text)}).files[0].rowsByTable.at("AzureActivity"), std::uint64_t{1});
    }

    void rejectsAreKeptWithPlaceAndReason()
    {
        InlineExecutor executor;
        Bench bench(executor);
        const auto file = bench.write("a.json", std::string(kActivity) + "{\"time\":\"x\n" + "{\"x\":1}\n");
        const ImportSummary summary = bench.run({file});
        QCOMPARE(summary.files[0].rejected, std::uint64_t{2});
        const auto imports = bench.workspace->imports();
        QVERIFY(imports && imports->size() == 1);
        QVERIFY(imports->front().complete);
        QCOMPARE(imports->front().records, std::uint64_t{1});
        const auto rejects = bench.workspace->rejects(imports->front().id);
        QVERIFY(rejects.has_value());
        QCOMPARE(rejects->size(), std::size_t{2});
        QCOMPARE(QByteArray::fromStdString((*rejects)[0].code), QByteArray("ingest.json_broken"));
        QCOMPARE((*rejects)[0].offset, std::uint64_t(sizeof kActivity - 1));
        QCOMPARE((*rejects)[0].line, std::optional<std::uint64_t>(2));
    }

    void aStoppedImportCanBeRepeated()
    {
        InlineExecutor executor;
        Bench bench(executor);
        std::string text;
        for (int i = 0; i < 30000; ++i)
            text += kActivity;
        const auto file = bench.write("a.json", text);
        std::stop_source stop;
        ImportOptions options;
        options.commitRows = 4096;
        std::uint64_t last = 0;
        const ImportSummary cancelled = bench.run({file, file}, options, [&](const ImportProgress& progress) {
            last = progress.rows;
            if (progress.rows >= 8192)
                stop.request_stop();
        }, stop.get_token());
        QVERIFY(cancelled.cancelled);
        QVERIFY(cancelled.files[0].state == FileResult::State::Cancelled);
        QVERIFY(cancelled.files[1].state == FileResult::State::Cancelled);
        QVERIFY(last >= 8192 && last < 30000);
        QVERIFY(bench.stored("AzureActivity") < 30000);
        const ImportSummary again = bench.run({file}, options);
        QVERIFY(again.files[0].state == FileResult::State::Imported);
        QCOMPARE(bench.stored("AzureActivity"), std::uint64_t{30000});
        QVERIFY(bench.workspace->check({})->empty());
    }

    void manyFilesOnManyThreads()
    {
        ThreadPool executor(3);
        Bench bench(executor);
        std::vector<std::filesystem::path> paths;
        for (int i = 0; i < 40; ++i)
            paths.push_back(bench.write(("f" + std::to_string(i) + ".log").c_str(), "Jan  2 10:00:00 h a: " + std::to_string(i % 30) + "\n"));
        const ImportSummary summary = bench.run(paths);
        QCOMPARE(summary.files.size(), std::size_t{40});
        QCOMPARE(summary.rows, std::uint64_t{30});
        QCOMPARE(bench.stored("Syslog"), std::uint64_t{30});
    }

    void aFormatCanBeChosen()
    {
        InlineExecutor executor;
        Bench bench(executor);
        const auto file = bench.write("x.txt", "{\"a\":1}\n");
        ImportOptions options;
        options.format = "json";
        options.read.table = "Mine";
        QCOMPARE(bench.run({file}, options).files[0].rowsByTable.at("Mine"), std::uint64_t{1});
        options.format = "florb";
        QCOMPARE(bench.run({file}, options).files[0].error->code(), std::string_view("ingest.no_such_format"));
    }

    void digestIsSha256()
    {
        MemoryByteSource source("x", "abc");
        QCOMPARE(QByteArray::fromStdString(digestOf(source, {}).value()), QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
};

QTEST_GUILESS_MAIN(TestImporter)
#include "tst_importer.moc"
