// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/PieItem.h"

#include <QCoreApplication>

namespace tocsin::widgets {

namespace {

/// Smaller shares are gathered in one.
constexpr std::size_t kMostSlices = 8;

struct Slice {
    QString name;
    double value = 0;
};

std::vector<Slice> slicesOf(const items::ChartData& data)
{
    std::vector<Slice> out;
    for (const items::ChartSeries& series : data.series)
        for (std::size_t i = 0; i < series.x.size(); ++i)
            if (series.y[i] > 0) {
                const auto place = static_cast<qsizetype>(series.x[i]);
                out.push_back({place >= 0 && place < data.categories.size() ? data.categories[place] : series.name, series.y[i]});
            }
    std::stable_sort(out.begin(), out.end(), [](const Slice& a, const Slice& b) { return a.value > b.value; });
    if (out.size() > kMostSlices) {
        Slice rest{QCoreApplication::translate("tocsin::widgets::ChartView", "Other (%1)").arg(out.size() - kMostSlices + 1), 0};
        for (std::size_t i = kMostSlices - 1; i < out.size(); ++i)
            rest.value += out[i].value;
        out.resize(kMostSlices - 1);
        out.push_back(rest);
    }
    return out;
}

} // namespace

PieLayerable::PieLayerable(QCustomPlot* plot, const Theme& theme, const items::ChartData& data) : QCPLayerable(plot, QStringLiteral("main")), m_theme(theme), m_data(data) {}

void PieLayerable::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

void PieLayerable::draw(QCPPainter* painter)
{
    const std::vector<Slice> slices = slicesOf(m_data);
    double total = 0;
    for (const Slice& slice : slices)
        total += slice.value;
    if (total <= 0)
        return;
    const QRectF area = QRectF(mParentPlot->viewport()).adjusted(16, 16, -16, -16);
    const double side = std::min(area.height(), area.width() * 0.5);
    const QRectF circle(area.left(), area.center().y() - side / 2, side, side);
    const QFontMetrics metrics(m_theme.font());
    double angle = 90 * 16;
    double y = area.center().y() - static_cast<double>(slices.size()) * 22 / 2;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const double span = -slices[i].value / total * 360 * 16;
        painter->setPen(QPen(m_theme.color(ThemeColor::Surface), 1));
        painter->setBrush(m_theme.seriesColor(i));
        painter->drawPie(circle, static_cast<int>(angle), static_cast<int>(span));
        // The number on a slice joins it to the legend without colour.
        if (slices[i].value / total > 0.04) {
            const double middle = qDegreesToRadians((angle + span / 2) / 16);
            const QPointF at = circle.center() + QPointF(std::cos(middle), -std::sin(middle)) * side * 0.36;
            painter->setPen(m_theme.color(ThemeColor::Surface));
            painter->setFont(m_theme.boldFont());
            painter->drawText(QRectF(at.x() - 12, at.y() - 10, 24, 20), Qt::AlignCenter, QString::number(i + 1));
        }
        angle += span;
        const double left = circle.right() + 32;
        painter->setPen(Qt::NoPen);
        painter->drawRect(QRectF(left, y + 5, 12, 12));
        painter->setPen(m_theme.color(ThemeColor::Text));
        painter->setFont(m_theme.font());
        const QString text = QStringLiteral("%1  %2   %3  (%4%)").arg(i + 1).arg(slices[i].name, QLocale().toString(slices[i].value, 'g', 10), QLocale().toString(100 * slices[i].value / total, 'f', 1));
        painter->drawText(QRectF(left + 20, y, area.right() - left - 20, 22), Qt::AlignVCenter | Qt::AlignLeft,
                          metrics.elidedText(text, Qt::ElideMiddle, static_cast<int>(area.right() - left - 20)));
        y += 22;
    }
}

} // namespace tocsin::widgets
