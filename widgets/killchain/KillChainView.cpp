// SPDX-License-Identifier: GPL-3.0-or-later
#include "killchain/KillChainView.h"

#include "common/Severity.h"
#include "items/TimeDisplay.h"
#include "items/TimelineModel.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <array>
#include <cmath>

namespace tocsin::widgets {

namespace {

constexpr double kMark = 13;
constexpr double kAxisHeight = 24;
constexpr double kLegendHeight = 22;
constexpr Ticks kNarrowest = 10 * kTicksPerSecond;
constexpr Ticks kWidest = 3660 * kTicksPerDay;

} // namespace

KillChainView::KillChainView(items::TimelineModel& model, const items::TimeDisplay& time, const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_model(model), m_time(time), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Kill-chain timeline"));
    setAccessibleDescription(tr("The list view of this pane has the same alerts as text."));
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    setMinimumHeight(8 * 12 + 50);
    connect(&model, &QAbstractItemModel::modelReset, this, &KillChainView::fit);
    connect(&time, &items::TimeDisplay::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    fit();
}

void KillChainView::setSelectedAlert(const QString& id)
{
    if (id == m_selected)
        return;
    m_selected = id;
    viewport()->update();
}

void KillChainView::fit()
{
    m_fitted = true;
    const auto extent = m_model.extent();
    Ticks from = extent ? extent->first : 0, to = extent ? extent->second : kTicksPerDay;
    const Ticks margin = std::max<Ticks>((to - from) / 25, kTicksPerMinute);
    setRange(from - margin, to + margin);
    m_fitted = true;
}

void KillChainView::setRange(Ticks from, Ticks to)
{
    const Ticks length = std::clamp(to - from, kNarrowest, kWidest);
    m_scale.from = std::max(kMinDateTime, (from + to) / 2 - length / 2);
    m_scale.to = m_scale.from + length;
    m_fitted = false;
    layoutMarks();
    viewport()->update();
}

void KillChainView::zoom(double factor, double aroundX)
{
    const Ticks centre = m_scale.ticks(std::max(aroundX, m_scale.left));
    const auto stretch = [&](Ticks t) { return centre + static_cast<Ticks>(static_cast<double>(t - centre) * factor); };
    const Ticks from = stretch(m_scale.from), to = stretch(m_scale.to);
    if (to - from >= kNarrowest && to - from <= kWidest)
        setRange(from, to);
}

QRectF KillChainView::laneRect(int lane) const
{
    const double height = (viewport()->height() - kAxisHeight - kLegendHeight) / items::kStageCount;
    return {0, lane * height, double(viewport()->width()), height};
}

void KillChainView::layoutMarks()
{
    const QFontMetrics metrics(m_theme.font());
    m_laneNames = 0;
    for (std::size_t lane = 0; lane < items::kStageCount; ++lane)
        m_laneNames = std::max<double>(m_laneNames, metrics.horizontalAdvance(items::stageText(static_cast<items::Stage>(lane))));
    m_laneNames = std::min(m_laneNames + 44, viewport()->width() * 0.4);
    m_scale.left = m_laneNames + 12;
    m_scale.right = std::max(m_scale.left + 10, viewport()->width() - 16.0);
    m_positions.clear();
    std::array<std::vector<double>, items::kStageCount> lastX;
    for (const items::TimelineMark& mark : m_model.marks()) {
        const auto lane = static_cast<std::size_t>(mark.stage);
        const QRectF rect = laneRect(static_cast<int>(lane));
        const double x = m_scale.x(mark.alert->start);
        // Marks that would cover each other go one below the other, as far as the lane has room.
        const auto room = std::max<std::size_t>(1, static_cast<std::size_t>((rect.height() - 2) / (kMark + 1)));
        std::vector<double>& rows = lastX[lane];
        std::size_t row = 0;
        while (row < rows.size() && x - rows[row] < kMark + 1)
            ++row;
        if (row == rows.size() && rows.size() < room)
            rows.push_back(x);
        row = std::min(row, room - 1);
        rows[row] = x;
        m_positions.emplace_back(x, double(row));
    }
    // Rows of a lane are centred once it is known how many there are.
    for (std::size_t i = 0; i < m_positions.size(); ++i) {
        const auto lane = static_cast<std::size_t>(m_model.marks()[i].stage);
        const QRectF rect = laneRect(static_cast<int>(lane));
        const double top = rect.center().y() - (static_cast<double>(lastX[lane].size()) - 1) * (kMark + 1) / 2;
        m_positions[i].setY(top + m_positions[i].y() * (kMark + 1));
    }
}

QPointF KillChainView::markPosition(int row) const { return m_positions[static_cast<std::size_t>(row)]; }

int KillChainView::rowAt(const QPointF& point) const
{
    for (std::size_t i = m_positions.size(); i-- > 0;)
        if (std::abs(m_positions[i].x() - point.x()) <= kMark / 2 + 1 && std::abs(m_positions[i].y() - point.y()) <= kMark / 2 + 1)
            return static_cast<int>(i);
    return -1;
}

void KillChainView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.color(ThemeColor::Surface));
    paintLanes(painter);
    paintAxis(painter);
    painter.save();
    painter.setClipRect(QRectF(m_laneNames + 1, 0, viewport()->width() - m_laneNames, viewport()->height() - kAxisHeight - kLegendHeight));
    paintMarks(painter);
    painter.restore();
    paintLegend(painter);
}

void KillChainView::paintLanes(QPainter& painter) const
{
    std::array<int, items::kStageCount> counts{};
    for (const items::TimelineMark& mark : m_model.marks())
        ++counts[static_cast<std::size_t>(mark.stage)];
    const QFontMetrics metrics(m_theme.font());
    for (int lane = 0; lane < static_cast<int>(items::kStageCount); ++lane) {
        const QRectF rect = laneRect(lane);
        if (lane % 2)
            painter.fillRect(rect, m_theme.color(ThemeColor::SurfaceAlternate));
        const int count = counts[static_cast<std::size_t>(lane)];
        painter.setFont(count ? m_theme.font() : m_theme.font());
        painter.setPen(m_theme.color(count ? ThemeColor::Text : ThemeColor::TextQuiet));
        const QString name = items::stageText(static_cast<items::Stage>(lane));
        painter.drawText(QRectF(8, rect.top(), m_laneNames - 40, rect.height()), Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(name, Qt::ElideRight, static_cast<int>(m_laneNames) - 38));
        painter.setPen(m_theme.color(ThemeColor::TextQuiet));
        painter.drawText(QRectF(m_laneNames - 34, rect.top(), 26, rect.height()), Qt::AlignVCenter | Qt::AlignRight, count ? QString::number(count) : QString());
    }
    painter.setPen(m_theme.hairline());
    const double bottom = laneRect(static_cast<int>(items::kStageCount) - 1).bottom();
    painter.drawLine(QPointF(m_laneNames + 0.5, 0), QPointF(m_laneNames + 0.5, bottom));
    painter.drawLine(QPointF(0, std::floor(bottom) + 0.5), QPointF(viewport()->width(), std::floor(bottom) + 0.5));
}

void KillChainView::paintAxis(QPainter& painter) const
{
    const double top = viewport()->height() - kAxisHeight - kLegendHeight;
    painter.setFont(m_theme.smallFont());
    const QFontMetrics metrics(m_theme.smallFont());
    for (const TimeScale::Label& label : m_scale.labels(metrics.horizontalAdvance(QStringLiteral("0000-00-00")) + 22, m_time)) {
        const double x = std::floor(m_scale.x(label.at)) + 0.5;
        if (x < m_laneNames)
            continue;
        painter.setPen(QPen(m_theme.color(label.day ? ThemeColor::Border : ThemeColor::Hairline), 1));
        painter.drawLine(QPointF(x, 0), QPointF(x, top + 3));
        painter.setPen(m_theme.color(ThemeColor::TextQuiet));
        const double width = metrics.horizontalAdvance(label.text);
        if (x + width / 2 < viewport()->width())
            painter.drawText(QPointF(x - width / 2, top + 4 + metrics.ascent()), label.text);
    }
    painter.setPen(m_theme.color(ThemeColor::TextQuiet));
    painter.drawText(QRectF(8, top, m_laneNames - 12, kAxisHeight), Qt::AlignVCenter | Qt::AlignLeft, tr("Time [%1]").arg(m_time.zoneName()));
}

void KillChainView::paintMarks(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    const std::vector<items::TimelineMark>& marks = m_model.marks();
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const QPointF at = m_positions[i];
        const double end = m_scale.x(marks[i].alert->end);
        if (end < m_laneNames - kMark || at.x() > viewport()->width() + kMark)
            continue;
        // An alert that lasted is a line from its mark.
        if (end > at.x() + kMark / 2) {
            painter.setPen(QPen(m_theme.severityColor(marks[i].alert->severity), 1));
            painter.drawLine(at, QPointF(end, at.y()));
            painter.drawLine(QPointF(end, at.y() - 3), QPointF(end, at.y() + 3));
        }
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const QRectF box(m_positions[i].x() - kMark / 2, m_positions[i].y() - kMark / 2, kMark, kMark);
        if (box.right() < m_laneNames || box.left() > viewport()->width())
            continue;
        if (marks[i].alert->id == m_selected) {
            painter.setPen(QPen(m_theme.color(ThemeColor::Accent), 1));
            painter.setBrush(m_theme.color(ThemeColor::Selection));
            painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), m_theme.radius(), m_theme.radius());
        }
        paintSeverity(&painter, box, marks[i].alert->severity, m_theme);
    }
}

void KillChainView::paintLegend(QPainter& painter) const
{
    const double top = viewport()->height() - kLegendHeight;
    painter.setFont(m_theme.smallFont());
    const QFontMetrics metrics(m_theme.smallFont());
    double x = 8;
    for (std::size_t i = 0; i < items::kSeverityCount; ++i) {
        const auto severity = static_cast<items::Severity>(i);
        const QString text = items::severityText(severity);
        if (x + 20 + metrics.horizontalAdvance(text) > viewport()->width())
            break;
        paintSeverity(&painter, QRectF(x, top + 4, 12, 12), severity, m_theme);
        painter.setPen(m_theme.color(ThemeColor::TextQuiet));
        painter.drawText(QPointF(x + 16, top + 10 + metrics.ascent() / 2.0), text);
        x += 16 + metrics.horizontalAdvance(text) + 16;
    }
    if (const int without = m_model.withoutStage(); without > 0) {
        const QString text = tr("%n alert(s) without a known tactic", nullptr, without);
        if (x + metrics.horizontalAdvance(text) < viewport()->width())
            painter.drawText(QPointF(x + 8, top + 10 + metrics.ascent() / 2.0), text);
    }
}

QString KillChainView::tip(int row) const
{
    const items::TimelineMark& mark = m_model.marks()[static_cast<std::size_t>(row)];
    QStringList lines{mark.alert->name, tr("%1, %2").arg(items::severityText(mark.alert->severity), items::stageText(mark.stage))};
    lines << tr("%1 %2").arg(m_time.text(mark.alert->start), m_time.zoneName());
    if (mark.alert->end > mark.alert->start)
        lines << tr("until %1").arg(m_time.text(mark.alert->end));
    if (!mark.alert->compromisedEntity.isEmpty())
        lines << mark.alert->compromisedEntity;
    return lines.join(QLatin1Char('\n'));
}

bool KillChainView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const int row = rowAt(help->pos()); row >= 0)
            QToolTip::showText(help->globalPos(), tip(row), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void KillChainView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layoutMarks();
}

void KillChainView::wheelEvent(QWheelEvent* event)
{
    if (event->angleDelta().y() != 0)
        zoom(std::pow(0.999, event->angleDelta().y()), event->position().x());
    event->accept();
}

void KillChainView::mousePressEvent(QMouseEvent* event)
{
    setFocus();
    m_pressed = event->position();
    m_pressedFrom = m_scale.from;
    m_dragging = false;
    if (const int row = rowAt(event->position()); row >= 0) {
        setSelectedAlert(m_model.marks()[static_cast<std::size_t>(row)].alert->id);
        Q_EMIT alertSelected(m_selected);
    }
}

void KillChainView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton)) {
        viewport()->setCursor(rowAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const double moved = event->position().x() - m_pressed.x();
    if (!m_dragging && std::abs(moved) < 4)
        return;
    m_dragging = true;
    const Ticks length = m_scale.to - m_scale.from;
    const Ticks from = m_pressedFrom - static_cast<Ticks>(moved / (m_scale.right - m_scale.left) * static_cast<double>(length));
    setRange(from, from + length);
}

void KillChainView::mouseReleaseEvent(QMouseEvent*) { m_dragging = false; }

void KillChainView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->position()); row >= 0)
        Q_EMIT alertActivated(m_model.marks()[static_cast<std::size_t>(row)].alert->id);
    else
        fit();
}

void KillChainView::keyPressEvent(QKeyEvent* event)
{
    const int rows = m_model.rowCount();
    int row = m_model.rowOf(m_selected);
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Left: {
        if (rows == 0)
            return;
        const int step = event->key() == Qt::Key_Right ? 1 : -1;
        // One alert may stand on several lanes: go on to the next alert.
        const QString before = m_selected;
        do
            row = (row + step + rows) % rows;
        while (rows > 1 && m_model.marks()[static_cast<std::size_t>(row)].alert->id == before && row != m_model.rowOf(before));
        setSelectedAlert(m_model.marks()[static_cast<std::size_t>(row)].alert->id);
        Q_EMIT alertSelected(m_selected);
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (row >= 0)
            Q_EMIT alertActivated(m_selected);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_0: fit(); return;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace tocsin::widgets
