// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "items/ChartData.h"

#include <QWidget>

class QCustomPlot;
class QLabel;
class QStackedLayout;

namespace tocsin::items {
class TimeDisplay;
}

namespace tocsin::widgets {

class CardView;

/// One chart. Wheel zooms the x axis, drag moves it, double click shows everything again.
class ChartView final : public QWidget {
    Q_OBJECT
public:
    ChartView(const Theme& theme, const items::TimeDisplay& time, QWidget* parent = nullptr);
    ~ChartView() override;

    void setChart(items::ChartData data);
    void clear();
    const items::ChartData& chart() const { return m_data; }
    /// Series that are drawn now.
    int drawnSeries() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    void applyTheme();
    void addLines();
    void addBars();
    void addPie();
    void setUpAxes();
    void labelCategories();
    void showTip(const QPoint& at);

    const Theme& m_theme;
    const items::TimeDisplay& m_time;
    items::ChartData m_data;
    QStackedLayout* m_stack;
    QCustomPlot* m_plot;
    CardView* m_cards;
    QLabel* m_message;
    QLabel* m_title;
    QLabel* m_note;
};

} // namespace tocsin::widgets
