// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/ByteSources.h"

#include <QDir>
#include <QFile>
#include <QString>

#include <memory>
#include <string>

namespace tocsin::test {

/// The folder of the real logs that tests compare with, which is not part of the source tree; empty if it is not there.
inline QString sharedFolder()
{
    const QString given = qEnvironmentVariable("TOCSIN_SHARED");
    const QString folder = given.isEmpty() ? QStringLiteral(TOCSIN_SOURCE_DIR "/../shared") : given;
    return QDir(folder + QStringLiteral("/data/evtx")).exists() ? folder : QString();
}

inline std::string fileBytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace tocsin::test
