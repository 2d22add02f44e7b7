// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/QueryDocument.h"

#include "editor/ProblemLine.h"
#include "editor/ProblemMarks.h"
#include "editor/QueryTools.h"
#include "editor/TimeRangePicker.h"
#include "items/ErrorText.h"
#include "items/SchemaModel.h"
#include "results/ResultPane.h"

#include <QAction>
#include <QLabel>
#include <QSplitter>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace tocsin::widgets {

QueryDocument::QueryDocument(const QueryServices& services, QWidget* parent) : QWidget(parent), m_services(services), m_runner(services.engine)
{
    const Theme& theme = services.theme;
    m_editor = new QueryEditor(theme);
    m_tools = new QueryTools(*m_editor, theme, this);
    m_results = new ResultPane({services.executor, services.time, services.tasks, theme});
    m_range = new TimeRangePicker(services.clock);
    buildToolBar();

    m_problem = new QWidget;
    m_problem->setAutoFillBackground(true);
    auto* problemRow = new QHBoxLayout(m_problem);
    problemRow->setContentsMargins(theme.space(2), theme.space(), theme.space(2), theme.space());
    m_problemIcon = new QLabel;
    m_problemText = new QLabel;
    m_problemText->setWordWrap(true);
    m_problemText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    problemRow->addWidget(m_problemIcon, 0, Qt::AlignTop);
    problemRow->addWidget(m_problemText, 1);
    m_problem->hide();

    auto* top = new QWidget;
    auto* topColumn = new QVBoxLayout(top);
    topColumn->setContentsMargins(0, 0, 0, 0);
    topColumn->setSpacing(0);
    topColumn->addWidget(m_bar);
    topColumn->addWidget(m_editor, 1);
    topColumn->addWidget(new ProblemLine(*m_editor, theme));
    topColumn->addWidget(m_problem);
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->addWidget(top);
    m_splitter->addWidget(m_results);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({220, 440});
    m_splitter->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter);
    setFocusProxy(m_editor);

    connect(m_editor, &QueryEditor::textChanged, this, &QueryDocument::contentEdited);
    const auto readSchema = [this] {
        if (const auto language = m_services.schema.language())
            m_editor->setLanguage(language, m_services.executor);
        m_tools->setSchema(m_services.schema.contents());
    };
    connect(&services.schema, &items::SchemaModel::loaded, this, readSchema);
    readSchema();
    connect(m_tools, &QueryTools::refused, this, [this](const Error& error) {
        showProblem(items::errorText(error), items::errorAdviceText(error));
        m_problemOfTools = true;
    });
    const auto forgetProblem = [this] {
        if (m_problemOfTools)
            hideProblem();
    };
    connect(m_tools, &QueryTools::done, this, forgetProblem);
    connect(m_editor, &QueryEditor::textChanged, this, forgetProblem);
    connect(&m_runner, &items::QueryRunner::schemaArrived, m_results, &ResultPane::beginResult);
    connect(&m_runner, &items::QueryRunner::batchesArrived, m_results, &ResultPane::addBatches);
    connect(&m_runner, &items::QueryRunner::progressed, m_results, &ResultPane::setProgress);
    connect(&m_runner, &items::QueryRunner::finished, this, [this](const engine::QueryOutcome& outcome) {
        setRunning(false);
        m_results->endRun(outcome);
        if (!outcome.warnings.empty())
            m_editor->problems()->setRun(outcome.warnings, m_sent.start, ProblemMarks::Severity::Warning);
    });
    connect(&m_runner, &items::QueryRunner::failed, this, &QueryDocument::runFailed);
    connect(&m_runner, &items::QueryRunner::cancelled, this, [this] {
        setRunning(false);
        engine::QueryOutcome outcome;
        outcome.kind = engine::QueryOutcome::Kind::Cancelled;
        m_results->endRun(outcome);
    });
    connect(&theme, &Theme::changed, this, &QueryDocument::restyle);
    restyle();
}

void QueryDocument::buildToolBar()
{
    const Theme& theme = m_services.theme;
    m_bar = new QToolBar;
    m_bar->setIconSize(QSize(theme.iconSize(), theme.iconSize()));
    m_bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_runAction = m_bar->addAction(theme.icon(QStringLiteral("run"), ThemeColor::Accent), tr("Run"), this, &QueryDocument::run);
    m_runAction->setToolTip(tr("Run the statement under the cursor or the selection (F5, Shift+Enter)"));
    m_cancelAction = m_bar->addAction(theme.icon(QStringLiteral("stop")), tr("Cancel"), this, &QueryDocument::cancel);
    m_cancelAction->setToolTip(tr("Cancel the run (Esc, Shift+F5)"));
    m_cancelAction->setEnabled(false);
    m_bar->addSeparator();
    m_bar->addWidget(m_range);
    m_bar->addSeparator();
    QAction* comment = m_bar->addAction(theme.icon(QStringLiteral("comment")), tr("Comment"), m_editor, &QueryEditor::toggleComment);
    comment->setToolTip(tr("Comment or uncomment lines (Ctrl+/)"));
    QAction* format = m_bar->addAction(theme.icon(QStringLiteral("format")), tr("Format"), m_tools, &QueryTools::format);
    format->setToolTip(tr("Lay the query out anew (Shift+Alt+F)"));
    QAction* outline = m_bar->addAction(theme.icon(QStringLiteral("list")), tr("Outline"), m_tools, &QueryTools::showOutline);
    outline->setToolTip(tr("Go to a statement, a let or an operator (Ctrl+Shift+O)"));
}

void QueryDocument::setTitle(const QString& title)
{
    m_title = title;
    Q_EMIT titleChanged(title);
}

QString QueryDocument::problemText() const { return m_problem->isHidden() ? QString() : m_problemText->text(); }

void QueryDocument::setRunning(bool running)
{
    m_runAction->setEnabled(!running);
    m_cancelAction->setEnabled(running);
    Q_EMIT runningChanged(running);
}

void QueryDocument::run()
{
    hideProblem();
    m_editor->problems()->clearRun();
    m_sent = m_editor->statement();
    if (QString::fromStdString(m_sent.text).trimmed().isEmpty()) {
        showProblem(tr("There is no statement here to run."), tr("Write a query, or put the cursor in one."));
        return;
    }
    const auto range = m_range->range();
    if (!range) {
        showProblem(items::errorText(range.error()), items::errorAdviceText(range.error()));
        m_range->setFocus();
        return;
    }
    engine::QueryRequest request;
    request.text = m_sent.text;
    request.timespan = *range;
    m_results->beginRun(*range);
    m_runner.run(std::move(request));
    setRunning(true);
}

void QueryDocument::cancel() { m_runner.cancel(); }

void QueryDocument::runFailed(const engine::QueryOutcome& outcome)
{
    setRunning(false);
    m_results->endRun(outcome);
    m_editor->problems()->setRun(outcome.errors, m_sent.start, ProblemMarks::Severity::Error);
    if (outcome.errors.empty()) {
        showProblem(tr("The run failed without saying why."), {});
        return;
    }
    const Error& first = outcome.errors.front();
    QString what = items::errorText(first);
    if (first.span) {
        const std::string document = m_editor->text().toStdString();
        const auto [line, column] = items::lineAndColumn(document, m_sent.start + first.span->start);
        what = tr("Line %1, column %2: %3").arg(line).arg(column).arg(what);
    }
    if (outcome.errors.size() > 1)
        what = tr("%1 (and %n more)", nullptr, static_cast<int>(outcome.errors.size() - 1)).arg(what);
    showProblem(what, items::errorAdviceText(first));
}

void QueryDocument::showProblem(const QString& what, const QString& advice)
{
    m_problemText->setText(advice.isEmpty() ? what : what + QLatin1Char('\n') + advice);
    m_problem->show();
}

void QueryDocument::hideProblem()
{
    m_problem->hide();
    m_problemOfTools = false;
}

void QueryDocument::restyle()
{
    const Theme& theme = m_services.theme;
    QPalette palette = theme.qtPalette();
    palette.setColor(QPalette::Window, theme.tint(ThemeColor::Error, 0.10));
    m_problem->setPalette(palette);
    m_problemIcon->setPixmap(theme.icon(QStringLiteral("error"), ThemeColor::Error).pixmap(QSize(theme.iconSize(), theme.iconSize()), devicePixelRatioF()));
}

QVariantMap QueryDocument::saveState() const
{
    return {{QStringLiteral("title"), m_title}, {QStringLiteral("text"), m_editor->text()}, {QStringLiteral("range"), m_range->rangeText()},
            {QStringLiteral("splitter"), m_splitter->saveState()}};
}

void QueryDocument::restoreState(const QVariantMap& state)
{
    setTitle(state.value(QStringLiteral("title")).toString());
    m_editor->setText(state.value(QStringLiteral("text")).toString());
    m_range->setRangeText(state.value(QStringLiteral("range")).toString());
    m_splitter->restoreState(state.value(QStringLiteral("splitter")).toByteArray());
}

} // namespace tocsin::widgets
