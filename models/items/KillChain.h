// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "attack/KillChain.h"

#include <QString>

#include <bitset>
#include <optional>

namespace tocsin::items {

using attack::kStageCount;
using attack::Stage;
using StageSet = std::bitset<kStageCount>;

/// See attack::stageOfTactic.
std::optional<Stage> stageOfTactic(QStringView tactic);
StageSet stagesOfTactics(const QStringList& tactics);
/// The name on the screen.
QString stageText(Stage stage);

} // namespace tocsin::items
