// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "killchain/TimeScale.h"

#include <QAbstractScrollArea>

namespace tocsin::items {
class TimelineModel;
}

namespace tocsin::widgets {

/// Eight lanes, a time axis, a severity shape for every alert. Wheel zooms at the pointer, drag moves, arrows go from mark to mark.
class KillChainView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    KillChainView(items::TimelineModel& model, const items::TimeDisplay& time, const Theme& theme, QWidget* parent = nullptr);

    QString selectedAlert() const { return m_selected; }
    void setSelectedAlert(const QString& id);
    void fit();
    void zoom(double factor, double aroundX);
    void zoomIn() { zoom(0.6, viewport()->width() / 2.0); }
    void zoomOut() { zoom(1 / 0.6, viewport()->width() / 2.0); }
    /// Where the mark of a row is drawn, in the viewport.
    QPointF markPosition(int row) const;
    const TimeScale& scale() const { return m_scale; }

Q_SIGNALS:
    void alertSelected(const QString& id);
    void alertActivated(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void layoutMarks();
    void setRange(Ticks from, Ticks to);
    int rowAt(const QPointF& point) const;
    QRectF laneRect(int lane) const;
    void paintLanes(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintLegend(QPainter& painter) const;
    QString tip(int row) const;

    items::TimelineModel& m_model;
    const items::TimeDisplay& m_time;
    const Theme& m_theme;
    TimeScale m_scale;
    std::vector<QPointF> m_positions; ///< of each row of the model
    QString m_selected;
    double m_laneNames = 150;
    QPointF m_pressed;
    Ticks m_pressedFrom = 0;
    bool m_dragging = false;
    bool m_fitted = true;
};

} // namespace tocsin::widgets
