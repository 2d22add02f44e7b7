// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/EvtxBytes.h"
#include "ingest/EvtxShared.h"
#include "ingest/EvtxSink.h"
#include "ingest/readers/evtx/EvtxReader.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace tocsin;
using namespace tocsin::ingest;
using tocsin::test::EvtxChunk;
using tocsin::test::evtxFile;
using tocsin::test::EvtxSink;

namespace {

/// Spoils some places of the file: bits, bytes, numbers that matter to parsers, copies of other places, runs of one value.
std::string mutated(std::string bytes, std::mt19937& random, std::size_t from)
{
    const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); };
    const std::size_t span = bytes.size() - from - 8;
    const std::size_t changes = 1 + below(40);
    for (std::size_t i = 0; i < changes; ++i) {
        const std::size_t at = from + below(span);
        switch (below(6)) {
        case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
        case 1: bytes[at] = static_cast<char>(below(256)); break;
        case 2: {
            static constexpr std::uint32_t kNumbers[] = {0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 512, 65'535, 65'528};
            const std::uint32_t number = kNumbers[below(std::size(kNumbers))];
            for (std::size_t b = 0; b < 4; ++b)
                bytes[at + b] = static_cast<char>(number >> 8 * b);
            break;
        }
        case 3: {
            const std::size_t count = std::min<std::size_t>(1 + below(64), bytes.size() - at);
            const std::size_t source = below(bytes.size() - count);
            const std::string copy = bytes.substr(source, count);
            bytes.replace(at, count, copy);
            break;
        }
        case 4: bytes[at] = static_cast<char>(below(16) | (below(2) ? 0x40 : 0)); break; // another token
        default: {
            const std::size_t count = std::min<std::size_t>(1 + below(200), bytes.size() - at);
            bytes.replace(at, count, std::string(count, static_cast<char>(below(2) ? 0 : 0xFF)));
            break;
        }
        }
    }
    if (below(10) == 0)
        bytes.resize(from + below(span));
    return bytes;
}

/// One chunk with templates, arrays, nested fragments and plain elements.
std::string sampleLog()
{
    EvtxChunk chunk;
    std::uint32_t definition = 0;
    const auto body = [&] {
        chunk.fragment().open("Event", true).attribute("xmlns").text("urn:x").startEnd().open("System").startEnd();
        chunk.open("EventID", true).attribute("Qualifiers").substitute(0, 0x06, true).startEnd().substitute(1, 0x06).close();
        chunk.open("Channel").startEnd().substitute(2, 0x01).close().close();
        chunk.open("EventData").startEnd().open("Data", true).attribute("Name").text("A").startEnd().substitute(3, 0x81).close();
        chunk.open("Binary").startEnd().substitute(4, 0x0E, true).close().close().close().end();
    };
    const std::vector<EvtxChunk::Value> values{{0x06, {"\x01\x00", 2}}, {0x06, {"\x10\x12", 2}}, {0x01, {"S\0e\0c\0", 6}}, {0x81, {"a\0\0\0b\0\0\0", 8}}, {0x0E, "\x01\x02"}};
    chunk.record(1, [&] { chunk.fragment(); definition = chunk.instance(body, values); chunk.end(); });
    for (std::uint64_t id = 2; id < 60; ++id) {
        if (id % 3)
            chunk.record(id, [&] { chunk.fragment().instanceOf(definition, values).end(); });
        else
            chunk.simpleEvent(id);
    }
    return evtxFile({chunk.finish()});
}

} // namespace

class TestEvtxFuzz : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void spoiltLogsAreReadToTheirEnd_data();
    void spoiltLogsAreReadToTheirEnd();
    void craftedRepetitionStaysBounded();
};

void TestEvtxFuzz::spoiltLogsAreReadToTheirEnd_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("rounds");
    QTest::newRow("made") << QByteArray::fromStdString(sampleLog()) << 400;
    const QString shared = tocsin::test::sharedFolder();
    if (shared.isEmpty())
        return;
    for (const char* name : {"mitre/ID4624-Mimikatz_Pass_the_hash.evtx", "mitre/ID1149-RDP_success_logins_to_multiple_hosts.evtx",
                             "attack/Command_and_Control/DE_sysmon-3-rdp-tun.evtx", "attack/Other_emotet/exec_emotet_ps_800_get-item.evtx",
                             "parser-edge-cases/issue_201.evtx", "parser-edge-cases/Application_no_crc32.evtx", "mitre/ID104-1102-Event_log_cleared.evtx",
                             "attack/Credential_Access/kerberos_pwd_spray_4771.evtx", "attack/AutomatedTestingTools/WinDefender_Events_1117_1116_AtomicRedTeam.evtx"})
        QTest::newRow(name) << QByteArray::fromStdString(tocsin::test::fileBytes(shared + QStringLiteral("/data/evtx/") + QLatin1String(name))) << 60;
}

void TestEvtxFuzz::spoiltLogsAreReadToTheirEnd()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, rounds);
    QVERIFY(!bytes.isEmpty());
    const int scale = qEnvironmentVariableIntValue("TOCSIN_FUZZ_SCALE");
    std::mt19937 random(20'260'101);
    for (int round = 0; round < rounds * std::max(1, scale); ++round) {
        // Most damage goes where the records are; the file header gets its share as well.
        const std::size_t from = round % 8 == 0 ? 8 : round % 4 == 0 ? 4096 : 4096 + 512;
        EvtxSink sink;
        sink.keep = round % 16 == 0;
        ReadOptions options;
        options.forwardedWindowsEvents = round % 5 == 0;
        MemoryByteSource source("spoilt.evtx", mutated(bytes.toStdString(), random, from));
        QVERIFY(EvtxReader().read(source, options, sink, {}));
        for (const Reject& reject : sink.rejects)
            QVERIFY(reject.offset < source.size() && !errorMessage(reject.reason).empty());
    }
}

void TestEvtxFuzz::craftedRepetitionStaysBounded()
{
    // Every record of the chunk unfolds one long value through a template that shows it thousands of times.
    EvtxChunk chunk;
    std::uint32_t definition = 0;
    const auto body = [&] {
        chunk.fragment().open("Event").startEnd();
        for (int i = 0; i < 7000; ++i)
            chunk.substitute(0, 1);
        chunk.close().end();
    };
    chunk.record(1, [&] { chunk.fragment(); definition = chunk.instance(body, {{1, std::string(8000, 'A')}}); chunk.end(); });
    std::uint64_t id = 2;
    while (chunk.at() < EvtxChunk::kSize - 700)
        chunk.record(id++, [&] { chunk.fragment().instanceOf(definition, {{1, std::string(500, 'A')}}).end(); });
    const std::string bytes = chunk.finish();
    EvtxSink sink;
    QElapsedTimer timer;
    timer.start();
    MemoryByteSource source("crafted.evtx", evtxFile({bytes, bytes, bytes, bytes}));
    QVERIFY(EvtxReader().read(source, {}, sink, {}));
    QCOMPARE(sink.total() + sink.rejects.size(), std::size_t{4 * (id - 1)});
    QVERIFY2(timer.elapsed() < 5000, "quadratic work on a small file");
}

QTEST_GUILESS_MAIN(TestEvtxFuzz)
#include "tst_evtx_fuzz.moc"
