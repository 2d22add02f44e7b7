// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ReportText.h"

#include <QLocale>

#include <algorithm>

namespace tocsin::report {

std::string_view severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Informational: return "Informational";
    case Severity::Low: return "Low";
    case Severity::Medium: return "Medium";
    case Severity::High: return "High";
    case Severity::Critical: return "Critical";
    }
    return {};
}

ReportStage stageWithAlerts(const IncidentReport& report, std::size_t index)
{
    ReportStage stage = report.stages[index];
    for (const ReportAlert& alert : report.alerts) {
        if (std::find(alert.stages.begin(), alert.stages.end(), index) == alert.stages.end())
            continue;
        stage.first = std::min(stage.first.value_or(alert.time), alert.time);
        stage.last = std::max(stage.last.value_or(alert.time), alert.time);
    }
    return stage;
}

QString printable(std::string_view utf8)
{
    QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    for (QChar& c : text) {
        const char16_t unit = c.unicode();
        const bool reorders = (unit >= 0x202A && unit <= 0x202E) || (unit >= 0x2066 && unit <= 0x2069);
        if (unit == '\n' || unit == '\r' || unit == 0x2029)
            c = QChar::LineSeparator;
        else if (unit == '\t')
            c = u' ';
        else if (unit < 0x20 || unit == 0x7F || (unit >= 0x80 && unit < 0xA0) || reorders)
            c = QChar::ReplacementCharacter;
    }
    return text;
}

QString timeText(Ticks ticks)
{
    std::string text = formatDateTime(ticks).substr(0, 19);
    text[10] = ' ';
    return QString::fromLatin1(text.c_str()) + u'Z';
}

QString timeText(const std::optional<Ticks>& ticks) { return ticks ? timeText(*ticks) : QStringLiteral("–"); }

QString durationText(Ticks length)
{
    const auto seconds = static_cast<long long>(length / kTicksPerSecond);
    const long long days = seconds / 86400;
    const long long hours = seconds / 3600 % 24;
    const long long minutes = seconds / 60 % 60;
    if (days > 0)
        return Words::tr("%1 d %2 h").arg(days).arg(hours);
    if (hours > 0)
        return Words::tr("%1 h %2 min").arg(hours).arg(minutes);
    if (minutes > 0)
        return Words::tr("%1 min %2 s").arg(minutes).arg(seconds % 60);
    return Words::tr("%1 s").arg(seconds);
}

QString countText(std::uint64_t count) { return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qulonglong>(count)); }

QString bytesText(std::int64_t bytes)
{
    return QLocale(QLocale::English, QLocale::UnitedStates).formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace tocsin::report
