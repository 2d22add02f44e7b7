// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TimeDisplay.h"

#include <QDateTime>

namespace tocsin::items {

namespace {

QString civil(Ticks ticks, bool withDate)
{
    if (!inDateTimeRange(ticks))
        return QString();
    const CivilTime t = civilFromTicks(ticks);
    QString out = QStringLiteral("%1:%2:%3").arg(t.hour, 2, 10, QLatin1Char('0')).arg(t.minute, 2, 10, QLatin1Char('0')).arg(t.second, 2, 10, QLatin1Char('0'));
    if (t.fraction >= 10'000)
        out += QStringLiteral(".%1").arg(t.fraction / 10'000, 3, 10, QLatin1Char('0'));
    if (!withDate)
        return out;
    return QStringLiteral("%1-%2-%3 ").arg(t.year, 4, 10, QLatin1Char('0')).arg(t.month, 2, 10, QLatin1Char('0')).arg(t.day, 2, 10, QLatin1Char('0')) + out;
}

QDateTime toDateTime(Ticks ticks) { return QDateTime::fromMSecsSinceEpoch((ticks - kUnixEpoch) / kTicksPerMillisecond, Qt::UTC); }

} // namespace

TimeDisplay::TimeDisplay(QObject* parent) : QObject(parent), m_local(QTimeZone::systemTimeZone()) {}

void TimeDisplay::setUtc(bool utc)
{
    if (utc == m_utc)
        return;
    m_utc = utc;
    Q_EMIT changed();
}

void TimeDisplay::setLocalZone(const QTimeZone& zone)
{
    m_local = zone;
    Q_EMIT changed();
}

QString TimeDisplay::zoneName() const { return m_utc ? QStringLiteral("UTC") : QString::fromLatin1(m_local.id()); }

int TimeDisplay::offsetMinutes(Ticks ticks) const { return m_utc ? 0 : m_local.offsetFromUtc(toDateTime(ticks)) / 60; }

QString TimeDisplay::text(Ticks ticks) const { return civil(ticks + offsetMinutes(ticks) * kTicksPerMinute, true); }

QString TimeDisplay::shortText(Ticks ticks) const { return civil(ticks + offsetMinutes(ticks) * kTicksPerMinute, false); }

QString TimeDisplay::tooltip(Ticks ticks) const
{
    const QString utc = QString::fromStdString(formatDateTime(ticks));
    const QDateTime local = toDateTime(ticks).toTimeZone(m_local);
    return tr("UTC: %1\nLocal: %2").arg(utc, local.toString(Qt::ISODateWithMs));
}

} // namespace tocsin::items
