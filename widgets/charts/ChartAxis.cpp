// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/ChartAxis.h"

#include "items/TimeDisplay.h"

#include <array>

namespace tocsin::widgets {

namespace {

constexpr std::array kSteps{0.001, 0.01, 0.1, 1.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 10800.0, 21600.0, 43200.0, 86400.0, 172800.0, 604800.0, 1209600.0, 2592000.0, 7776000.0, 31536000.0};

Ticks toTicks(double seconds) { return static_cast<Ticks>(seconds * kTicksPerSecond) + kUnixEpoch; }

} // namespace

double TimeTicker::getTickStep(const QCPRange& range)
{
    const double wanted = range.size() / std::max(2, tickCount());
    const auto found = std::find_if(kSteps.begin(), kSteps.end(), [wanted](double step) { return step >= wanted; });
    m_step = found == kSteps.end() ? kSteps.back() : *found;
    return m_step;
}

QVector<double> TimeTicker::createTickVector(double step, const QCPRange& range)
{
    QVector<double> out;
    const double offset = inDateTimeRange(toTicks(range.lower)) ? m_time.offsetMinutes(toTicks(range.lower)) * 60.0 : 0;
    for (double tick = std::ceil((range.lower + offset) / step) * step - offset; tick <= range.upper && out.size() < 200; tick += step)
        out << tick;
    return out;
}

QString TimeTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    const Ticks ticks = toTicks(tick + (tick < 0 ? 0 : 1e-5));
    if (!inDateTimeRange(ticks))
        return {};
    const QString text = m_time.text(ticks);
    const QString day = text.left(10), clock = text.mid(11);
    if (m_step >= 86400)
        return day;
    const QString shown = m_step >= 60 ? clock.left(5) : m_step >= 1 ? clock.left(8) : clock;
    return shown.startsWith(QLatin1String("00:00")) ? day : shown;
}

QSharedPointer<QCPAxisTicker> categoryTicker(const QStringList& names, int most, int step)
{
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int i = 0; i < names.size(); i += std::max(1, step)) {
        const QString& name = names[i];
        ticker->addTick(i, name.size() <= most ? name : name.left(most / 2) + QChar(0x2026) + name.right(most / 2 - 1));
    }
    return ticker;
}

} // namespace tocsin::widgets
