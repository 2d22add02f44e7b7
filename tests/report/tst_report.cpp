// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "report/IncidentPdf.h"
#include "report/ReportText.h"
#include "report/SampleReport.h"
#include "report/TimelineFigure.h"
#endif

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QFontDatabase>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace tocsin;
using namespace tocsin::report;

class TestReport : public QObject {
    Q_OBJECT

private slots:
    void pageCountIsTrueAndPrinted();
    void allPartsAreSearchable();
    void fontsAreEmbedded();
    void longTableRepeatsItsHeader();
    void rowCapIsNamed();
    void truncatedResultIsNamed();
    void attachedDataHasTheDigest();
    void unwritablePathIsAnError();
    void cancelLeavesNoFile();
    void existingFileSurvivesAFailure();
    void runsInAWorkerThread();
    void otherScriptsAreKept();
    void hostileTextIsPrintedHarmlessly();
    void manyColumnsAreSplit();
    void hugeCellGoesOverPages();
    void emptyReportIsADocument();
    void textHelpers();
    void axisHasFewTicks_data();
    void axisHasFewTicks();

private:
    QString path(const char* name) const { return m_folder.path() + '/' + QString::fromLatin1(name); }
    static QString run(const QString& program, const QStringList& arguments);
    static QString textOf(const QString& pdf) { return run("pdftotext", {"-layout", pdf, "-"}); }
    static int pagesOf(const QString& pdf);
    QTemporaryDir m_folder;
};

#define NEED(program)                                                                                                  \
    if (QStandardPaths::findExecutable(program).isEmpty())                                                             \
    QSKIP(program " is not installed")

QString TestReport::run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(60'000);
    return QString::fromUtf8(process.readAllStandardOutput());
}

int TestReport::pagesOf(const QString& pdf)
{
    const auto match = QRegularExpression("Pages:\\s+(\\d+)").match(run("pdfinfo", {pdf}));
    return match.captured(1).toInt();
}

void TestReport::pageCountIsTrueAndPrinted()
{
    NEED("pdfinfo");
    QElapsedTimer timer;
    timer.start();
    const auto facts = writeIncidentPdf(sampleReport(), path("sample.pdf"));
    QVERIFY2(facts.has_value(), facts ? "" : errorMessage(facts.error()).c_str());
    qInfo("%d pages, %lld bytes, %lld ms", facts->pages, static_cast<long long>(facts->bytes), static_cast<long long>(timer.elapsed()));
    QVERIFY(facts->pages >= 5);
    QCOMPARE(pagesOf(path("sample.pdf")), facts->pages);
    QCOMPARE(QFileInfo(path("sample.pdf")).size(), facts->bytes);
    QVERIFY(run("pdfinfo", {path("sample.pdf")}).contains("A4"));
    const QString text = textOf(path("sample.pdf"));
    for (int page = 1; page <= facts->pages; ++page)
        QVERIFY(text.contains(QString("Page %1 of %2").arg(page).arg(facts->pages)));
}

void TestReport::allPartsAreSearchable()
{
    NEED("pdftotext");
    QVERIFY(writeIncidentPdf(sampleReport(), path("search.pdf"), {1000, "Confidential", {}, {}}).has_value());
    const QString text = run("pdftotext", {path("search.pdf"), "-"}).simplified();
    for (const char* const expected : {"Incident report", "Multistage attack on North Wharf Ferries", "True positive", "Summary", "Kill chain", "Obfuscation / Anti-forensics",
                                       "Memory of lsass.exe read", "Entities", "maya.lindqvist@northwharf.example", "Reachable", "allow-rdp-from-clients", "Evidence",
                                       "SigninLogs", "summarize", "203.0.113.77", "How this report was made", "SHA-256", "northwharf.tocsin", "Confidential", "Critical",
                                       "2026-03-03 02:58:14Z", "payslips-100119.pdf", "8 of 8"})
        QVERIFY2(text.contains(QString::fromUtf8(expected)), expected);
}

void TestReport::fontsAreEmbedded()
{
    NEED("pdffonts");
    QVERIFY(writeIncidentPdf(sampleReport(), path("fonts.pdf")).has_value());
    const QStringList lines = run("pdffonts", {path("fonts.pdf")}).split('\n', Qt::SkipEmptyParts);
    QVERIFY(lines.size() > 3);
    for (const QString& line : lines.mid(2)) {
        QVERIFY2(QRegularExpression("\\s(yes)\\s+(yes|no)\\s+(yes)\\s+\\d+\\s+\\d+$").match(line.trimmed()).hasMatch(), qPrintable(line));
        QVERIFY2(!line.contains("Type 3"), qPrintable(line));
    }
}

void TestReport::longTableRepeatsItsHeader()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    ReportQuery& query = report.queries[1];
    query.columns[1].name = "ObjectKeyOfTheBlob";
    const auto facts = writeIncidentPdf(report, path("long.pdf"));
    QVERIFY(facts.has_value());
    int pagesWithRows = 0;
    int pagesWithHeader = 0;
    for (int page = 1; page <= facts->pages; ++page) {
        const QString text = run("pdftotext", {"-layout", "-f", QString::number(page), "-l", QString::number(page), path("long.pdf"), "-"});
        pagesWithRows += text.contains("/nwfinancedata/payroll");
        pagesWithHeader += text.contains("ObjectKeyOfTheBlob");
    }
    QVERIFY(pagesWithRows >= 2);
    QCOMPARE(pagesWithHeader, pagesWithRows);
}

void TestReport::rowCapIsNamed()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    ReportQuery& query = report.queries[1];
    query.rows.clear();
    for (int i = 0; i < 1500; ++i)
        query.rows.push_back({formatDateTime(report.generated), "row-" + std::to_string(i), std::to_string(i), "10.0.0.1", "agent"});
    query.totalRows = 12'345;
    QElapsedTimer timer;
    timer.start();
    const auto facts = writeIncidentPdf(report, path("cap.pdf"));
    QVERIFY(facts.has_value());
    qInfo("%d pages with 1,000 rows: %lld ms", facts->pages, static_cast<long long>(timer.elapsed()));
    QCOMPARE(facts->rowsPrinted, std::uint64_t{1003});
    QCOMPARE(facts->rowsLeftOut, std::uint64_t{11'345});
    const QString text = textOf(path("cap.pdf"));
    QVERIFY(text.contains("1,000 of 12,345 rows printed; 11,345 more rows"));
    QVERIFY(text.contains("row-999"));
    QVERIFY(!text.contains("row-1000"));
}

void TestReport::truncatedResultIsNamed()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    report.queries[0].truncated = true;
    QVERIFY(writeIncidentPdf(report, path("truncated.pdf")).has_value());
    QVERIFY(textOf(path("truncated.pdf")).contains("cut at a limit of the engine"));
}

void TestReport::attachedDataHasTheDigest()
{
    const auto facts = writeIncidentPdf(sampleReport(), path("digest.pdf"));
    QVERIFY(facts.has_value());
    const std::string json = reportJson(sampleReport(), 1000);
    const QByteArray data(json.data(), static_cast<qsizetype>(json.size()));
    QCOMPARE(QString::fromStdString(facts->sha256), QString::fromLatin1(QCryptographicHash::hash(data, QCryptographicHash::Sha256).toHex()));
    IncidentReport changed = sampleReport();
    changed.queries[0].rows[0][2] = "117";
    const auto other = writeIncidentPdf(changed, path("digest2.pdf"));
    QVERIFY(other.has_value());
    QVERIFY(other->sha256 != facts->sha256);
    NEED("pdfdetach");
    run("pdfdetach", {"-saveall", "-o", m_folder.path(), path("digest.pdf")});
    QFile attached(path("report.json"));
    QVERIFY(attached.open(QIODevice::ReadOnly));
    QCOMPARE(attached.readAll(), data);
    QVERIFY(textOf(path("digest.pdf")).contains(QString::fromStdString(facts->sha256)));
}

void TestReport::unwritablePathIsAnError()
{
    const auto facts = writeIncidentPdf(sampleReport(), "/no/such/folder/report.pdf");
    QVERIFY(!facts);
    QCOMPARE(facts.error().code(), kFileUnwritable.code);
    QVERIFY(!writeIncidentPdf(sampleReport(), m_folder.path()));
}

void TestReport::cancelLeavesNoFile()
{
    std::stop_source source;
    source.request_stop();
    PdfOptions options;
    options.stop = source.get_token();
    const auto facts = writeIncidentPdf(sampleReport(), path("cancelled.pdf"), options);
    QVERIFY(!facts);
    QCOMPARE(facts.error().code(), kCancelled.code);
    QVERIFY(!QFile::exists(path("cancelled.pdf")));
}

void TestReport::existingFileSurvivesAFailure()
{
    QFile old(path("kept.pdf"));
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.write("the report of yesterday");
    old.close();
    std::stop_source source;
    source.request_stop();
    PdfOptions options;
    options.stop = source.get_token();
    QVERIFY(!writeIncidentPdf(sampleReport(), path("kept.pdf"), options));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("the report of yesterday"));
}

void TestReport::runsInAWorkerThread()
{
    Result<ReportFacts> facts = fail(kInternal, "not run");
    int pages = 0;
    PdfOptions options;
    options.progress = [&](int, int) { ++pages; };
    std::thread worker([&] { facts = writeIncidentPdf(sampleReport(), path("worker.pdf"), options); });
    worker.join();
    QVERIFY(facts.has_value());
    QCOMPARE(pages, facts->pages - 1); // told after each further page
}

void TestReport::otherScriptsAreKept()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    report.owner = "Łukasz Żółć";
    report.summary = "Ærøskøbing, Ελλάδα, Київ, naïve façade — “quoted”.";
    report.entities[0].name = "пользователь@northwharf.example";
    QVERIFY(writeIncidentPdf(report, path("scripts.pdf")).has_value());
    const QString text = run("pdftotext", {path("scripts.pdf"), "-"});
    for (const char* const expected : {"Łukasz Żółć", "Ærøskøbing", "Ελλάδα", "Київ", "пользователь", "façade"})
        QVERIFY2(text.contains(QString::fromUtf8(expected)), expected);
}

void TestReport::hostileTextIsPrintedHarmlessly()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    report.alerts[0].name = std::string("a\0b\x1b[31m", 8) + "\xE2\x80\xAE" "gpj.exe\xff\xfe";
    report.queries[0].kql = "T | where x == \"unterminated\n\xf0\x28\x8c\x28 ``` | ";
    report.queries[0].rows[0] = {};
    report.title = std::string(3000, 'x');
    const auto facts = writeIncidentPdf(report, path("hostile.pdf"));
    QVERIFY(facts.has_value());
    const QString text = run("pdftotext", {path("hostile.pdf"), "-"});
    QVERIFY(text.contains("gpj.exe"));
    QVERIFY(!text.contains(QChar(0x202E)));
}

void TestReport::manyColumnsAreSplit()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    ReportQuery wide;
    wide.title = "Everything";
    wide.kql = "SigninLogs | take 3";
    std::vector<std::string> row;
    for (int i = 0; i < 40; ++i) {
        wide.columns.push_back({"ColumnNumber" + std::to_string(i), i % 3 == 0});
        row.push_back("value " + std::to_string(i * 1000) + " of the row");
    }
    wide.rows.assign(3, row);
    wide.totalRows = 3;
    report.queries.push_back(wide);
    QVERIFY(writeIncidentPdf(report, path("wide.pdf")).has_value());
    const QString text = textOf(path("wide.pdf"));
    QVERIFY(text.contains("Columns 1 to "));
    QVERIFY(text.contains(" to 40 of 40"));
    QVERIFY(text.contains("ColumnNumber39"));
}

void TestReport::hugeCellGoesOverPages()
{
    NEED("pdftotext");
    IncidentReport report = sampleReport();
    std::string text;
    for (int i = 0; i < 6000; ++i)
        text += "word" + std::to_string(i) + ' ';
    report.queries[0].rows[1][1] = text;
    const auto facts = writeIncidentPdf(report, path("huge.pdf"));
    QVERIFY(facts.has_value());
    const QString shown = run("pdftotext", {path("huge.pdf"), "-"});
    QVERIFY(shown.contains("word0"));
    QVERIFY(shown.contains("word5999"));
}

void TestReport::emptyReportIsADocument()
{
    const auto facts = writeIncidentPdf({}, path("empty.pdf"));
    QVERIFY(facts.has_value());
    QVERIFY(facts->pages >= 1);
}

void TestReport::textHelpers()
{
    QCOMPARE(timeText(ticksFromCivil({2026, 3, 3, 8, 32, 7, 0})), QString("2026-03-03 08:32:07Z"));
    QCOMPARE(durationText(28 * kTicksPerHour), QString("1 d 4 h"));
    QCOMPARE(durationText(61 * kTicksPerSecond), QString("1 min 1 s"));
    QCOMPARE(countText(1234567), QString("1,234,567"));
    QCOMPARE(printable("a\r\nb\tc"), QString("a") + QChar(QChar::LineSeparator) + "b c");
    QCOMPARE(printable("\x01\xE2\x80\xAE"), QString(2, QChar(QChar::ReplacementCharacter)));
}

void TestReport::axisHasFewTicks_data()
{
    QTest::addColumn<qlonglong>("length");
    QTest::newRow("3 ms") << qlonglong(3 * kTicksPerMillisecond);
    QTest::newRow("1 minute") << qlonglong(kTicksPerMinute);
    QTest::newRow("28 hours") << qlonglong(28 * kTicksPerHour);
    QTest::newRow("9 days") << qlonglong(9 * kTicksPerDay);
    QTest::newRow("5 months") << qlonglong(150 * kTicksPerDay);
    QTest::newRow("3 years") << qlonglong(1100 * kTicksPerDay);
    QTest::newRow("40 years") << qlonglong(40 * 365 * kTicksPerDay);
}

void TestReport::axisHasFewTicks()
{
    QFETCH(qlonglong, length);
    const Ticks begin = ticksFromCivil({1985, 3, 2, 13, 7, 0, 0});
    const AxisTicks ticks = axisTicks(begin, begin + length, 8);
    QVERIFY2(!ticks.places.empty() && ticks.places.size() <= 14, qPrintable(QString::number(ticks.places.size())));
    QVERIFY(ticks.places.front() >= begin);
    QVERIFY(ticks.places.back() <= begin + length);
    if (length > 100 * kTicksPerDay)
        QCOMPARE(civilFromTicks(ticks.places.front()).day, 1);
}

QTEST_MAIN(TestReport)
#include "tst_report.moc"
