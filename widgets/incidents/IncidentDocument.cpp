// SPDX-License-Identifier: GPL-3.0-or-later
#include "incidents/IncidentDocument.h"

#include "common/Severity.h"
#include "common/Style.h"
#include "common/ViewSetup.h"
#include "items/AlertModel.h"
#include "items/CaseActions.h"
#include "items/EntityModel.h"
#include "items/ErrorText.h"
#include "items/IncidentActions.h"
#include "items/IncidentStore.h"
#include "items/TimeDisplay.h"
#include "items/ValueText.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace tocsin::widgets {

IncidentDocument::IncidentDocument(int number, items::IncidentStore& store, items::IncidentActions& actions, items::CaseActions& caseActions,
                                   items::TimeDisplay& time, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_number(number), m_store(store), m_actions(actions), m_caseActions(caseActions), m_time(time), m_theme(theme)
{
    setAutoFillBackground(true);
    m_alerts = new items::AlertModel(time, this);
    m_entities = new items::EntityModel(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.space(2), theme.space(3), 0);
    column->setSpacing(theme.space(2));
    buildHead(column);
    buildTabs(column);
    connect(&store, &items::IncidentStore::loaded, this, &IncidentDocument::refresh);
    connect(&store, &items::IncidentStore::currentAlertChanged, this, [this](const QString& id) {
        if (const int row = m_alerts->rowOf(id); row >= 0 && row != m_alertTable->currentIndex().row())
            m_alertTable->setCurrentIndex(m_alerts->index(row, 0));
    });
    connect(&time, &items::TimeDisplay::changed, this, &IncidentDocument::refresh);
    connect(&theme, &Theme::changed, this, &IncidentDocument::restyle);
    refresh();
    restyle();
}

void IncidentDocument::buildHead(QVBoxLayout* column)
{
    m_mark = new QLabel;
    m_title = new QLabel;
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts = new QLabel;
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_report = new QPushButton(m_theme.icon(QStringLiteral("report"), ThemeColor::AccentText), tr("Export report…"));
    setPrimary(m_report);
    auto* top = new QHBoxLayout;
    top->addWidget(m_mark, 0, Qt::AlignTop);
    top->addWidget(m_title, 1);
    top->addWidget(m_report, 0, Qt::AlignTop);
    column->addLayout(top);
    column->addWidget(m_facts);

    m_status = new QComboBox;
    for (const char* status : {"New", "Active", "Closed"})
        m_status->addItem(QString::fromLatin1(status));
    m_severity = new QComboBox;
    for (std::size_t i = 0; i + 1 < items::kSeverityCount; ++i)
        m_severity->addItem(items::severityText(static_cast<items::Severity>(i)), static_cast<int>(i));
    m_owner = new QLineEdit;
    m_owner->setPlaceholderText(tr("Unassigned"));
    m_owner->setMaximumWidth(180);
    m_classification = new QComboBox;
    m_classification->addItem(tr("None"), QString());
    for (const char* word : {"TruePositive", "BenignPositive", "FalsePositive", "Undetermined"})
        m_classification->addItem(QString::fromLatin1(word), QString::fromLatin1(word));
    auto* fields = new QHBoxLayout;
    fields->setSpacing(m_theme.space(2));
    const auto field = [&](const QString& name, QWidget* editor) {
        auto* label = new QLabel(name);
        label->setBuddy(editor);
        editor->setAccessibleName(name);
        editor->setEnabled(m_actions.canChange());
        fields->addWidget(label);
        fields->addWidget(editor);
    };
    field(tr("Status"), m_status);
    field(tr("Severity"), m_severity);
    field(tr("Owner"), m_owner);
    field(tr("Classification"), m_classification);
    fields->addStretch();
    column->addLayout(fields);
    m_problem = new QLabel;
    m_problem->setWordWrap(true);
    m_problem->setMargin(m_theme.space());
    m_problem->setAutoFillBackground(true);
    m_problem->hide();
    column->addWidget(m_problem);

    const auto done = [self = QPointer(this)](const Result<void>& result) {
        if (self)
            self->changed(result);
    };
    connect(m_status, &QComboBox::activated, this, [this, done] { m_actions.setStatus(m_number, m_status->currentText(), done); });
    connect(m_severity, &QComboBox::activated, this, [this, done] { m_actions.setSeverity(m_number, static_cast<items::Severity>(m_severity->currentData().toInt()), done); });
    connect(m_classification, &QComboBox::activated, this, [this, done] { m_actions.setClassification(m_number, m_classification->currentData().toString(), QString(), done); });
    connect(m_owner, &QLineEdit::editingFinished, this, [this, done] {
        if (m_owner->isModified())
            m_actions.setOwner(m_number, m_owner->text().trimmed(), done);
        m_owner->setModified(false);
    });
    connect(m_report, &QPushButton::clicked, this, &IncidentDocument::chooseReport);
}

void IncidentDocument::buildTabs(QVBoxLayout* column)
{
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_alertTable = new QTableView;
    m_alertTable->setAccessibleName(tr("Alerts"));
    m_alertTable->setModel(m_alerts);
    setUpTable(m_alertTable, m_theme);
    m_alertTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_alertText = new QTextBrowser;
    m_alertText->setFrameShape(QFrame::NoFrame);
    m_alertText->setOpenLinks(false);
    m_alertText->setAccessibleName(tr("Alert details"));
    m_evidence = new QPushButton(m_theme.icon(QStringLiteral("evidence")), tr("Open evidence in query editor"));
    auto* side = new QWidget;
    auto* sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins(0, 0, 0, m_theme.space());
    sideColumn->addWidget(m_alertText, 1);
    sideColumn->addWidget(m_evidence, 0, Qt::AlignLeft);
    auto* alerts = new QSplitter(Qt::Vertical);
    alerts->addWidget(m_alertTable);
    alerts->addWidget(side);
    alerts->setStretchFactor(0, 1);
    alerts->setSizes({220, 160});
    m_tabs->addTab(alerts, m_theme.icon(QStringLiteral("incident")), tr("Alerts"));

    m_entityTable = new QTableView;
    m_entityTable->setAccessibleName(tr("Entities"));
    m_entityTable->setModel(m_entities);
    setUpTable(m_entityTable, m_theme);
    m_entityTable->setToolTip(tr("Double click: open a query for the rows that name the entity"));
    m_tabs->addTab(m_entityTable, m_theme.icon(QStringLiteral("account")), tr("Entities"));

    auto* comments = new QWidget;
    auto* commentColumn = new QVBoxLayout(comments);
    commentColumn->setContentsMargins(0, 0, 0, m_theme.space(2));
    m_comments = new QTextBrowser;
    m_comments->setFrameShape(QFrame::NoFrame);
    m_comments->setAccessibleName(tr("Comments"));
    m_newComment = new QPlainTextEdit;
    m_newComment->setPlaceholderText(tr("Write a comment"));
    m_newComment->setAccessibleName(tr("New comment"));
    m_newComment->setMaximumHeight(64);
    m_newComment->setTabChangesFocus(true);
    m_addComment = new QPushButton(tr("Add comment"));
    commentColumn->addWidget(m_comments, 1);
    commentColumn->addWidget(m_newComment);
    commentColumn->addWidget(m_addComment, 0, Qt::AlignRight);
    m_tabs->addTab(comments, m_theme.icon(QStringLiteral("comment")), tr("Comments"));
    column->addWidget(m_tabs, 1);

    connect(m_alertTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &IncidentDocument::showAlert);
    connect(m_alertTable, &QTableView::doubleClicked, this, &IncidentDocument::openEvidence);
    connect(m_evidence, &QPushButton::clicked, this, &IncidentDocument::openEvidence);
    connect(m_entityTable, &QTableView::doubleClicked, this, &IncidentDocument::openEntity);
    connect(m_addComment, &QPushButton::clicked, this, &IncidentDocument::addComment);
}

void IncidentDocument::refresh()
{
    m_data = m_store.data();
    const items::Incident* incident = m_data->incident(m_number);
    setEnabled(incident);
    if (!incident) {
        m_title->setText(m_store.isLoading() ? tr("Reading incident %1…").arg(m_number) : tr("Incident %1 is not in this workspace.").arg(m_number));
        return;
    }
    const QString selected = m_store.currentAlert();
    std::vector<const items::Alert*> alerts = m_data->alertsOf(*incident);
    m_entities->setAlerts(alerts);
    m_alerts->setAlerts(m_data, std::move(alerts));
    refreshHead(*incident);
    showComments(*incident);
    m_tabs->setTabText(0, tr("Alerts (%1)").arg(m_alerts->rowCount()));
    m_tabs->setTabText(1, tr("Entities (%1)").arg(m_entities->rowCount()));
    m_tabs->setTabText(2, tr("Comments (%1)").arg(incident->comments.size()));
    if (!std::exchange(m_fitted, true)) {
        fitColumns(m_alertTable, 300);
        fitColumns(m_entityTable, 520);
    }
    m_alertTable->setCurrentIndex(m_alerts->index(std::max(0, m_alerts->rowOf(selected)), 0));
    showAlert();
}

void IncidentDocument::refreshHead(const items::Incident& incident)
{
    m_title->setText(tr("%1  %2").arg(incident.number).arg(incident.title));
    m_mark->setToolTip(items::severityText(incident.severity));
    QStringList facts;
    facts << tr("%1 severity").arg(items::severityText(incident.severity));
    if (incident.firstActivity && incident.lastActivity)
        facts << tr("%1 to %2 (%3)").arg(m_time.text(*incident.firstActivity), m_time.text(*incident.lastActivity), m_time.zoneName());
    QStringList stages;
    for (std::size_t stage = 0; stage < items::kStageCount; ++stage)
        if (incident.stages.test(stage))
            stages << items::stageText(static_cast<items::Stage>(stage));
    if (!stages.isEmpty())
        facts << tr("%1 of 8 stages: %2").arg(stages.size()).arg(stages.join(QStringLiteral(" → ")));
    if (!incident.description.isEmpty())
        facts << incident.description;
    m_facts->setText(facts.join(QLatin1Char('\n')));
    m_status->setCurrentText(incident.status);
    m_severity->setCurrentIndex(std::min(static_cast<int>(incident.severity), m_severity->count() - 1));
    m_classification->setCurrentIndex(std::max(0, m_classification->findData(incident.classification)));
    if (!m_owner->isModified())
        m_owner->setText(incident.owner);
    m_report->setEnabled(true);
    restyle();
}

void IncidentDocument::showComments(const items::Incident& incident)
{
    QString html;
    const QString quiet = m_theme.color(ThemeColor::TextQuiet).name();
    for (const items::Comment& comment : incident.comments)
        html += QStringLiteral("<p><span style='color:%1'>%2</span><br>%3</p>")
                    .arg(quiet, tr("%1, %2").arg(comment.author.isEmpty() ? tr("Unknown") : comment.author, comment.time ? m_time.text(*comment.time) + QLatin1Char(' ') + m_time.zoneName() : tr("no time")).toHtmlEscaped(),
                         comment.text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    m_comments->setHtml(html.isEmpty() ? QStringLiteral("<p style='color:%1'>%2</p>").arg(quiet, tr("No comments yet. What is written here is kept with the incident and printed in its report.")) : html);
    m_newComment->setEnabled(m_actions.canChange());
    m_addComment->setEnabled(m_actions.canChange());
}

void IncidentDocument::showAlert()
{
    const items::Alert* alert = m_alerts->alertAt(m_alertTable->currentIndex().row());
    m_evidence->setEnabled(alert);
    if (!alert) {
        m_alertText->clear();
        return;
    }
    if (isVisible() && m_store.currentIncident() == m_number)
        m_store.setCurrentAlert(alert->id);
    const QString quiet = m_theme.color(ThemeColor::TextQuiet).name();
    QString html = QStringLiteral("<table cellspacing='0' cellpadding='2'>");
    const auto line = [&](const QString& name, const QString& value) {
        if (!value.isEmpty())
            html += QStringLiteral("<tr><td style='color:%1'>%2&nbsp;&nbsp;</td><td>%3</td></tr>").arg(quiet, name.toHtmlEscaped(), value.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    };
    line(tr("Description"), alert->description);
    line(tr("Time"), alert->end > alert->start ? tr("%1 to %2 %3").arg(m_time.text(alert->start), m_time.text(alert->end), m_time.zoneName()) : tr("%1 %2").arg(m_time.text(alert->start), m_time.zoneName()));
    line(tr("Tactics"), alert->tactics.join(QLatin1String(", ")));
    line(tr("Techniques"), alert->techniques.join(QLatin1String(", ")));
    QStringList entities;
    for (const items::Entity& entity : alert->entities)
        entities << tr("%1: %2").arg(items::entityTypeText(entity.type), entity.name);
    line(tr("Entities"), entities.join(QLatin1Char('\n')));
    line(tr("What to do"), alert->remediation);
    line(tr("Alert id"), alert->id);
    m_alertText->setHtml(html + QStringLiteral("</table>"));
}

void IncidentDocument::openEvidence()
{
    const items::Alert* alert = m_alerts->alertAt(m_alertTable->currentIndex().row());
    if (!alert)
        return;
    QString id = alert->id;
    id.replace(QLatin1Char('"'), QLatin1String("\\\""));
    const QString text = alert->query.isEmpty() ? QStringLiteral("SecurityAlert\n| where SystemAlertId == \"%1\"").arg(id) : alert->query;
    Q_EMIT queryRequested(tr("Evidence: %1").arg(alert->name), text);
}

void IncidentDocument::openEntity()
{
    if (const items::Entity* entity = m_entities->entityAt(m_entityTable->currentIndex().row()))
        Q_EMIT queryRequested(entity->name, items::entityQuery(*entity));
}

void IncidentDocument::addComment()
{
    const QString text = m_newComment->toPlainText().trimmed();
    if (text.isEmpty())
        return;
    m_addComment->setEnabled(false);
    m_actions.addComment(m_number, text, [self = QPointer(this)](const Result<void>& result) {
        if (!self)
            return;
        self->m_addComment->setEnabled(true);
        if (result)
            self->m_newComment->clear();
        self->changed(result);
    });
}

void IncidentDocument::changed(const Result<void>& result)
{
    m_problem->setVisible(!result.has_value());
    if (!result)
        m_problem->setText(items::errorText(result.error()) + QLatin1Char('\n') + items::errorAdviceText(result.error()));
    // Also after a failure: the fields must show what is stored.
    m_store.reload();
}

void IncidentDocument::chooseReport()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export report"), items::reportFileName(m_number), tr("PDF files (*.pdf)"));
    if (!path.isEmpty())
        writeReport(path);
}

void IncidentDocument::writeReport(const QString& path) { m_caseActions.writeReport(m_number, path); }

void IncidentDocument::restyle()
{
    m_title->setFont(m_theme.titleFont());
    QPalette surface = m_theme.qtPalette();
    surface.setColor(QPalette::Window, m_theme.color(ThemeColor::Surface));
    setPalette(surface);
    QPalette quiet = surface;
    quiet.setColor(QPalette::WindowText, m_theme.color(ThemeColor::TextQuiet));
    m_facts->setPalette(quiet);
    QPalette problem = surface;
    problem.setColor(QPalette::Window, m_theme.tint(ThemeColor::Error, 0.10));
    m_problem->setPalette(problem);
    if (const items::Incident* incident = m_data ? m_data->incident(m_number) : nullptr) {
        const int side = 20;
        QPixmap mark(QSizeF(side, side).toSize() * devicePixelRatioF());
        mark.setDevicePixelRatio(devicePixelRatioF());
        mark.fill(Qt::transparent);
        QPainter painter(&mark);
        paintSeverity(&painter, QRectF(0, 0, side, side), incident->severity, m_theme);
        painter.end();
        m_mark->setPixmap(mark);
        showComments(*incident);
        showAlert();
    }
}

} // namespace tocsin::widgets
