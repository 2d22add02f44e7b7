// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/SigmaReader.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QString>

#include <string>
#include <vector>

namespace tocsin::test {

/// The folder of published rules and recorded cases, which is not part of the source tree; empty if it is not there.
inline QString sigmaFolder()
{
    const QString given = qEnvironmentVariable("TOCSIN_SHARED");
    const QString folder = (given.isEmpty() ? QStringLiteral(TOCSIN_SOURCE_DIR "/../shared") : given) + QStringLiteral("/sigma");
    return QDir(folder + QStringLiteral("/cases")).exists() ? folder : QString();
}

inline std::string fileText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

struct ReadRules {
    std::vector<detect::sigma::SigmaRule> rules;
    std::vector<Error> errors;
    std::size_t files = 0;
};

/// Unpacks the published rules into a folder and reads them all, in the order of their paths.
inline ReadRules readPublishedRules(const QString& archive, const QString& into)
{
    ReadRules result;
    if (QProcess::execute(QStringLiteral("tar"), {QStringLiteral("-xzf"), archive, QStringLiteral("-C"), into}) != 0)
        return result;
    QStringList paths;
    for (QDirIterator it(into, {QStringLiteral("*.yml")}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();)
        paths.push_back(it.next());
    paths.sort();
    result.files = static_cast<std::size_t>(paths.size());
    for (const QString& path : paths) {
        auto file = detect::sigma::readSigmaFile(fileText(path), path.toStdString());
        if (!file) {
            result.errors.push_back(std::move(file).error());
            continue;
        }
        std::move(file->rules.begin(), file->rules.end(), std::back_inserter(result.rules));
        std::move(file->errors.begin(), file->errors.end(), std::back_inserter(result.errors));
    }
    return result;
}

} // namespace tocsin::test
