// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack/KillChain.h"

#include "base/Utf8.h"

#include <algorithm>

namespace tocsin::attack {
namespace {

struct KnownTactic {
    std::string_view folded; ///< lower case without separators
    std::string_view sentinel;
    Stage stage;
};

constexpr KnownTactic kTactics[] = {
    {"reconnaissance", "Reconnaissance", Stage::Reconnaissance}, {"resourcedevelopment", "ResourceDevelopment", Stage::Reconnaissance},
    {"preattack", "PreAttack", Stage::Reconnaissance}, {"probing", "PreAttack", Stage::Reconnaissance}, {"discovery", "Discovery", Stage::Reconnaissance},
    {"initialaccess", "InitialAccess", Stage::Intrusion},
    {"execution", "Execution", Stage::Exploitation}, {"persistence", "Persistence", Stage::Exploitation},
    {"commandandcontrol", "CommandAndControl", Stage::Exploitation}, {"exploitation", "Execution", Stage::Exploitation},
    {"privilegeescalation", "PrivilegeEscalation", Stage::PrivilegeEscalation}, {"credentialaccess", "CredentialAccess", Stage::PrivilegeEscalation},
    {"lateralmovement", "LateralMovement", Stage::LateralMovement},
    {"defenseevasion", "DefenseEvasion", Stage::Obfuscation}, {"stealth", "DefenseEvasion", Stage::Obfuscation},
    {"defenseimpairment", "DefenseEvasion", Stage::Obfuscation},
    {"impact", "Impact", Stage::DenialOfService}, {"inhibitresponsefunction", "InhibitResponseFunction", Stage::DenialOfService},
    {"impairprocesscontrol", "ImpairProcessControl", Stage::DenialOfService},
    {"exfiltration", "Exfiltration", Stage::Exfiltration}, {"collection", "Collection", Stage::Exfiltration}};

const KnownTactic* find(std::string_view tactic)
{
    std::string folded = foldCase(tactic.substr(tactic.rfind('.') + 1)); // npos + 1 is 0
    std::erase_if(folded, [](char c) { return c == ' ' || c == '-' || c == '_'; });
    for (const KnownTactic& known : kTactics)
        if (known.folded == folded)
            return &known;
    return nullptr;
}

} // namespace

std::string_view stageName(Stage stage)
{
    static constexpr std::array<std::string_view, kStageCount> kNames{"Reconnaissance", "Intrusion", "Exploitation", "Privilege Escalation",
                                                                      "Lateral Movement", "Obfuscation / Anti-forensics", "Denial of Service", "Exfiltration"};
    return kNames[static_cast<std::size_t>(stage)];
}

std::optional<Stage> stageOfTactic(std::string_view tactic)
{
    const KnownTactic* known = find(tactic);
    return known ? std::optional(known->stage) : std::nullopt;
}

std::string_view sentinelTactic(std::string_view tactic)
{
    const KnownTactic* known = find(tactic);
    return known ? known->sentinel : std::string_view();
}

std::vector<Stage> stagesOf(const std::vector<std::string>& tactics)
{
    std::vector<Stage> stages;
    for (const std::string& tactic : tactics)
        if (const auto stage = stageOfTactic(tactic); stage && std::find(stages.begin(), stages.end(), *stage) == stages.end())
            stages.push_back(*stage);
    std::sort(stages.begin(), stages.end());
    return stages;
}

bool isFloatingTactic(std::string_view tactic)
{
    const std::string_view name = sentinelTactic(tactic);
    return name == "Discovery" || name == "CommandAndControl" || name == "DefenseEvasion";
}

} // namespace tocsin::attack
