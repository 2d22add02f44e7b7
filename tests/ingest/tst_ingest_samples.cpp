// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

QString sharedFolder()
{
    return qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared")) + QStringLiteral("/data");
}

/// Where the manifest counts lines or other things than records, and why.
struct Exception {
    const char* file;
    std::uint64_t records;
    std::size_t rejects;
};
const Exception kExceptions[] = {
    // One answer with three rows.
    {"defender/table/la_query_response.json", 3, 0},
    // Nine messages on two lines, without a line break between them.
    {"syslog/plaso/syslog_rsyslog_ForwardFormat.log", 9, 0},
    {"syslog/plaso/syslog_rsyslog_TraditionalForwardFormat.log", 9, 0},
    // One line more than messages: the second line of a message.
    {"syslog/plaso/syslog_rsyslog_SysklogdFileFormat.log", 9, 0},
    {"syslog/plaso/syslog_rsyslog_SyslogProtocol23Format.log", 9, 0},
    {"syslog/plaso/syslog_chromeos.log", 8, 0},
    {"syslog/plaso/syslog_rsyslog_traditional.log", 8, 0},
    // Likewise, and one line whose month is "MMM".
    {"syslog/plaso/syslog.log", 16, 1},
};

} // namespace

/// Reads every sample of recorded logs and compares the number of records with the manifest.
class TestIngestSamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordsAgreeWithTheManifest_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<quint64>("records");
        QTest::addColumn<quint64>("rejects");
        QFile manifest(sharedFolder() + QStringLiteral("/MANIFEST.tsv"));
        if (!manifest.open(QIODevice::ReadOnly)) {
            QTest::newRow("no shared folder") << QString() << quint64(0) << quint64(0);
            return;
        }
        const QStringList folders = qEnvironmentVariable("TOCSIN_SAMPLE_FOLDERS", QStringLiteral("azure-activity entra flow syslog cef defender metrics o365 resource-logs storage-analytics zeek")).split(QLatin1Char(' '));
        manifest.readLine();
        while (!manifest.atEnd()) {
            const QList<QByteArray> fields = manifest.readLine().trimmed().split('\t');
            const QString file = QString::fromUtf8(fields.value(0));
            if (!folders.contains(file.section(QLatin1Char('/'), 0, 0)))
                continue;
            quint64 records = fields.value(9).toULongLong();
            quint64 rejects = 0;
            for (const Exception& exception : kExceptions)
                if (file == QLatin1String(exception.file)) {
                    records = exception.records;
                    rejects = exception.rejects;
                }
            QTest::newRow(fields.value(0).constData()) << file << records << rejects;
        }
    }

    void recordsAgreeWithTheManifest()
    {
        QFETCH(QString, file);
        QFETCH(quint64, records);
        QFETCH(quint64, rejects);
        if (file.isEmpty())
            QSKIP("no shared folder");
        QFile input(sharedFolder() + QLatin1Char('/') + file);
        QVERIFY(input.open(QIODevice::ReadOnly));
        const auto result = readBytes(input.readAll().toStdString(), file.toStdString());
        if (!qEnvironmentVariableIsEmpty("TOCSIN_SHOW")) {
            std::string text = result->format + ":";
            for (const auto& [name, table] : result->sink.tables)
                text += " " + name + "=" + std::to_string(table.rows);
            text += " rejects=" + std::to_string(result->sink.rejects.size()) + " warnings=" + std::to_string(result->sink.warnings.size());
            qInfo("%s", text.c_str());
            for (std::size_t i = 0; i < std::min<std::size_t>(3, result->sink.rejects.size()); ++i)
                qInfo("  reject %zu: %s", std::size_t(result->sink.rejects[i].offset), errorMessage(result->sink.rejects[i].reason).c_str());
        }
        QVERIFY2(result->status.has_value(), result->status ? "" : errorMessage(result->status.error()).c_str());
        QCOMPARE(quint64(result->sink.records), records);
        QCOMPARE(quint64(result->sink.rejects.size()), rejects);
    }
};

QTEST_GUILESS_MAIN(TestIngestSamples)
#include "tst_ingest_samples.moc"
