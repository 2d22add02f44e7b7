// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ValueText.h"

#include "items/TimeDisplay.h"

#include <QCoreApplication>
#include <QLocale>

namespace tocsin::items {

namespace {

constexpr qsizetype kLongestCell = 2000;

QString realText(double value)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("-∞");
    return QString::number(value, 'g', 15);
}

} // namespace

QString cellText(const Vector& column, std::size_t row, const TimeDisplay& time)
{
    if (column.isNull(row))
        return QString();
    const Value value = column.valueAt(row);
    switch (column.type()) {
    case DataType::Bool: return value.asBool() ? QStringLiteral("true") : QStringLiteral("false");
    case DataType::Int: return QString::number(value.asInt());
    case DataType::Long: return QString::number(value.asLong());
    case DataType::Real: return realText(value.asReal());
    case DataType::DateTime: return time.text(value.asLong());
    case DataType::String: {
        const std::string& text = value.asText();
        // A cell shows one line; megabytes of text stay where they are.
        return toQString(std::string_view(text).substr(0, static_cast<std::size_t>(kLongestCell))).simplified();
    }
    default: {
        const std::string text = value.toString();
        return toQString(std::string_view(text).substr(0, static_cast<std::size_t>(kLongestCell)));
    }
    }
}

QString wholeText(const Vector& column, std::size_t row) { return column.isNull(row) ? QString() : toQString(column.valueAt(row).toString()); }

QVariant rawValue(const Vector& column, std::size_t row)
{
    if (column.isNull(row))
        return {};
    const Value value = column.valueAt(row);
    switch (column.type()) {
    case DataType::Bool: return value.asBool();
    case DataType::Int: return value.asInt();
    case DataType::Long:
    case DataType::DateTime:
    case DataType::TimeSpan: return QVariant::fromValue<qlonglong>(value.asLong());
    case DataType::Real: return value.asReal();
    case DataType::Decimal: return QString::fromStdString(value.toString()).toDouble();
    default: return toQString(value.toString());
    }
}

std::optional<double> numberAt(const Vector& column, std::size_t row)
{
    if (!isNumeric(column.type()) || column.isNull(row))
        return std::nullopt;
    return rawValue(column, row).toDouble();
}

QString countText(qulonglong count) { return QLocale().toString(count); }

QString durationText(Ticks ticks)
{
    const double seconds = static_cast<double>(ticks) / kTicksPerSecond;
    if (seconds < 0.0995)
        return QCoreApplication::translate("tocsin::items::ValueText", "%1 ms").arg(QLocale().toString(seconds * 1000, 'f', seconds < 0.00995 ? 1 : 0));
    if (seconds < 60)
        return QCoreApplication::translate("tocsin::items::ValueText", "%1 s").arg(QLocale().toString(seconds, 'f', seconds < 10 ? 2 : 1));
    const auto whole = static_cast<qlonglong>(seconds);
    if (whole < 3600)
        return QCoreApplication::translate("tocsin::items::ValueText", "%1 min %2 s").arg(whole / 60).arg(whole % 60);
    if (whole < 86400)
        return QCoreApplication::translate("tocsin::items::ValueText", "%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
    return QCoreApplication::translate("tocsin::items::ValueText", "%1 d %2 h").arg(whole / 86400).arg(whole / 3600 % 24);
}

} // namespace tocsin::items
