// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QString>
#include <QStringList>

namespace tocsin::ingest::test {

/// A recorded log and what reading it must give.
struct ManifestRow {
    QString file; ///< below the data folder
    QString type;
    QString digest;
    quint64 records = 0;
    quint64 rejects = 0;
};

/// The folder of recorded logs, which may not be there.
inline QString dataFolder() { return qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared")) + QStringLiteral("/data"); }

struct ManifestException {
    const char* file;
    quint64 records;
    quint64 rejects;
};
/// Where the manifest counts lines or other things than records, and why; and the files that hold damaged records.
inline constexpr ManifestException kManifestExceptions[] = {
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
    // One record without a readable time.
    {"evtx/parser-edge-cases/Microsoft-Windows-HelloForBusiness_4Operational.evtx", 5, 1},
    // Two chunks without a signature, and three damaged records.
    {"evtx/parser-edge-cases/sample_with_a_bad_chunk_magic.evtx", 267, 5},
    // The file ends inside its last record.
    {"evtx/plain/plaso_System2_truncated.evtx", 283, 1},
};

/// The rows of the manifest for files below the folders; none if it is not there.
inline QList<ManifestRow> readManifest(const QStringList& folders)
{
    QList<ManifestRow> rows;
    QFile manifest(dataFolder() + QStringLiteral("/MANIFEST.tsv"));
    if (!manifest.open(QIODevice::ReadOnly))
        return rows;
    manifest.readLine();
    while (!manifest.atEnd()) {
        const QList<QByteArray> fields = manifest.readLine().split('\t');
        ManifestRow row{QString::fromUtf8(fields.value(0)), QString::fromUtf8(fields.value(8)), QString::fromUtf8(fields.value(5)), fields.value(9).trimmed().toULongLong()};
        if (!folders.contains(row.file.section(QLatin1Char('/'), 0, 0)))
            continue;
        for (const ManifestException& exception : kManifestExceptions)
            if (row.file == QLatin1String(exception.file)) {
                row.records = exception.records;
                row.rejects = exception.rejects;
            }
        rows.append(row);
    }
    return rows;
}

} // namespace tocsin::ingest::test
