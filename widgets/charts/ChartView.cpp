// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/ChartView.h"

#include "charts/CardView.h"
#include "charts/ChartAxis.h"
#include "charts/PieItem.h"
#include "items/TimeDisplay.h"

#include <QLabel>
#include <QStackedLayout>
#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

namespace tocsin::widgets {

ChartView::ChartView(const Theme& theme, const items::TimeDisplay& time, QWidget* parent) : QWidget(parent), m_theme(theme), m_time(time)
{
    m_plot = new QCustomPlot;
    m_plot->setAccessibleName(tr("Chart"));
    m_plot->setInteraction(QCP::iRangeDrag);
    m_plot->setInteraction(QCP::iRangeZoom);
    m_cards = new CardView(theme);
    m_message = new QLabel;
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setAutoFillBackground(true);
    m_title = new QLabel;
    m_title->setMargin(theme.space(2));
    m_title->setAutoFillBackground(true);
    m_title->hide();
    m_note = new QLabel;
    m_note->setAutoFillBackground(true);
    m_note->setWordWrap(true);
    m_note->setMargin(theme.space());
    m_note->hide();
    auto* holder = new QWidget;
    m_stack = new QStackedLayout(holder);
    m_stack->addWidget(m_message);
    m_stack->addWidget(m_plot);
    m_stack->addWidget(m_cards);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addWidget(holder, 1);
    column->addWidget(m_note);
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showTip(event->pos()); });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this] { rebuild(); });
    connect(&theme, &Theme::changed, this, &ChartView::rebuild);
    connect(&time, &items::TimeDisplay::changed, this, &ChartView::rebuild);
    rebuild();
}

ChartView::~ChartView() = default;

void ChartView::setChart(items::ChartData data)
{
    m_data = std::move(data);
    rebuild();
}

void ChartView::clear() { setChart({}); }

int ChartView::drawnSeries() const { return m_data.kind == items::ChartKind::Card ? 0 : static_cast<int>(m_data.series.size()); }

void ChartView::rebuild()
{
    m_plot->clearPlottables();
    m_plot->clearItems();
    for (QCPLayerable* pie : m_plot->layer(QStringLiteral("main"))->children())
        if (dynamic_cast<PieLayerable*>(pie))
            delete pie;
    m_title->setText(m_data.title);
    m_title->setVisible(!m_data.title.isEmpty());
    m_note->setText(m_data.notes.isEmpty() ? QString() : tr("Note: %1.").arg(m_data.notes));
    m_note->setVisible(!m_data.notes.isEmpty());
    applyTheme();
    if (m_data.isEmpty()) {
        m_message->setText(m_data.problem.isEmpty() ? tr("Drawing…") : m_data.problem);
        m_stack->setCurrentWidget(m_message);
        return;
    }
    if (m_data.kind == items::ChartKind::Card) {
        m_cards->setCards(m_data.cards);
        m_stack->setCurrentWidget(m_cards);
        return;
    }
    const bool pie = m_data.kind == items::ChartKind::Pie;
    m_plot->axisRect()->setVisible(!pie);
    for (QCPAxis* axis : m_plot->axisRect()->axes())
        axis->setVisible(!pie && (axis == m_plot->xAxis || axis == m_plot->yAxis));
    m_plot->legend->setVisible(false);
    setUpAxes();
    if (pie)
        addPie();
    else if (m_data.kind == items::ChartKind::Bar || m_data.kind == items::ChartKind::Column)
        addBars();
    else
        addLines();
    m_stack->setCurrentWidget(m_plot);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ChartView::applyTheme()
{
    QPalette quiet = m_theme.qtPalette();
    quiet.setColor(QPalette::WindowText, m_theme.color(ThemeColor::TextQuiet));
    quiet.setColor(QPalette::Window, m_theme.color(ThemeColor::Surface));
    m_message->setPalette(quiet);
    m_note->setPalette(quiet);
    m_note->setFont(m_theme.smallFont());
    QPalette title = m_theme.qtPalette();
    title.setColor(QPalette::Window, m_theme.color(ThemeColor::Surface));
    m_title->setPalette(title);
    m_title->setFont(m_theme.titleFont());
    m_plot->setBackground(m_theme.color(ThemeColor::Surface));
    const QColor text = m_theme.color(ThemeColor::Text), line = m_theme.color(ThemeColor::Border);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(line, 1));
        axis->setTickPen(QPen(line, 1));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0, 4);
        axis->setTickLabelColor(text);
        axis->setLabelColor(m_theme.color(ThemeColor::TextQuiet));
        axis->setTickLabelFont(m_theme.smallFont());
        axis->setLabelFont(m_theme.smallFont());
        axis->grid()->setPen(m_theme.hairline());
        axis->grid()->setZeroLinePen(QPen(line, 1));
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->legend->setBrush(m_theme.color(ThemeColor::Surface));
    m_plot->legend->setBorderPen(m_theme.hairline());
    m_plot->legend->setTextColor(text);
    m_plot->legend->setFont(m_theme.smallFont());
}

void ChartView::setUpAxes()
{
    QCPAxis* x = m_plot->xAxis;
    QCPAxis* y = m_plot->yAxis;
    const bool horizontal = m_data.kind == items::ChartKind::Bar;
    QCPAxis* keys = horizontal ? y : x;
    QCPAxis* values = horizontal ? x : y;
    keys->setTickLabelRotation(0);
    values->setTickLabelRotation(0);
    keys->setRangeReversed(horizontal);
    values->setRangeReversed(false);
    if (!horizontal)
        x->setRangeReversed(false);
    keys->grid()->setVisible(false);
    values->grid()->setVisible(true);
    const auto numbers = [](bool logarithmic) {
        return logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker);
    };
    if (!m_data.categories.isEmpty()) {
        labelCategories();
        if (!horizontal && m_data.categories.size() > 6)
            keys->setTickLabelRotation(-35);
    } else {
        keys->setTicker(m_data.timeAxis ? QSharedPointer<QCPAxisTicker>(new TimeTicker(m_time)) : numbers(false));
    }
    values->setTicker(numbers(m_data.logarithmic));
    values->setScaleType(m_data.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    keys->setScaleType(QCPAxis::stLinear);
    for (QCPAxis* axis : {x, y}) {
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(6);
    }
    keys->setLabel(m_data.timeAxis ? tr("%1 [%2]").arg(m_data.xTitle, m_time.zoneName()) : m_data.xTitle);
    values->setLabel(m_data.yTitle);
    m_plot->axisRect()->setRangeDrag(horizontal ? Qt::Vertical : Qt::Horizontal);
    m_plot->axisRect()->setRangeZoom(horizontal ? Qt::Vertical : Qt::Horizontal);
    const bool legend = m_data.showLegend && (m_data.series.size() > 1) && m_data.kind != items::ChartKind::Pie;
    m_plot->legend->setVisible(legend);
    // Beside the plot, never over it.
    if (QCPLayoutGrid* grid = m_plot->plotLayout(); legend && grid->columnCount() < 2) {
        auto* side = new QCPLayoutGrid;
        grid->addElement(0, 1, side);
        side->setMargins(QMargins(0, 8, 8, 8));
        side->addElement(0, 0, m_plot->legend);
        side->addElement(1, 0, new QCPLayoutElement(m_plot));
        side->setRowStretchFactor(0, 0.001);
        m_plot->plotLayout()->setColumnStretchFactor(1, 0.001);
    }
}

void ChartView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (!m_data.categories.isEmpty())
        labelCategories();
}

void ChartView::labelCategories()
{
    // Names that would cover each other are left out; the tooltip has them all.
    const bool horizontal = m_data.kind == items::ChartKind::Bar;
    const int room = std::max(1, horizontal ? height() - 90 : width() - 90);
    const int line = QFontMetrics(m_theme.smallFont()).height();
    const int step = (static_cast<int>(m_data.categories.size()) * line + room - 1) / room;
    (horizontal ? m_plot->yAxis : m_plot->xAxis)->setTicker(categoryTicker(m_data.categories, horizontal ? 32 : m_data.categories.size() > 10 ? 14 : 20, step));
}

void ChartView::addLines()
{
    std::vector<double> base;
    std::size_t index = 0;
    std::map<double, double> sums;
    for (const items::ChartSeries& series : m_data.series) {
        QCPGraph* graph = m_plot->addGraph();
        graph->setName(series.name);
        QVector<double> xs(series.x.begin(), series.x.end()), ys(series.y.begin(), series.y.end());
        if (m_data.stacked)
            for (qsizetype i = 0; i < xs.size(); ++i)
                ys[i] = sums[xs[i]] += std::isnan(ys[i]) ? 0 : ys[i];
        graph->setData(xs, ys, m_data.kind != items::ChartKind::Scatter);
        graph->setPen(m_theme.seriesPen(index));
        graph->setAdaptiveSampling(true);
        graph->setAntialiased(xs.size() <= 4000);
        if (m_data.kind == items::ChartKind::Scatter) {
            static constexpr std::array kShapes{QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle, QCPScatterStyle::ssDiamond, QCPScatterStyle::ssCross, QCPScatterStyle::ssPlus};
            graph->setLineStyle(QCPGraph::lsNone);
            graph->setScatterStyle(QCPScatterStyle(kShapes[index % kShapes.size()], QPen(m_theme.seriesColor(index), 1), QBrush(m_theme.seriesColor(index)), 5));
        } else if (xs.size() == 1) {
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, m_theme.seriesColor(index), 5));
        }
        // A fill costs a hundred times the line: only where it is few points and asked for.
        if (m_data.kind == items::ChartKind::Area && xs.size() <= 1000) {
            QColor fill = m_theme.seriesColor(index);
            fill.setAlphaF(0.28F);
            graph->setBrush(fill);
            if (m_data.stacked && index > 0)
                graph->setChannelFillGraph(m_plot->graph(static_cast<int>(index) - 1));
        }
        ++index;
    }
    m_plot->rescaleAxes();
    QCPRange y = m_plot->yAxis->range();
    if (!m_data.logarithmic && m_data.kind != items::ChartKind::Scatter && y.lower > 0)
        y.lower = 0;
    y.upper += y.size() * 0.05;
    if (y.size() <= 0)
        y.upper = y.lower + 1;
    if (m_data.yMinimum)
        y.lower = *m_data.yMinimum;
    if (m_data.yMaximum)
        y.upper = *m_data.yMaximum;
    m_plot->yAxis->setRange(y);
    if (m_data.kind == items::ChartKind::Scatter && m_plot->xAxis->range().size() > 0)
        m_plot->xAxis->scaleRange(1.05);
}

void ChartView::addBars()
{
    const bool horizontal = m_data.kind == items::ChartKind::Bar;
    QCPAxis* keys = horizontal ? m_plot->yAxis : m_plot->xAxis;
    QCPAxis* values = horizontal ? m_plot->xAxis : m_plot->yAxis;
    double step = 1;
    for (const items::ChartSeries& series : m_data.series)
        for (std::size_t i = 1; m_data.categories.isEmpty() && i < series.x.size(); ++i)
            if (const double gap = series.x[i] - series.x[i - 1]; gap > 0)
                step = step == 1 ? gap : std::min(step, gap);
    QCPBarsGroup* group = m_data.stacked || m_data.series.size() < 2 ? nullptr : new QCPBarsGroup(m_plot);
    if (group) {
        group->setSpacingType(QCPBarsGroup::stAbsolute);
        group->setSpacing(1);
    }
    QCPBars* below = nullptr;
    std::size_t index = 0;
    for (const items::ChartSeries& series : m_data.series) {
        auto* bars = new QCPBars(keys, values);
        bars->setName(series.name);
        bars->setData(QVector<double>(series.x.begin(), series.x.end()), QVector<double>(series.y.begin(), series.y.end()));
        bars->setWidth(step * (group ? 0.8 / static_cast<double>(m_data.series.size()) : 0.72));
        bars->setPen(QPen(m_theme.seriesColor(index), 1));
        bars->setBrush(m_theme.seriesColor(index));
        bars->setAntialiased(false);
        if (group)
            bars->setBarsGroup(group);
        else if (below)
            bars->moveAbove(below);
        below = bars;
        ++index;
    }
    m_plot->rescaleAxes();
    if (!m_data.categories.isEmpty())
        keys->setRange(-0.6, static_cast<double>(m_data.categories.size()) - 0.4);
    else
        keys->setRange(keys->range().lower - step * 0.6, keys->range().upper + step * 0.6);
    QCPRange range = values->range();
    range.lower = m_data.yMinimum.value_or(std::min(range.lower, 0.0));
    range.upper = m_data.yMaximum.value_or(range.upper + range.size() * 0.05);
    values->setRange(range);
}

void ChartView::addPie() { new PieLayerable(m_plot, m_theme, m_data); }

void ChartView::showTip(const QPoint& at)
{
    const QCPAbstractPlottable* plottable = m_plot->plottableAt(at, true);
    const auto* graph = qobject_cast<const QCPGraph*>(plottable);
    const auto* bars = qobject_cast<const QCPBars*>(plottable);
    if (!graph && !bars) {
        QToolTip::hideText();
        return;
    }
    double key = 0, value = 0;
    plottable->pixelsToCoords(at, key, value);
    double nearest = 0, found = 0;
    if (graph) {
        const auto it = graph->data()->findBegin(key);
        nearest = it->key;
        found = it->value;
    } else {
        const auto it = bars->data()->findBegin(std::round(key) - (m_data.categories.isEmpty() ? 0 : 0.5), false);
        nearest = m_data.categories.isEmpty() ? bars->data()->findBegin(key)->key : it->key;
        found = m_data.categories.isEmpty() ? bars->data()->findBegin(key)->value : it->value;
    }
    const auto place = static_cast<qsizetype>(nearest);
    const QString where = !m_data.categories.isEmpty() ? m_data.categories.value(place)
        : m_data.timeAxis ? tr("%1 %2").arg(m_time.text(static_cast<Ticks>(nearest * kTicksPerSecond) + kUnixEpoch), m_time.zoneName())
                          : QLocale().toString(nearest, 'g', 10);
    QToolTip::showText(m_plot->mapToGlobal(at), tr("%1\n%2: %3").arg(where, plottable->name(), QLocale().toString(found, 'g', 10)), m_plot);
}

} // namespace tocsin::widgets
