// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <bitset>
#include <optional>

namespace tocsin::items {

/// The eight stages of an attack, in order.
enum class Stage {
    Reconnaissance, Intrusion, Exploitation, PrivilegeEscalation, LateralMovement, Obfuscation, DenialOfService, Exfiltration,
};
inline constexpr std::size_t kStageCount = 8;
using StageSet = std::bitset<kStageCount>;

/// The stage of a tactic: Sentinel's names (InitialAccess), ATT&CK's shortnames (initial-access, attack.stealth) and Defender's older
/// intents (Probing, Exploitation), in any letter case, with or without hyphens and blanks. Nothing for an unknown word.
std::optional<Stage> stageOfTactic(QStringView tactic);
StageSet stagesOfTactics(const QStringList& tactics);
/// The name on the screen.
QString stageText(Stage stage);

} // namespace tocsin::items
