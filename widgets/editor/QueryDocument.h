// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "editor/QueryEditor.h"
#include "items/QueryRunner.h"

class QLabel;
class QSplitter;
class QToolBar;

namespace tocsin::items {
class SchemaModel;
class TaskList;
class TimeDisplay;
}

namespace tocsin::widgets {

class QueryTools;
class ResultPane;
class TimeRangePicker;

/// What a query document needs of the program.
struct QueryServices {
    engine::QueryEngine& engine;
    Executor& executor;
    const Clock& clock;
    items::TimeDisplay& time;
    items::TaskList& tasks;
    items::SchemaModel& schema;
    const Theme& theme;
};

/// One tab: an editor above the results of its last run.
class QueryDocument final : public QWidget {
    Q_OBJECT
public:
    explicit QueryDocument(const QueryServices& services, QWidget* parent = nullptr);

    QString title() const { return m_title; }
    void setTitle(const QString& title);
    QueryEditor* editor() const { return m_editor; }
    QueryTools* tools() const { return m_tools; }
    ResultPane* results() const { return m_results; }
    TimeRangePicker* timeRange() const { return m_range; }
    bool isRunning() const { return m_runner.isRunning(); }
    /// The text of the last error, empty if there is none.
    QString problemText() const;

    void run();
    void cancel();

    /// What is kept between sessions.
    QVariantMap saveState() const;
    void restoreState(const QVariantMap& state);

Q_SIGNALS:
    void titleChanged(const QString& title);
    void runningChanged(bool running);
    void contentEdited();

private:
    void buildToolBar();
    void showProblem(const QString& what, const QString& advice);
    void hideProblem();
    void runFailed(const engine::QueryOutcome& outcome);
    void setRunning(bool running);
    void restyle();

    QueryServices m_services;
    QString m_title;
    items::QueryRunner m_runner;
    QueryEditor* m_editor;
    QueryTools* m_tools;
    ResultPane* m_results;
    TimeRangePicker* m_range;
    QToolBar* m_bar;
    QAction* m_runAction;
    QAction* m_cancelAction;
    QWidget* m_problem;
    QLabel* m_problemText;
    QLabel* m_problemIcon;
    QSplitter* m_splitter;
    Statement m_sent;
    bool m_problemOfTools = false; ///< what is said goes away with the next change of the text
};

} // namespace tocsin::widgets
