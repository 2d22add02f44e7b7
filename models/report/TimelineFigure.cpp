// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/TimelineFigure.h"

#include "report/ReportText.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <set>

namespace tocsin::report {

namespace {

constexpr qreal kLane = pt(21);
constexpr qreal kLabels = pt(128);
constexpr qreal kMark = pt(8.5);
constexpr qreal kAxis = pt(24);
constexpr qreal kLegend = pt(30);

struct Span {
    Ticks begin = 0;
    Ticks end = 0;
};

Span spanOf(const IncidentReport& report)
{
    Span span{kMaxDateTime, kMinDateTime};
    const auto widen = [&](Ticks time) {
        span.begin = std::min(span.begin, time);
        span.end = std::max(span.end, time);
    };
    for (const ReportAlert& alert : report.alerts)
        widen(alert.time);
    for (const ReportStage& stage : report.stages) {
        if (stage.first)
            widen(*stage.first);
        if (stage.last)
            widen(*stage.last);
    }
    if (span.begin > span.end)
        span = {report.generated, report.generated};
    const Ticks margin = std::max((span.end - span.begin) / 30, span.end - span.begin < kTicksPerMinute ? 30 * kTicksPerMinute : Ticks{1});
    return {std::max(kMinDateTime, span.begin - margin), std::min(kMaxDateTime, span.end + margin)};
}

/// Marks of one lane, merged where they would cover each other.
struct Mark {
    qreal x = 0;
    Severity severity = Severity::Informational;
    int count = 1;
};

std::vector<Mark> marksOf(const IncidentReport& report, std::size_t stage, const std::function<qreal(Ticks)>& place)
{
    std::vector<Mark> all;
    for (const ReportAlert& alert : report.alerts)
        if (std::find(alert.stages.begin(), alert.stages.end(), stage) != alert.stages.end())
            all.push_back({place(alert.time), alert.severity, 1});
    std::sort(all.begin(), all.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
    std::vector<Mark> merged;
    for (const Mark& mark : all) {
        // A number stands to the right of a merged mark, so the next one must keep away from it, too.
        const qreal reach = merged.empty() ? 0 : kMark + (merged.back().count > 1 ? pt(4.8) * QString::number(merged.back().count).size() + pt(4) : pt(1));
        if (!merged.empty() && mark.x - merged.back().x < reach) {
            merged.back().severity = std::max(merged.back().severity, mark.severity);
            ++merged.back().count;
        } else {
            merged.push_back(mark);
        }
    }
    return merged;
}

QString tickLabel(Ticks time, Ticks step)
{
    const std::string text = formatDateTime(time);
    if (step >= 12 * 28 * kTicksPerDay)
        return QString::fromStdString(text.substr(0, 4));
    if (step >= 28 * kTicksPerDay)
        return QString::fromStdString(text.substr(0, 7));
    if (step >= kTicksPerDay)
        return QString::fromStdString(text.substr(0, 10));
    return QString::fromStdString(step >= kTicksPerMinute ? text.substr(11, 5) : step >= kTicksPerSecond ? text.substr(11, 8) : text.substr(17, 6));
}

void drawAxis(PageCanvas& canvas, QPainter& painter, const Span& span, const std::function<qreal(Ticks)>& place, qreal top, qreal bottom)
{
    const ReportStyle& style = canvas.style();
    const AxisTicks ticks = axisTicks(span.begin, span.end, 8);
    const qreal width = pt(50);
    std::string day;
    for (const Ticks time : ticks.places) {
        const qreal x = place(time);
        const qreal left = std::min(x - width / 2, canvas.right() - width);
        const Qt::Alignment alignment = left < x - width / 2 ? Qt::AlignRight : Qt::AlignHCenter;
        painter.setPen(QPen(style.hairline, pt(0.5)));
        painter.drawLine(QPointF(x, top), QPointF(x, bottom));
        canvas.block(tickLabel(time, ticks.step), style.small, style.quiet, width, alignment).draw(painter, {left, bottom + pt(3)});
        const std::string today = formatDateTime(time).substr(0, 10);
        if (today != day && ticks.step < kTicksPerDay) // the date stands where it begins to hold
            canvas.block(QString::fromStdString(today), style.smallStrong, style.quiet, width, alignment).draw(painter, {left, bottom + pt(13)});
        day = today;
    }
}

void drawLegend(PageCanvas& canvas, QPainter& painter, const std::set<Severity>& used, bool merged, bool bars, qreal y)
{
    const ReportStyle& style = canvas.style();
    const QFontMetricsF metrics(style.small, canvas.device());
    qreal x = canvas.left();
    for (const Severity severity : used) {
        const QString word = QString::fromLatin1(severityWord(severity).data());
        drawSeverityMark(painter, {x + kMark / 2, y + pt(5)}, kMark, severity);
        canvas.block(word, style.small, style.text, pt(90)).draw(painter, {x + kMark + pt(4), y});
        x += kMark + pt(4) + metrics.horizontalAdvance(word) + pt(14);
    }
    if (bars) {
        painter.fillRect(QRectF(x, y + pt(3.5), pt(18), pt(3)), style.hairline);
        canvas.block(Words::tr("first to last activity of the stage"), style.small, style.text, pt(150)).draw(painter, {x + pt(22), y});
    }
    if (merged)
        canvas.block(Words::tr("A number counts the alerts that a mark stands for; the mark shows the highest severity among them."), style.small, style.quiet, canvas.width())
            .draw(painter, {canvas.left(), y + pt(12)});
}

} // namespace

AxisTicks axisTicks(Ticks begin, Ticks end, int wanted)
{
    static constexpr std::array kSteps{kTicksPerMillisecond, 10 * kTicksPerMillisecond, 100 * kTicksPerMillisecond, kTicksPerSecond, 5 * kTicksPerSecond,
        15 * kTicksPerSecond, 30 * kTicksPerSecond, kTicksPerMinute, 5 * kTicksPerMinute, 10 * kTicksPerMinute, 15 * kTicksPerMinute, 30 * kTicksPerMinute,
        kTicksPerHour, 2 * kTicksPerHour, 3 * kTicksPerHour, 6 * kTicksPerHour, 12 * kTicksPerHour, kTicksPerDay, 2 * kTicksPerDay, 7 * kTicksPerDay};
    AxisTicks ticks;
    for (const Ticks step : kSteps) {
        if ((end - begin) / step > (step >= kTicksPerDay ? wanted * 3 / 4 : wanted)) // dates are wider than times of day
            continue;
        ticks.step = step;
        for (Ticks time = (begin + step - 1) / step * step; time <= end; time += step)
            ticks.places.push_back(time);
        return ticks;
    }
    for (const int months : {1, 3, 6, 12, 24, 60, 120, 600, 1200, 12000}) {
        if ((end - begin) / (28 * kTicksPerDay * months) > wanted && months < 12000)
            continue;
        ticks.step = 28 * kTicksPerDay * months;
        const CivilTime from = civilFromTicks(begin);
        for (int month = ((from.year * 12 + from.month - 1 + months - 1) / months) * months; month / 12 <= 9999; month += months) {
            const Ticks time = ticksFromCivil({month / 12, month % 12 + 1, 1, 0, 0, 0, 0});
            if (time > end)
                break;
            if (time >= begin)
                ticks.places.push_back(time);
        }
        break;
    }
    return ticks;
}

void drawTimeline(PageCanvas& canvas, const IncidentReport& report)
{
    const ReportStyle& style = canvas.style();
    const qreal height = kLane * static_cast<qreal>(report.stages.size());
    canvas.need(height + kAxis + kLegend + pt(6));
    const qreal top = canvas.y();
    const Span span = spanOf(report);
    const qreal x0 = canvas.left() + kLabels;
    const qreal x1 = canvas.right();
    const std::function<qreal(Ticks)> place = [&](Ticks time) {
        return x0 + (x1 - x0) * static_cast<qreal>(time - span.begin) / static_cast<qreal>(std::max<Ticks>(1, span.end - span.begin));
    };
    canvas.paint([&](QPainter& painter) {
        painter.setPen(Qt::NoPen);
        for (std::size_t i = 0; i < report.stages.size(); i += 2)
            painter.fillRect(QRectF(canvas.left(), top + kLane * static_cast<qreal>(i), canvas.width(), kLane), style.window);
        drawAxis(canvas, painter, span, place, top, top + height);
        std::set<Severity> used;
        bool merged = false;
        bool bars = false;
        for (std::size_t i = 0; i < report.stages.size(); ++i) {
            const ReportStage stage = stageWithAlerts(report, i);
            const qreal middle = top + kLane * (static_cast<qreal>(i) + 0.5);
            const TextBlock label = canvas.block(QString::number(i + 1) + QStringLiteral("  ") + printable(stage.name), stage.first ? style.smallStrong : style.small,
                                                 stage.first ? style.text : style.quiet, kLabels - pt(10));
            label.draw(painter, {canvas.left() + pt(6), middle - label.height() / 2});
            if (!stage.first) {
                const TextBlock none = canvas.block(Words::tr("not reached"), style.small, style.quiet, pt(100));
                none.draw(painter, {x0 + pt(6), middle - none.height() / 2});
            } else if (stage.last && place(*stage.last) - place(*stage.first) > kMark) {
                painter.fillRect(QRectF(place(*stage.first), middle - pt(1.5), place(*stage.last) - place(*stage.first), pt(3)), style.hairline);
                bars = true;
            }
            for (const Mark& mark : marksOf(report, i, place)) {
                drawSeverityMark(painter, {mark.x, middle}, kMark, mark.severity);
                used.insert(mark.severity);
                if (mark.count > 1) {
                    merged = true;
                    const TextBlock count = canvas.block(QString::number(mark.count), style.smallStrong, style.text, pt(24));
                    painter.fillRect(QRectF(mark.x + kMark / 2, middle - pt(4), count.naturalWidth() + pt(3), pt(8)), i % 2 == 0 ? style.window : QColor(Qt::white));
                    count.draw(painter, {mark.x + kMark / 2 + pt(1.5), middle - count.height() / 2});
                }
            }
        }
        painter.setPen(QPen(style.border, pt(0.8)));
        painter.drawLine(QPointF(canvas.left(), top + height), QPointF(canvas.right(), top + height));
        drawLegend(canvas, painter, used, merged, bars, top + height + kAxis + pt(4));
    });
    canvas.advance(height + kAxis + kLegend + pt(8));
}

} // namespace tocsin::report
