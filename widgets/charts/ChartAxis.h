// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace tocsin::items {
class TimeDisplay;
}

namespace tocsin::widgets {

/// Ticks of a time axis in the zone that is shown, at whole seconds, minutes, hours, days or months.
class TimeTicker final : public QCPAxisTicker {
public:
    explicit TimeTicker(const items::TimeDisplay& time) : m_time(time) {}

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double) override { return 0; }
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

private:
    const items::TimeDisplay& m_time;
    double m_step = 1;
};

/// Ticks of categories: every `step`-th name, shortened in the middle to `most` letters.
QSharedPointer<QCPAxisTicker> categoryTicker(const QStringList& names, int most, int step);

} // namespace tocsin::widgets
