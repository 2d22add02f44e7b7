// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"
#include "ManifestRows.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

/// Reads every sample of recorded logs and compares the number of records with the manifest.
class TestIngestSamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordsAgreeWithTheManifest_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<quint64>("records");
        QTest::addColumn<quint64>("rejects");
        const QStringList folders = qEnvironmentVariable("TOCSIN_SAMPLE_FOLDERS", QStringLiteral("azure-activity entra evtx flow syslog cef defender metrics o365 resource-logs storage-analytics zeek")).split(QLatin1Char(' '));
        for (const ManifestRow& row : readManifest(folders))
            QTest::newRow(qPrintable(row.file)) << row.file << row.records << row.rejects;
        if (readManifest(folders).isEmpty())
            QTest::newRow("no shared folder") << QString() << quint64(0) << quint64(0);
    }

    void recordsAgreeWithTheManifest()
    {
        QFETCH(QString, file);
        QFETCH(quint64, records);
        QFETCH(quint64, rejects);
        if (file.isEmpty())
            QSKIP("no shared folder");
        QFile input(dataFolder() + QLatin1Char('/') + file);
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
