// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/CsvExport.h"

#include "items/ValueText.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

namespace tocsin::items {

void appendCsvField(QByteArray& out, const QString& text)
{
    const bool quoted = text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')) || text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r'));
    if (!quoted) {
        out += text.toUtf8();
        return;
    }
    QString doubled = text;
    doubled.replace(QLatin1Char('"'), QLatin1String("\"\""));
    out += '"' + doubled.toUtf8() + '"';
}

TaskList::Outcome writeCsv(const QString& path, const engine::ResultSchema& schema, const std::vector<Batch>& batches, TaskControl& control)
{
    const auto failure = [&](const QString& reason) { return fail(kExportFailed, QDir::toNativeSeparators(path).toStdString(), reason.toStdString()); };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure(file.errorString());
    QByteArray line;
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
        if (c)
            line += ',';
        appendCsvField(line, toQString(schema.columns[c].name));
    }
    line += "\r\n";
    std::uint64_t total = 0, done = 0;
    for (const Batch& batch : batches)
        total += batch.rows();
    for (const Batch& stored : batches) {
        if (control.isCancelled())
            return fail(kCancelled);
        const Batch batch = stored.selection ? stored.compacted() : stored;
        for (std::size_t row = 0; row < batch.storedRows; ++row) {
            for (std::size_t c = 0; c < batch.columns.size(); ++c) {
                if (c)
                    line += ',';
                appendCsvField(line, wholeText(batch.columns[c], row));
            }
            line += "\r\n";
        }
        if (file.write(line) != line.size())
            return failure(file.errorString());
        line.clear();
        done += batch.storedRows;
        control.setProgress(done, total);
    }
    if (file.write(line) != line.size() || !file.commit())
        return failure(file.errorString());
    return QCoreApplication::translate("tocsin::items::CsvExport", "%1 rows written to %2").arg(countText(done), QDir::toNativeSeparators(path));
}

} // namespace tocsin::items
