// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/KillChain.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

namespace tocsin::items {

namespace {

constexpr std::array kNames{
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Reconnaissance"),       QT_TRANSLATE_NOOP("tocsin::items::Stage", "Intrusion"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Exploitation"),         QT_TRANSLATE_NOOP("tocsin::items::Stage", "Privilege Escalation"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Lateral Movement"),     QT_TRANSLATE_NOOP("tocsin::items::Stage", "Obfuscation / Anti-forensics"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Denial of Service"),    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Exfiltration"),
};

} // namespace

std::optional<Stage> stageOfTactic(QStringView tactic) { return attack::stageOfTactic(tactic.toUtf8().toStdString()); }

StageSet stagesOfTactics(const QStringList& tactics)
{
    StageSet out;
    for (const QString& tactic : tactics)
        if (const auto stage = stageOfTactic(tactic))
            out.set(static_cast<std::size_t>(*stage));
    return out;
}

QString stageText(Stage stage) { return QCoreApplication::translate("tocsin::items::Stage", kNames[static_cast<std::size_t>(stage)]); }

} // namespace tocsin::items
