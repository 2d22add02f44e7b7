// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::attack {

/// The eight stages of the kill chain as the operations guidance names them, in its order.
enum class Stage { Reconnaissance, Intrusion, Exploitation, PrivilegeEscalation, LateralMovement, Obfuscation, DenialOfService, Exfiltration };
inline constexpr std::size_t kStageCount = 8;
inline constexpr std::array<Stage, kStageCount> kStages{Stage::Reconnaissance,  Stage::Intrusion,   Stage::Exploitation,    Stage::PrivilegeEscalation,
                                                        Stage::LateralMovement, Stage::Obfuscation, Stage::DenialOfService, Stage::Exfiltration};
std::string_view stageName(Stage stage);

/// The stage of a tactic: Sentinel's names, ATT&CK's short names (v18 and the split of v19: stealth, defense-impairment), or Defender for
/// Cloud's intents; letter case, blanks, hyphens, underscores and a prefix up to a dot (attack.stealth) do not matter. Nothing for an unknown name.
std::optional<Stage> stageOfTactic(std::string_view tactic);
/// Sentinel's spelling of a tactic given in any of those forms; empty if unknown.
std::string_view sentinelTactic(std::string_view tactic);
/// The stages of several tactics, in order, each once.
std::vector<Stage> stagesOf(const std::vector<std::string>& tactics);
/// Discovery, CommandAndControl and DefenseEvasion happen throughout an attack: reached, but never out of order.
bool isFloatingTactic(std::string_view tactic);

} // namespace tocsin::attack
