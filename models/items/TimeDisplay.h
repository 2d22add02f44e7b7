// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <QObject>
#include <QTimeZone>

namespace tocsin::items {

/// The one switch between UTC and local time, and the one format of times on the screen.
class TimeDisplay final : public QObject {
    Q_OBJECT
public:
    explicit TimeDisplay(QObject* parent = nullptr);

    bool isUtc() const { return m_utc; }
    void setUtc(bool utc);
    /// For tests and for a workspace with a zone of its own.
    void setLocalZone(const QTimeZone& zone);

    /// "UTC" or the zone's name, for headers and axes.
    QString zoneName() const;
    /// `2026-03-01 14:05:09.250`; milliseconds only where there are any.
    QString text(Ticks ticks) const;
    /// Without date, for a range inside one day.
    QString shortText(Ticks ticks) const;
    /// All of it: UTC with seven decimals, and local time with its offset.
    QString tooltip(Ticks ticks) const;
    /// Minutes east of UTC at that moment, in the zone that is shown.
    int offsetMinutes(Ticks ticks) const;

Q_SIGNALS:
    void changed();

private:
    QTimeZone m_local;
    bool m_utc = true;
};

} // namespace tocsin::items
