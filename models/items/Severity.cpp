// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/Severity.h"

#include <QCoreApplication>

#include <array>

namespace tocsin::items {

namespace {

constexpr std::array kWords{QT_TRANSLATE_NOOP("tocsin::items::Severity", "Informational"), QT_TRANSLATE_NOOP("tocsin::items::Severity", "Low"),
                            QT_TRANSLATE_NOOP("tocsin::items::Severity", "Medium"), QT_TRANSLATE_NOOP("tocsin::items::Severity", "High"),
                            QT_TRANSLATE_NOOP("tocsin::items::Severity", "Critical")};

} // namespace

std::optional<Severity> severityFromWord(QStringView word)
{
    for (std::size_t i = 0; i < kWords.size(); ++i)
        if (word.compare(QLatin1String(kWords[i]), Qt::CaseInsensitive) == 0)
            return static_cast<Severity>(i);
    return std::nullopt;
}

QString severityWord(Severity severity) { return QString::fromLatin1(kWords[static_cast<std::size_t>(severity)]); }

QString severityText(Severity severity) { return QCoreApplication::translate("tocsin::items::Severity", kWords[static_cast<std::size_t>(severity)]); }

} // namespace tocsin::items
