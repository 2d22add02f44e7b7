// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/SchemaLibrary.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace tocsin;
using namespace tocsin::ingest;

class TestSchemaLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void builtInHoldsThePublishedTables()
    {
        const auto library = SchemaLibrary::builtIn();
        QVERIFY(library.has_value());
        QCOMPARE(library->names().size(), std::size_t{253});
        const catalog::TableSchema* events = library->find("SecurityEvent");
        QVERIFY(events);
        QCOMPARE(events->columns[*events->indexOf("EventID")].type, DataType::Int);
        QCOMPARE(events->columns[*events->indexOf("TimeGenerated")].type, DataType::DateTime);
        QVERIFY(!events->open && !events->isFunction);
        QVERIFY(library->find("AzureDiagnostics")->open);
        QVERIFY(library->find("imProcess")->isFunction);
        QVERIFY(!library->find("NoSuchTable"));
    }

    void aliasesAndCasePairsSurvive()
    {
        const auto library = SchemaLibrary::builtIn();
        const catalog::TableSchema* alerts = library->find("AlertInfo");
        QCOMPARE(alerts->indexOf("Timestamp"), alerts->indexOf("TimeGenerated"));
        const catalog::TableSchema* diagnostics = library->find("AzureDiagnostics");
        QVERIFY(diagnostics->indexOf("clientIP_s") && diagnostics->indexOf("clientIp_s"));
        QVERIFY(diagnostics->indexOf("clientIP_s") != diagnostics->indexOf("clientIp_s"));
    }

    void folderGivesTheSameTables()
    {
        const QString shared = qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared"));
        if (!QDir(shared + QStringLiteral("/schemas")).exists())
            QSKIP("no shared folder");
        const auto folder = SchemaLibrary::fromFolder((shared + QStringLiteral("/schemas")).toStdString());
        const auto library = SchemaLibrary::builtIn();
        QVERIFY(folder.has_value());
        QCOMPARE(folder->names(), library->names());
        for (const std::string& name : folder->names())
            QVERIFY2(*folder->find(name) == *library->find(name), name.c_str());
    }

    void badFilesAreNamed()
    {
        QTemporaryDir folder;
        std::ofstream(folder.filePath(QStringLiteral("Bad.json")).toStdString()) << R"({"table":"Bad","columns":[{"name":"A","type":"florb"}]})";
        const auto library = SchemaLibrary::fromFolder(folder.path().toStdString());
        QVERIFY(!library.has_value());
        QCOMPARE(library.error().code(), std::string_view("ingest.bad_schema_file"));
        QVERIFY(!SchemaLibrary::fromFolder("/no/such/folder").has_value());
    }
};

QTEST_GUILESS_MAIN(TestSchemaLibrary)
#include "tst_schema_library.moc"
