// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/IncidentReport.h"

#include <QCoreApplication>
#include <QString>

#include <string_view>

namespace tocsin::report {

/// The context of every word the report prints.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(tocsin::report::Words)
};

/// `High`, the word of the tables; not translated.
std::string_view severityWord(Severity severity);

/// UTF-8 from a log as text that is safe to print: control characters and marks that reorder text become U+FFFD, line ends become
/// line separators.
QString printable(std::string_view utf8);

/// `2026-03-03 08:32:07Z`; the offset always stands with the time.
QString timeText(Ticks ticks);
/// The same, or a dash.
QString timeText(const std::optional<Ticks>& ticks);
/// `1 d 4 h`, the two largest units.
QString durationText(Ticks length);
/// `12,345`, whatever the locale: reports are compared.
QString countText(std::uint64_t count);
QString bytesText(std::int64_t bytes);

} // namespace tocsin::report
