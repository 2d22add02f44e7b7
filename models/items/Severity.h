// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace tocsin::items {

enum class Severity { Informational, Low, Medium, High, Critical };
inline constexpr std::size_t kSeverityCount = 5;

/// The word of the tables: Informational, Low, Medium, High, Critical. Any letter case; nothing for another word.
std::optional<Severity> severityFromWord(QStringView word);
/// The word as the tables write it; not translated.
QString severityWord(Severity severity);
/// The word for the screen.
QString severityText(Severity severity);

} // namespace tocsin::items
