// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/EvtxBytes.h"
#include "ingest/readers/evtx/BinXmlRenderer.h"
#include "ingest/readers/evtx/XmlText.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::ingest;
using tocsin::test::EvtxChunk;
using namespace std::string_literals;

namespace {

/// The XML of what `write` puts into a record's place, or `!` and the fault.
QString rendered(EvtxChunk& chunk, const std::function<void()>& write)
{
    const std::uint32_t begin = chunk.at();
    write();
    BinXmlRenderer renderer;
    renderer.startChunk(chunk.bytes());
    if (!renderer.render(begin, chunk.at()))
        return QStringLiteral("!%1").arg(QString::fromUtf8(renderer.fault().reason));
    std::string out;
    const auto tape = renderer.tape();
    for (std::size_t i = 0; i < tape.size(); ++i) {
        if (tape[i].kind != XmlKind::Open)
            continue;
        appendXmlElement(out, tape, i, XmlLayout::OneLine);
        i = tape[i].close;
    }
    return QString::fromStdString(out);
}

std::string utf16(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += {c, '\0'};
    return out;
}

} // namespace

class TestEvtxBinXml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valueText_data();
    void valueText();
    void arrayRepeatsItsElement_data();
    void arrayRepeatsItsElement();
    void plainElementsAndAttributes();
    void characterDataAndReferences();
    void processingInstruction();
    void namesAreSharedBackAndForth();
    void templatesAreSharedBackAndForth();
    void optionalNullDropsElementAndAttribute();
    void normalNullKeepsElementAndAttribute();
    void nestedFragmentHasNoDependencyNumbers();
    void nestedTemplateInstance();
    void damage_data();
    void damage();
    void unfoldingWithoutEndIsRefused();
    void depthIsLimited();
    void indentedLayout();
};

void TestEvtxBinXml::valueText_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, int type, std::string_view bytes, const char* text) {
        QTest::newRow(name) << type << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString::fromUtf8(text);
    };
    row("null", 0x00, "", "");
    row("utf16", 0x01, "a\0b\0"s, "ab");
    row("utf16 padded", 0x01, "a\0b\0\0\0\0\0"s, "ab");
    row("utf16 pair", 0x01, "\x3D\xD8\x00\xDE"s, "😀");
    row("utf16 lone half", 0x01, "\x3D\xD8\x61\x00"s, "\uFFFD""a");
    row("utf16 umlaut", 0x01, "\xFC\x00\xAC\x20"s, "ü€");
    row("utf16 odd byte", 0x01, "a\0b"s, "a");
    row("ansi", 0x02, "abc\0"s, "abc");
    row("ansi high", 0x02, "\xE9", "é");
    row("int8", 0x03, "\xFF", "-1");
    row("uint8", 0x04, "\xFF", "255");
    row("int16", 0x05, "\xFE\xFF", "-2");
    row("uint16", 0x06, "\xFE\xFF", "65534");
    row("int32", 0x07, "\x00\x00\x00\x80"s, "-2147483648");
    row("uint32", 0x08, "\x00\x00\x00\x80"s, "2147483648");
    row("int64", 0x09, "\x00\x00\x00\x00\x00\x00\x00\x80"s, "-9223372036854775808");
    row("uint64", 0x0A, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615");
    row("real32", 0x0B, "\x00\x00\xC0\x3F"s, "1.500000");
    row("real64", 0x0C, "\x00\x00\x00\x00\x00\x00\x04\xC0"s, "-2.500000");
    row("real64 nan", 0x0C, "\x00\x00\x00\x00\x00\x00\xF8\xFF"s, "-1.#IND");
    row("real64 inf", 0x0C, "\x00\x00\x00\x00\x00\x00\xF0\x7F"s, "1.#INF");
    row("bool", 0x0D, "\x01\x00\x00\x00"s, "true");
    row("bool of one byte", 0x0D, "\x01", "true");
    row("bool false", 0x0D, "\x00\x00\x00\x00"s, "false");
    row("binary", 0x0E, "\x0A\xFF", "0AFF");
    row("guid", 0x0F, "\x78\x56\x34\x12\xCD\xAB\x01\xEF\x01\x02\x03\x04\x05\x06\x07\x08", "{12345678-abcd-ef01-0102-030405060708}");
    row("guid cut", 0x0F, "\x78\x56", "7856");
    row("size 32", 0x10, "\xE7\x03\x00\x00"s, "0x3e7");
    row("size 64", 0x10, "\xE7\x03\x00\x00\x00\x00\x00\x00"s, "0x3e7");
    row("filetime zero", 0x11, "\x00\x00\x00\x00\x00\x00\x00\x00"s, "1601-01-01T00:00:00.0000000Z");
    row("filetime", 0x11, "\x15\xCD\x5B\x07\x00\x00\x00\x00"s, "1601-01-01T00:00:12.3456789Z");
    row("filetime beyond", 0x11, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615");
    row("systemtime", 0x12, "\xE3\x07\x03\x00\x05\x00\x01\x00\x0C\x00\x22\x00\x38\x00\x7B\x00"s, "2019-03-01T12:34:56.123Z");
    row("sid", 0x13, "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"s, "S-1-5-32-544");
    row("sid cut", 0x13, "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00"s, "01020000000000052000");
    row("hex32", 0x14, "\x6D\x00\x00\xC0"s, "0xc000006d");
    row("hex32 zero", 0x14, "\x00\x00\x00\x00"s, "0x0");
    row("hex64", 0x15, "\x00\x00\x00\x00\x00\x00\x20\x80"s, "0x8020000000000000");
    row("handle", 0x20, "\x04\x00\x00\x00"s, "0x4");
    row("evtxml", 0x23, "<\0a\0/\0>\0"s, "<a/>");
    row("unknown", 0x77, "\x01\x02", "0102");
    row("integer cut", 0x08, "\x05", "5");
}

void TestEvtxBinXml::valueText()
{
    QFETCH(int, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    TextArena arena(1024);
    const auto result = renderBinXmlValue(static_cast<BinXmlType>(type), {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())}, arena);
    QVERIFY(result);
    QCOMPARE(QString::fromUtf8(result->data(), static_cast<qsizetype>(result->size())), text);
}

void TestEvtxBinXml::arrayRepeatsItsElement_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("xml");
    const auto row = [](const char* name, int type, std::string_view bytes, const char* xml) {
        QTest::newRow(name) << type << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString::fromUtf8(xml);
    };
    row("strings", 0x81, "a\0\0\0b\0c\0\0\0"s, "<R><D>a</D><D>bc</D></R>");
    row("strings, last open", 0x81, "a\0\0\0b\0"s, "<R><D>a</D><D>b</D></R>");
    row("empty strings", 0x81, "\0\0\0\0"s, "<R><D></D><D></D></R>");
    row("no items", 0x81, "", "<R><D></D></R>");
    row("ansi", 0x82, "x\0y\0"s, "<R><D>x</D><D>y</D></R>");
    row("uint16", 0x86, "\x01\x00\x02\x00"s, "<R><D>1</D><D>2</D></R>");
    row("uint32 with a rest", 0x88, "\x01\x00\x00\x00\x02"s, "<R><D>1</D><D>2</D></R>");
    row("hex64", 0x95, "\x01\0\0\0\0\0\0\0\x0F\0\0\0\0\0\0\0"s, "<R><D>0x1</D><D>0xf</D></R>");
    row("sids", 0x93, "\x01\x01\0\0\0\0\0\x05\x12\0\0\0\x01\x01\0\0\0\0\0\x05\x13\0\0\0"s, "<R><D>S-1-5-18</D><D>S-1-5-19</D></R>");
    row("bools", 0x8D, "\x01\0\0\0\0\0\0\0"s, "<R><D>true</D><D>false</D></R>");
}

void TestEvtxBinXml::arrayRepeatsItsElement()
{
    QFETCH(int, type);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, xml);
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().instance(
                     [&] { chunk.fragment().open("R").startEnd().open("D").startEnd().substitute(0, static_cast<unsigned>(type)).close().close().end(); },
                     {{static_cast<std::uint8_t>(type), bytes.toStdString()}});
             }),
             xml);
}

void TestEvtxBinXml::plainElementsAndAttributes()
{
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().open("Event", true).attribute("xmlns").text("urn:x").attribute("q").text("\"<&>").startEnd();
                 chunk.element("A", "a < b & c > \"d\"").open("B").empty();
                 chunk.close().end();
             }),
             QStringLiteral("<Event xmlns=\"urn:x\" q=\"&quot;&lt;&amp;&gt;\"><A>a &lt; b &amp; c &gt; \"d\"</A><B></B></Event>"));
}

void TestEvtxBinXml::characterDataAndReferences()
{
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().open("E").startEnd();
                 chunk.text("x").u8(0x48).u16(0x41).u8(0x49).name("lt");
                 chunk.u8(0x09).name("unknown");
                 chunk.u8(0x07).u16(5).utf16("a]]>b");
                 chunk.close().end();
             }),
             QStringLiteral("<E>xA&lt;&amp;unknown;<![CDATA[a]]]]><![CDATA[>b]]></E>"));
}

void TestEvtxBinXml::processingInstruction()
{
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().open("E").startEnd().u8(0x0A).name("go");
                 chunk.u8(0x0B).u16(4).utf16("fast").close().end();
             }),
             QStringLiteral("<E><?go fast?></E>"));
}

void TestEvtxBinXml::namesAreSharedBackAndForth()
{
    EvtxChunk chunk;
    const std::uint32_t before = chunk.at();
    chunk.nameAt("Before");
    const std::uint32_t behind = 4000;
    const std::uint32_t here = chunk.at();
    chunk.seek(behind);
    chunk.nameAt("Behind");
    chunk.seek(here);
    QCOMPARE(rendered(chunk, [&] { chunk.fragment().openKnown(before).startEnd().openKnown(behind).empty().close().end(); }),
             QStringLiteral("<Before><Behind></Behind></Before>"));
}

void TestEvtxBinXml::templatesAreSharedBackAndForth()
{
    EvtxChunk chunk;
    std::uint32_t definition = 0;
    const auto body = [&] { chunk.fragment().open("T").startEnd().substitute(0, 1).close().end(); };
    const std::uint32_t first = chunk.at();
    QCOMPARE(rendered(chunk, [&] { chunk.fragment(); definition = chunk.instance(body, {{1, utf16("one")}}); chunk.end(); }), QStringLiteral("<T>one</T>"));
    QCOMPARE(rendered(chunk, [&] { chunk.fragment().instanceOf(definition, {{1, utf16("two")}}).end(); }), QStringLiteral("<T>two</T>"));
    // A record may stand before the one that holds its template.
    EvtxChunk later;
    later.seek(8000);
    std::uint32_t ahead = 0;
    later.fragment();
    ahead = later.instance([&] { later.fragment().open("T").startEnd().substitute(0, 1).close().end(); }, {{1, utf16("x")}});
    later.seek(first);
    QCOMPARE(rendered(later, [&] { later.fragment().instanceOf(ahead, {{1, utf16("early")}}).end(); }), QStringLiteral("<T>early</T>"));
}

void TestEvtxBinXml::optionalNullDropsElementAndAttribute()
{
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().instance(
                     [&] {
                         chunk.fragment().open("R", true).attribute("a").substitute(0, 1, true).attribute("b").substitute(1, 1, true).startEnd();
                         chunk.open("Gone").startEnd().substitute(0, 1, true).close();
                         chunk.open("Here").startEnd().substitute(1, 1, true).close();
                         chunk.open("Missing").startEnd().substitute(9, 1, true).close();
                         chunk.open("Mixed").startEnd().text("m").substitute(0, 1, true).close();
                         chunk.close().end();
                     },
                     {{0, ""}, {1, utf16("v")}});
             }),
             QStringLiteral("<R b=\"v\"><Here>v</Here><Mixed>m</Mixed></R>"));
}

void TestEvtxBinXml::normalNullKeepsElementAndAttribute()
{
    EvtxChunk chunk;
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment().instance([&] { chunk.fragment().open("R", true).attribute("a").substitute(0, 1).startEnd().substitute(0, 1).close().end(); }, {{0, ""}});
             }),
             QStringLiteral("<R a=\"\"></R>"));
}

void TestEvtxBinXml::nestedFragmentHasNoDependencyNumbers()
{
    EvtxChunk chunk;
    // The inner bytes are written where the argument will stand, so that their names refer to themselves.
    QCOMPARE(rendered(chunk, [&] {
                 std::uint32_t descriptor = 0;
                 chunk.fragment().instance([&] { chunk.fragment().open("R").startEnd().substitute(0, 0x21).close().end(); }, {});
                 chunk.seek(chunk.at() - 4);
                 chunk.u32(1);
                 descriptor = chunk.at();
                 chunk.u16(0).u8(0x21).u8(0);
                 const std::uint32_t start = chunk.at();
                 chunk.fragment().open("Inner").startEnd().element("Leaf", "deep").close().end();
                 const std::uint32_t end = chunk.at();
                 chunk.seek(descriptor);
                 chunk.u16(end - start);
                 chunk.seek(end);
             }),
             QStringLiteral("<R><Inner><Leaf>deep</Leaf></Inner></R>"));
}

void TestEvtxBinXml::nestedTemplateInstance()
{
    EvtxChunk chunk;
    const std::uint32_t elsewhere = 20'000;
    const std::uint32_t here = chunk.at();
    chunk.seek(elsewhere);
    const std::uint32_t definition = chunk.instance([&] { chunk.fragment().open("I").startEnd().substitute(0, 0x08).close().end(); }, {});
    EvtxChunk inner; // only to make the argument's bytes
    inner.fragment().instanceOf(definition, {{0x08, "\x07\0\0\0"s}}).end();
    const std::string bytes(reinterpret_cast<const char*>(inner.bytes().data()) + 512, inner.at() - 512);
    chunk.seek(here);
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment();
                 chunk.u8(0x0C).u8(1).u32(0x12345678);
                 const std::uint32_t outer = chunk.at() + 4;
                 chunk.u32(outer).u32(0).u32(0x12345678).u64(0).u32(0);
                 const std::uint32_t size = chunk.at();
                 chunk.u32(0).fragment();
                 chunk.u8(0x01).u16(0xFFFF).u32(4).name("O");
                 chunk.startEnd().substitute(0, 0x21).close().end();
                 chunk.patch32(size, chunk.at() - size - 4);
                 chunk.arguments({{0x21, bytes}}).end();
             }),
             QStringLiteral("<O><I>7</I></O>"));
}

void TestEvtxBinXml::damage_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, std::string_view bytes) { QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())); };
    row("unknown token", "\x0F\x01\x01\x00\x3F"s);
    row("fragment cut", "\x0F\x01"s);
    row("element cut", "\x01\x10"s);
    row("element without end", "\x01\x10\0\0\0\x00\x02\0\0\x02"s);
    row("end without element", "\x04"s);
    row("start end without element", "\x02"s);
    row("attribute outside", "\x06\0\0\0\0"s);
    row("value cut", "\x05\x01\xFF\xFF"s);
    row("value of another type", "\x05\x08\0\0"s);
    row("substitution cut", "\x0D\0"s);
    row("instance cut", "\x0C\x01"s);
    row("template outside", "\x0C\x01\0\0\0\0\xFF\xFF\xFF\xFF\0\0\0\0"s);
    row("instruction data alone", "\x0B\0\0"s);
    row("name outside", "\x09\xFF\xFF\xFF\x7F"s);
}

void TestEvtxBinXml::damage()
{
    QFETCH(QByteArray, bytes);
    EvtxChunk chunk;
    QVERIFY(rendered(chunk, [&] { chunk.raw(bytes.toStdString()); }).startsWith('!'));
}

void TestEvtxBinXml::unfoldingWithoutEndIsRefused()
{
    // A template that shows its long value five thousand times.
    EvtxChunk chunk;
    const QString result = rendered(chunk, [&] {
        chunk.fragment().instance(
            [&] {
                chunk.fragment().open("R").startEnd();
                for (int i = 0; i < 5000; ++i)
                    chunk.substitute(0, 1);
                chunk.close().end();
            },
            {{1, std::string(20'000, 'A')}});
    });
    QCOMPARE(result, QStringLiteral("!too much content"));
}

void TestEvtxBinXml::depthIsLimited()
{
    EvtxChunk chunk;
    const std::uint32_t name = chunk.at();
    chunk.nameAt("d");
    QCOMPARE(rendered(chunk, [&] {
                 chunk.fragment();
                 for (int i = 0; i < 2000; ++i)
                     chunk.openKnown(name).startEnd();
                 for (int i = 0; i < 2000; ++i)
                     chunk.close();
             }),
             QStringLiteral("!elements are nested too deep"));
}

void TestEvtxBinXml::indentedLayout()
{
    EvtxChunk chunk;
    const std::uint32_t begin = chunk.at();
    chunk.fragment().open("UserData").startEnd().open("X").startEnd().element("A", "1").open("B").empty().close().close().end();
    BinXmlRenderer renderer;
    renderer.startChunk(chunk.bytes());
    QVERIFY(renderer.render(begin, chunk.at()));
    std::string out;
    appendXmlElement(out, renderer.tape(), 0, XmlLayout::Indented, "urn:n");
    QCOMPARE(out, "<UserData xmlns=\"urn:n\">\r\n  <X>\r\n    <A>1</A>\r\n    <B></B>\r\n  </X>\r\n</UserData>"s);
}

QTEST_GUILESS_MAIN(TestEvtxBinXml)
#include "tst_evtx_binxml.moc"
