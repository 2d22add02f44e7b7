// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"
#include "items/Async.h"
#include "items/ResultTableModel.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QSplitter;
class QStackedWidget;
class QProgressBar;

namespace tocsin::items {
class TaskList;
class TimeDisplay;
}

namespace tocsin::widgets {

class ChartView;
class ResultGrid;
class RowDetails;
class Theme;

struct ResultServices {
    Executor& executor;
    items::TimeDisplay& time;
    items::TaskList& tasks;
    const Theme& theme;
};

/// The results of a run: grid or chart, row details at the side, and the line that says rows, time taken, sums and zone.
class ResultPane final : public QWidget {
    Q_OBJECT
public:
    explicit ResultPane(const ResultServices& services, QWidget* parent = nullptr);

    void beginRun(const std::optional<engine::TimeRange>& range);
    void beginResult(const engine::ResultSchema& schema);
    void addBatches(std::size_t result, const std::vector<Batch>& batches);
    void setProgress(const engine::QueryProgress& progress);
    void endRun(const engine::QueryOutcome& outcome);

    items::ResultTableModel* model() const { return m_model; }
    ResultGrid* grid() const { return m_grid; }
    ChartView* chart() const { return m_chart; }
    bool showsChart() const;
    QString statusText() const;
    /// Writes all rows of the shown result; asks nothing.
    void exportCsv(const QString& path);

private:
    struct Stored {
        engine::ResultSchema schema;
        std::vector<Batch> batches;
    };
    void buildBar();
    void showResult(std::size_t place);
    void showChart(bool chart);
    void drawChart();
    void refreshStatus();
    void chooseExport();
    void restyle();

    ResultServices m_services;
    items::Mailbox m_mailbox;
    std::vector<Stored> m_results;
    std::size_t m_shown = 0;
    items::ResultTableModel* m_model;
    ResultGrid* m_grid;
    ChartView* m_chart;
    RowDetails* m_details;
    QSplitter* m_split;
    QStackedWidget* m_stack;
    QWidget* m_bar;
    QComboBox* m_choice;
    QAction* m_tableAction;
    QAction* m_chartAction;
    QAction* m_detailsAction;
    QAction* m_exportAction;
    QAction* m_copyAction;
    QProgressBar* m_progress;
    QLabel* m_strip;
    QLabel* m_status;
    QLabel* m_selection;
    QLabel* m_hint;
    QElapsedTimer m_clock;
    QTimer m_tick;
    bool m_running = false;
    bool m_ended = false;
    std::optional<engine::TimeRange> m_range;
    engine::QueryOutcome m_outcome;
    engine::QueryProgress m_scanned;
    int m_chartNumber = 0;
    QString m_summary;
    int m_selectedRows = 0;
};

} // namespace tocsin::widgets
