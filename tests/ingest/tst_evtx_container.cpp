// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/ByteSources.h"
#include "ingest/EvtxBytes.h"
#include "ingest/EvtxSink.h"
#include "ingest/readers/evtx/EvtxErrors.h"
#include "ingest/readers/evtx/EvtxFile.h"
#include "ingest/readers/evtx/EvtxReader.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tocsin;
using namespace tocsin::ingest;
using tocsin::test::EvtxChunk;
using tocsin::test::evtxFile;
using tocsin::test::EvtxSink;

namespace {

constexpr std::uint32_t kChunk0 = 4096;

Result<void> readInto(EvtxSink& sink, std::string bytes, std::stop_token stop = {})
{
    MemoryByteSource source("test.evtx", std::move(bytes));
    return EvtxReader().read(source, {}, sink, stop);
}

std::vector<std::uint64_t> recordIds(const std::string& file)
{
    std::vector<std::uint64_t> ids;
    MemoryByteSource source("test.evtx", file);
    (void)forEachEvent(source, [&](const EvtxEvent& event) { ids.push_back(event.recordId); });
    return ids;
}

/// A chunk of these simple events.
EvtxChunk chunkOf(std::uint64_t first, std::uint64_t last)
{
    EvtxChunk chunk;
    for (std::uint64_t id = first; id <= last; ++id)
        chunk.simpleEvent(id);
    return chunk;
}

} // namespace

class TestEvtxContainer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recognisesItsSignature();
    void refusesOtherFiles();
    void readsRecordsOfSeveralChunks();
    void fileOfOnlyAHeaderIsEmpty();
    void unusedChunksAreSkipped();
    void oneBadRecordCostsOneRecord();
    void recordOfWrongSizeIsSteppedOver();
    void bytesBetweenRecordsAreRejectedOnce();
    void remainsBehindFreeSpaceAreNotRead();
    void wrongChecksumsOnlyWarn();
    void checksumsMayBeAbsent();
    void spoiltSignatureOverGoodRecordsOnlyWarns();
    void chunkWithoutHeaderIsOneReject();
    void fileCutInsideARecord();
    void overwrittenTailIsRejected();
    void stopsWhenAsked();
    void sinkRefusalEndsTheReading();
    void batchesHaveAtMost4096Rows();
    void textsOfTheCollectorAreKept();
    void dataThatCouldNotBeProcessed();
    void fileSourceReadsPlainFiles();
};

void TestEvtxContainer::recognisesItsSignature()
{
    const EvtxReader reader;
    QCOMPARE(reader.probe(evtxFile({}), "x.bin", 4096), Confidence::Certain);
    QCOMPARE(reader.probe("ElfFile", "x.evtx", 7), Confidence::No);
    QCOMPARE(reader.probe("{}", "x.evtx", 2), Confidence::No);
}

void TestEvtxContainer::refusesOtherFiles()
{
    for (const std::string& bytes : {std::string(), std::string("ElfFile"), std::string(5000, 'x')}) {
        EvtxSink sink;
        const auto result = readInto(sink, bytes);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, &kEvtxNotALog);
    }
}

void TestEvtxContainer::readsRecordsOfSeveralChunks()
{
    const std::string file = evtxFile({chunkOf(1, 3).finish(), chunkOf(4, 5).finish()});
    QCOMPARE(recordIds(file), (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
    EvtxSink sink;
    QVERIFY(readInto(sink, file));
    QCOMPARE(sink.total(), std::size_t{5});
    QCOMPARE(sink.of("Event").at(0).at("EventID"), std::string("42"));
    QCOMPARE(sink.of("Event").at(0).at("Computer"), std::string("HOST"));
    QVERIFY(sink.rejects.empty());
    QVERIFY(sink.warnings.empty());
    QCOMPARE(sink.progressed, (std::vector<std::uint64_t>{kChunk0 + EvtxChunk::kSize, kChunk0 + 2 * EvtxChunk::kSize}));
}

void TestEvtxContainer::fileOfOnlyAHeaderIsEmpty()
{
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({})));
    QCOMPARE(sink.total(), std::size_t{0});
    QVERIFY(sink.rejects.empty());
}

void TestEvtxContainer::unusedChunksAreSkipped()
{
    const std::string unused(EvtxChunk::kSize, '\0');
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({unused, chunkOf(1, 1).finish(), unused})));
    QCOMPARE(sink.total(), std::size_t{1});
    QVERIFY(sink.rejects.empty() && sink.warnings.empty());
}

void TestEvtxContainer::oneBadRecordCostsOneRecord()
{
    EvtxChunk chunk;
    chunk.simpleEvent(1);
    const std::uint32_t bad = chunk.record(2, [&] { chunk.fragment().u8(0x3F); });
    const std::uint32_t noEvent = chunk.record(3, [&] { chunk.fragment().element("Other", "x").end(); });
    chunk.simpleEvent(4);
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({chunk.finish()})));
    QCOMPARE(sink.total(), std::size_t{2});
    QCOMPARE(sink.rejects.size(), std::size_t{2});
    QCOMPARE(sink.rejects[0].offset, std::uint64_t{kChunk0 + bad});
    QCOMPARE(sink.rejects[0].reason.kind, &kEvtxBinXml);
    QCOMPARE(errorMessage(sink.rejects[0].reason), "Record 2 cannot be read: an unknown token at byte " + std::to_string(bad + 28) + " of its chunk");
    QCOMPARE(sink.rejects[1].offset, std::uint64_t{kChunk0 + noEvent});
}

void TestEvtxContainer::recordOfWrongSizeIsSteppedOver()
{
    for (const std::uint32_t size : {0u, 27u, 70'000u, 0xFFFFFFFFu}) {
        EvtxChunk chunk;
        chunk.simpleEvent(1);
        const std::uint32_t bad = chunk.simpleEvent(2);
        chunk.simpleEvent(3);
        chunk.patch32(bad + 4, size);
        EvtxSink sink;
        QVERIFY(readInto(sink, evtxFile({chunk.finish()})));
        QCOMPARE(sink.total(), std::size_t{2});
        QCOMPARE(sink.rejects.size(), std::size_t{1});
        QCOMPARE(sink.rejects[0].reason.kind, &kEvtxRecordSize);
    }
}

void TestEvtxContainer::bytesBetweenRecordsAreRejectedOnce()
{
    EvtxChunk chunk;
    chunk.simpleEvent(1);
    const std::uint32_t garbage = chunk.at();
    chunk.raw(std::string(99, 'x'));
    chunk.simpleEvent(2);
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({chunk.finish()})));
    QCOMPARE(sink.total(), std::size_t{2});
    QCOMPARE(sink.rejects.size(), std::size_t{1});
    QCOMPARE(sink.rejects[0].offset, std::uint64_t{kChunk0 + garbage});
}

void TestEvtxContainer::remainsBehindFreeSpaceAreNotRead()
{
    EvtxChunk chunk = chunkOf(10, 11);
    const std::string sound = chunk.finish();
    chunk.simpleEvent(3); // an older record, left over behind the free-space mark
    const std::string bytes = chunk.text();
    QCOMPARE(recordIds(evtxFile({bytes})), (std::vector<std::uint64_t>{10, 11}));
    QVERIFY(sound != bytes);
}

void TestEvtxContainer::wrongChecksumsOnlyWarn()
{
    std::string file = evtxFile({chunkOf(1, 2).finish()});
    file[130] = 'x';           // not covered
    file[20] = 'x';            // file header
    file[kChunk0 + 200] = 'x'; // chunk header
    file[kChunk0 + 512 + 17] = 'x'; // time of the first record
    EvtxSink sink;
    QVERIFY(readInto(sink, file));
    QCOMPARE(sink.total(), std::size_t{2});
    QCOMPARE(sink.warnings.size(), std::size_t{3});
    QCOMPARE(sink.warnings[0].reason.kind, &kEvtxHeaderChecksum);
    QCOMPARE(sink.warnings[1].reason.kind, &kEvtxChunkChecksum);
    QCOMPARE(sink.warnings[2].reason.kind, &kEvtxRecordsChecksum);
    QVERIFY(sink.rejects.empty());
}

void TestEvtxContainer::checksumsMayBeAbsent()
{
    std::string file = evtxFile({chunkOf(1, 2).finish()});
    file[120] = 4; // the log says that it has none
    file[kChunk0 + 124] ^= 0x55;
    EvtxSink sink;
    QVERIFY(readInto(sink, file));
    QVERIFY(sink.warnings.empty());
}

void TestEvtxContainer::spoiltSignatureOverGoodRecordsOnlyWarns()
{
    std::string chunk = chunkOf(1, 2).finish();
    chunk[0] = '?';
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({chunk, chunkOf(3, 3).finish()})));
    QCOMPARE(sink.total(), std::size_t{3});
    QCOMPARE(sink.warnings.size(), std::size_t{1});
    QCOMPARE(sink.warnings[0].reason.kind, &kEvtxChunkMark);
}

void TestEvtxContainer::chunkWithoutHeaderIsOneReject()
{
    EvtxChunk lost;
    lost.seek(30'000);
    lost.simpleEvent(1);
    lost.simpleEvent(2);
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({lost.text(), chunkOf(3, 3).finish()})));
    QCOMPARE(sink.total(), std::size_t{1});
    QCOMPARE(sink.rejects.size(), std::size_t{1});
    QCOMPARE(sink.rejects[0].offset, std::uint64_t{kChunk0});
    QCOMPARE(errorMessage(sink.rejects[0].reason), std::string("A chunk of the log has lost its header; 2 record(s) seen in it were left out"));
}

void TestEvtxContainer::fileCutInsideARecord()
{
    EvtxChunk chunk = chunkOf(1, 5);
    const std::uint32_t last = chunk.simpleEvent(6);
    const std::string file = evtxFile({chunk.finish()});
    for (const std::uint32_t left : {4u, 10u, 24u, 60u}) {
        EvtxSink sink;
        QVERIFY(readInto(sink, file.substr(0, kChunk0 + last + left)));
        QCOMPARE(sink.total(), std::size_t{5});
        QCOMPARE(sink.rejects.size(), std::size_t{1});
        QCOMPARE(sink.rejects[0].reason.kind, &kEvtxRecordCut);
        QCOMPARE(sink.rejects[0].offset, std::uint64_t{kChunk0 + last});
    }
}

void TestEvtxContainer::overwrittenTailIsRejected()
{
    EvtxChunk chunk;
    chunk.simpleEvent(1);
    const std::uint32_t second = chunk.simpleEvent(2, "a long text that is partly gone");
    std::string bytes = chunk.finish();
    // Zeros from inside the second record's text to the end of the chunk.
    const std::size_t from = chunk.at() - 30;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), '\0');
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({bytes})));
    QCOMPARE(sink.total(), std::size_t{1});
    QCOMPARE(sink.rejects.size(), std::size_t{1});
    QCOMPARE(sink.rejects[0].offset, std::uint64_t{kChunk0 + second});
}

void TestEvtxContainer::stopsWhenAsked()
{
    std::stop_source stop;
    stop.request_stop();
    EvtxSink sink;
    const auto result = readInto(sink, evtxFile({chunkOf(1, 2).finish()}), stop.get_token());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, &kCancelled);
}

void TestEvtxContainer::sinkRefusalEndsTheReading()
{
    EvtxSink sink;
    sink.failAtBatch(1);
    const auto result = readInto(sink, evtxFile({chunkOf(1, 2).finish()}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, &kFileUnwritable);
}

void TestEvtxContainer::batchesHaveAtMost4096Rows()
{
    std::vector<std::string> chunks;
    for (int i = 0; i < 60; ++i)
        chunks.push_back(chunkOf(1 + 100u * static_cast<unsigned>(i), 100 + 100u * static_cast<unsigned>(i)).finish());
    EvtxSink sink;
    sink.keep = false;
    QVERIFY(readInto(sink, evtxFile(chunks)));
    QCOMPARE(sink.batches(), (std::vector<std::size_t>{4096, 1904}));
}

void TestEvtxContainer::textsOfTheCollectorAreKept()
{
    EvtxChunk chunk;
    chunk.record(1, [&] {
        chunk.fragment().open("Event").startEnd().open("System").startEnd();
        chunk.element("EventID", "7036").element("Channel", "System").element("EventRecordID", "812").close();
        chunk.open("EventData").startEnd().element("Data", "a").element("Data", "b").close();
        chunk.open("RenderingInfo", true).attribute("Culture").text("en-US").startEnd();
        chunk.element("Message", "The service started.").element("Level", "Information").element("Channel", "System").element("Provider", "SCM");
        chunk.open("Keywords").startEnd().element("Keyword", "Classic").element("Keyword", "Audit").close().close();
        chunk.close().end();
    });
    const std::string file = evtxFile({chunk.finish()});
    MemoryByteSource source("test.evtx", file);
    int events = 0;
    QVERIFY(forEachEvent(source, [&](const EvtxEvent& event) {
        ++events;
        QCOMPARE(event.recordId, std::uint64_t{812}); // the number it had where it was written first
        QCOMPARE(event.rendering.culture, std::string_view("en-US"));
        QCOMPARE(event.rendering.message, std::string_view("The service started."));
        QCOMPARE(event.rendering.keywords, std::string_view("Classic Audit"));
        QCOMPARE(event.fields.size(), std::size_t{2});
        QVERIFY(!event.fields[0].named);
    }));
    QCOMPARE(events, 1);
    EvtxSink sink;
    QVERIFY(readInto(sink, file));
    QCOMPARE(sink.of("Event").at(0).at("RenderedDescription"), std::string("The service started."));
}

void TestEvtxContainer::dataThatCouldNotBeProcessed()
{
    EvtxChunk chunk;
    chunk.record(1, [&] {
        chunk.fragment().open("Event").startEnd().open("System").startEnd().element("EventID", "5").element("Channel", "Application").close();
        chunk.open("ProcessingErrorData").startEnd().element("ErrorCode", "15005").element("DataItemName", "Param").close();
        chunk.close().end();
    });
    EvtxSink sink;
    QVERIFY(readInto(sink, evtxFile({chunk.finish()})));
    const EvtxSink::Row& row = sink.of("Event").at(0);
    QCOMPARE(row.at("ParameterXml"), std::string("<Param>15005</Param><Param>Param</Param>"));
    QVERIFY(row.at("EventData").find("<ProcessingErrorData xmlns=") != std::string::npos);
}

void TestEvtxContainer::fileSourceReadsPlainFiles()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.evtx")).toStdString();
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(evtxFile({chunkOf(1, 2).finish()})));
    file.close();
    auto source = FileByteSource::open(path);
    QVERIFY(source);
    EvtxSink sink;
    QVERIFY(EvtxReader().read(**source, {}, sink, {}));
    QCOMPARE(sink.total(), std::size_t{2});
    QCOMPARE((*source)->name(), path);
    QCOMPARE(FileByteSource::open(path + ".none").error().kind, &kFileUnreadable);
    QCOMPARE(FileByteSource::open(folder.path().toStdString()).error().kind, &kFileUnreadable);
}

QTEST_GUILESS_MAIN(TestEvtxContainer)
#include "tst_evtx_container.moc"
