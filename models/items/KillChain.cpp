// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/KillChain.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

namespace tocsin::items {

namespace {

struct TacticStage {
    const char* tactic; ///< lower case, letters only
    Stage stage;
};

constexpr std::array kTactics{
    TacticStage{"reconnaissance", Stage::Reconnaissance}, TacticStage{"resourcedevelopment", Stage::Reconnaissance},
    TacticStage{"preattack", Stage::Reconnaissance},      TacticStage{"probing", Stage::Reconnaissance},
    TacticStage{"discovery", Stage::Reconnaissance},      TacticStage{"initialaccess", Stage::Intrusion},
    TacticStage{"execution", Stage::Exploitation},        TacticStage{"persistence", Stage::Exploitation},
    TacticStage{"commandandcontrol", Stage::Exploitation}, TacticStage{"exploitation", Stage::Exploitation},
    TacticStage{"privilegeescalation", Stage::PrivilegeEscalation}, TacticStage{"credentialaccess", Stage::PrivilegeEscalation},
    TacticStage{"lateralmovement", Stage::LateralMovement}, TacticStage{"defenseevasion", Stage::Obfuscation},
    TacticStage{"stealth", Stage::Obfuscation},           TacticStage{"defenseimpairment", Stage::Obfuscation},
    TacticStage{"impact", Stage::DenialOfService},        TacticStage{"inhibitresponsefunction", Stage::DenialOfService},
    TacticStage{"impairprocesscontrol", Stage::DenialOfService}, TacticStage{"exfiltration", Stage::Exfiltration},
    TacticStage{"collection", Stage::Exfiltration},
};

constexpr std::array kNames{
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Reconnaissance"),       QT_TRANSLATE_NOOP("tocsin::items::Stage", "Intrusion"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Exploitation"),         QT_TRANSLATE_NOOP("tocsin::items::Stage", "Privilege Escalation"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Lateral Movement"),     QT_TRANSLATE_NOOP("tocsin::items::Stage", "Obfuscation / Anti-forensics"),
    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Denial of Service"),    QT_TRANSLATE_NOOP("tocsin::items::Stage", "Exfiltration"),
};

} // namespace

std::optional<Stage> stageOfTactic(QStringView tactic)
{
    if (const auto dot = tactic.lastIndexOf(QLatin1Char('.')); dot >= 0)
        tactic = tactic.mid(dot + 1);
    QString letters;
    for (const QChar c : tactic)
        if (c.isLetter())
            letters += c.toLower();
    for (const TacticStage& entry : kTactics)
        if (letters == QLatin1String(entry.tactic))
            return entry.stage;
    return std::nullopt;
}

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
