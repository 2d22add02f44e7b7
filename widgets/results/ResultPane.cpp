// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/ResultPane.h"

#include "charts/ChartView.h"
#include "common/Theme.h"
#include "items/ChartData.h"
#include "items/CsvExport.h"
#include "items/TimeDisplay.h"
#include "items/ValueText.h"
#include "results/ResultGrid.h"
#include "results/RowDetails.h"

#include <QActionGroup>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QProgressBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace tocsin::widgets {

ResultPane::ResultPane(const ResultServices& services, QWidget* parent) : QWidget(parent), m_services(services)
{
    const Theme& theme = services.theme;
    m_model = new items::ResultTableModel(services.time, this);
    m_grid = new ResultGrid(*m_model, services.executor, theme);
    m_chart = new ChartView(theme, services.time);
    m_details = new RowDetails(*m_model, theme);
    m_hint = new QLabel(tr("Run a query to see its rows here.\nF5 runs the statement under the cursor."));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setAutoFillBackground(true);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_chart);
    m_split = new QSplitter(Qt::Horizontal);
    m_split->addWidget(m_stack);
    m_split->addWidget(m_details);
    m_split->setStretchFactor(0, 1);
    m_split->setSizes({700, 320});
    m_details->hide();
    buildBar();

    m_progress = new QProgressBar;
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(3);
    m_progress->hide();
    m_strip = new QLabel;
    m_strip->setWordWrap(true);
    m_strip->setMargin(theme.space());
    m_strip->setAutoFillBackground(true);
    m_strip->hide();

    auto* statusRow = new QHBoxLayout;
    statusRow->setContentsMargins(theme.space(2), theme.space(), theme.space(2), theme.space());
    m_status = new QLabel;
    m_selection = new QLabel;
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_selection->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_status->setMinimumWidth(1);
    m_selection->setMinimumWidth(1);
    statusRow->addWidget(m_status, 1);
    statusRow->addWidget(m_selection);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_progress);
    column->addWidget(m_strip);
    column->addWidget(m_split, 1);
    column->addLayout(statusRow);

    connect(m_grid, &ResultGrid::rowActivated, this, [this](int row) {
        m_detailsAction->setChecked(true);
        m_details->showRow(row);
    });
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (m_details->isVisible())
            m_details->showRow(current.row());
    });
    connect(m_grid, &ResultGrid::selectionSummaryChanged, this, [this](const QString& text, int rows) {
        m_summary = text;
        m_selectedRows = rows;
        refreshStatus();
    });
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        // A thin bar only for what takes longer than a blink.
        m_progress->setVisible(m_running && m_clock.elapsed() > 300);
        refreshStatus();
    });
    connect(&services.time, &items::TimeDisplay::changed, this, &ResultPane::refreshStatus);
    connect(&theme, &Theme::changed, this, &ResultPane::restyle);
    restyle();
    refreshStatus();
}

void ResultPane::buildBar()
{
    const Theme& theme = m_services.theme;
    auto* bar = new QToolBar;
    m_bar = bar;
    bar->setIconSize(QSize(theme.iconSize(), theme.iconSize()));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* group = new QActionGroup(this);
    m_tableAction = bar->addAction(theme.icon(QStringLiteral("table")), tr("Table"));
    m_chartAction = bar->addAction(theme.icon(QStringLiteral("chart")), tr("Chart"));
    for (QAction* action : {m_tableAction, m_chartAction}) {
        action->setCheckable(true);
        group->addAction(action);
    }
    m_tableAction->setChecked(true);
    m_chartAction->setEnabled(false);
    connect(m_chartAction, &QAction::toggled, this, &ResultPane::showChart);
    bar->addSeparator();
    m_choice = new QComboBox;
    m_choice->setAccessibleName(tr("Result"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    QAction* choiceAction = bar->addWidget(m_choice);
    choiceAction->setVisible(false);
    m_choice->setProperty("barAction", QVariant::fromValue(static_cast<QObject*>(choiceAction)));
    connect(m_choice, &QComboBox::activated, this, [this](int place) { showResult(static_cast<std::size_t>(place)); });
    auto* stretch = new QWidget;
    stretch->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(stretch);
    m_copyAction = bar->addAction(theme.icon(QStringLiteral("copy")), tr("Copy"), this, [this] { m_grid->copy(); });
    m_exportAction = bar->addAction(theme.icon(QStringLiteral("export")), tr("Export CSV…"), this, &ResultPane::chooseExport);
    m_detailsAction = bar->addAction(theme.icon(QStringLiteral("details")), tr("Row details"));
    m_detailsAction->setCheckable(true);
    connect(m_detailsAction, &QAction::toggled, this, [this](bool on) {
        m_details->setVisible(on);
        if (on)
            m_details->showRow(m_grid->currentIndex().isValid() ? m_grid->currentIndex().row() : 0);
    });
    for (QAction* action : {m_copyAction, m_exportAction, m_detailsAction}) {
        static_cast<QToolButton*>(bar->widgetForAction(action))->setToolButtonStyle(Qt::ToolButtonIconOnly);
        action->setToolTip(action->text());
        action->setEnabled(false);
    }
}

void ResultPane::beginRun(const std::optional<engine::TimeRange>& range)
{
    m_results.clear();
    m_shown = 0;
    m_range = range;
    m_running = true;
    m_ended = false;
    m_scanned = {};
    m_outcome = {};
    m_choice->clear();
    static_cast<QAction*>(m_choice->property("barAction").value<QObject*>())->setVisible(false);
    m_strip->hide();
    m_model->clear();
    m_grid->forgetWidths();
    m_chart->clear();
    m_tableAction->setChecked(true);
    m_chartAction->setEnabled(false);
    m_stack->setCurrentWidget(m_grid);
    m_clock.start();
    m_tick.start();
    refreshStatus();
}

void ResultPane::beginResult(const engine::ResultSchema& schema)
{
    m_results.push_back({schema, {}});
    const QString name = schema.name.empty() ? tr("Result %1").arg(m_results.size()) : items::toQString(schema.name);
    m_choice->addItem(name);
    static_cast<QAction*>(m_choice->property("barAction").value<QObject*>())->setVisible(m_results.size() > 1);
    if (m_results.size() == 1) {
        m_model->start(schema);
        m_grid->fitOnce();
    }
    for (QAction* action : {m_copyAction, m_exportAction, m_detailsAction})
        action->setEnabled(true);
}

void ResultPane::addBatches(std::size_t result, const std::vector<Batch>& batches)
{
    for (std::size_t place = 0; place < m_results.size(); ++place) {
        if (m_results[place].schema.result != result)
            continue;
        Stored& stored = m_results[place];
        stored.batches.insert(stored.batches.end(), batches.begin(), batches.end());
        if (place == m_shown) {
            m_model->append(batches);
            m_grid->fitOnce();
        }
    }
}

void ResultPane::setProgress(const engine::QueryProgress& progress) { m_scanned = progress; }

void ResultPane::endRun(const engine::QueryOutcome& outcome)
{
    m_running = false;
    m_ended = true;
    m_outcome = outcome;
    m_tick.stop();
    m_progress->hide();
    const bool complete = outcome.kind == engine::QueryOutcome::Kind::Done;
    m_model->end(complete);
    if (!complete) {
        const bool rows = m_model->rowCount() > 0;
        const bool cancelled = outcome.kind == engine::QueryOutcome::Kind::Cancelled;
        if (rows)
            m_strip->setText(cancelled ? tr("Partial: the run was cancelled. These rows are not the whole answer.")
                                       : tr("Partial: the run failed. These rows are not the whole answer."));
        m_strip->setVisible(rows);
        if (!rows) {
            m_hint->setText(cancelled ? tr("The run was cancelled before the first row.") : tr("The run failed. The message is above."));
            m_stack->setCurrentWidget(m_hint);
        }
    } else if (!m_results.empty() && items::chartKind(m_results.front().schema.visualization.kind)) {
        m_chartAction->setEnabled(true);
        m_chartAction->setChecked(true);
    }
    refreshStatus();
}

void ResultPane::showResult(std::size_t place)
{
    if (place >= m_results.size())
        return;
    m_shown = place;
    m_model->start(m_results[place].schema);
    m_model->append(m_results[place].batches);
    if (!m_running)
        m_model->end(m_outcome.kind == engine::QueryOutcome::Kind::Done);
    m_grid->forgetWidths();
    m_grid->fitOnce();
    const bool chart = !m_running && items::chartKind(m_results[place].schema.visualization.kind).has_value();
    m_chartAction->setEnabled(chart);
    m_tableAction->setChecked(!chart);
    m_chartAction->setChecked(chart);
    showChart(chart);
    refreshStatus();
}

bool ResultPane::showsChart() const { return m_stack->currentWidget() == m_chart; }

void ResultPane::showChart(bool chart)
{
    m_stack->setCurrentWidget(chart ? static_cast<QWidget*>(m_chart) : m_grid);
    if (chart)
        drawChart();
}

void ResultPane::drawChart()
{
    if (m_shown >= m_results.size())
        return;
    items::runAsync(
        m_services.executor, m_mailbox, [schema = m_results[m_shown].schema, batches = m_results[m_shown].batches] { return items::buildChart(schema, batches); },
        [this, number = ++m_chartNumber](items::ChartData data) {
            if (number == m_chartNumber)
                m_chart->setChart(std::move(data));
        });
}

QString ResultPane::statusText() const { return m_status->text(); }

void ResultPane::refreshStatus()
{
    QStringList parts;
    const auto rows = static_cast<qulonglong>(m_model->rowCount());
    if (m_running) {
        parts << tr("Running, %1").arg(items::durationText(m_clock.elapsed() * kTicksPerMillisecond));
        parts << tr("%1 rows so far").arg(items::countText(rows));
        if (m_scanned.rowsScanned > 0)
            parts << tr("%1 rows scanned").arg(items::countText(m_scanned.rowsScanned));
    } else if (m_ended) {
        parts << tr("%1 rows", nullptr, static_cast<int>(rows)).arg(items::countText(rows));
        const Ticks taken = m_outcome.statistics.elapsed > 0 ? m_outcome.statistics.elapsed : m_clock.elapsed() * kTicksPerMillisecond;
        if (m_outcome.kind == engine::QueryOutcome::Kind::Done)
            parts << items::durationText(taken);
        else
            parts << (m_outcome.kind == engine::QueryOutcome::Kind::Cancelled ? tr("cancelled") : tr("failed"));
        if (m_outcome.statistics.scanned.rowsScanned > 0)
            parts << tr("%1 rows scanned").arg(items::countText(m_outcome.statistics.scanned.rowsScanned));
    }
    if ((m_running || m_ended) && m_range)
        parts << tr("%1 to %2").arg(m_services.time.text(m_range->from), m_services.time.text(m_range->to));
    m_status->setText(parts.join(QStringLiteral("   ")));
    QStringList right;
    if (m_selectedRows > 1 || !m_summary.isEmpty())
        right << tr("%n row(s) selected", nullptr, m_selectedRows);
    if (!m_summary.isEmpty())
        right << m_summary;
    right << tr("Times in %1").arg(m_services.time.zoneName());
    m_selection->setText(right.join(QStringLiteral("   ")));
}

void ResultPane::chooseExport()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export CSV"), QStringLiteral("results.csv"), tr("CSV files (*.csv)"));
    if (!path.isEmpty())
        exportCsv(path);
}

void ResultPane::exportCsv(const QString& path)
{
    if (m_shown >= m_results.size())
        return;
    m_services.tasks.start(tr("Export CSV"), [path, schema = m_results[m_shown].schema, batches = m_results[m_shown].batches](items::TaskControl& control) {
        return items::writeCsv(path, schema, batches, control);
    });
}

void ResultPane::restyle()
{
    const Theme& theme = m_services.theme;
    QPalette quiet = theme.qtPalette();
    quiet.setColor(QPalette::WindowText, theme.color(ThemeColor::TextQuiet));
    quiet.setColor(QPalette::Window, theme.color(ThemeColor::Surface));
    m_hint->setPalette(quiet);
    quiet.setColor(QPalette::Window, theme.color(ThemeColor::Window));
    for (QLabel* label : {m_status, m_selection}) {
        label->setPalette(quiet);
        label->setFont(theme.smallFont());
    }
    QPalette strip = theme.qtPalette();
    strip.setColor(QPalette::Window, theme.tint(ThemeColor::Warning, 0.16));
    m_strip->setPalette(strip);
}

} // namespace tocsin::widgets
