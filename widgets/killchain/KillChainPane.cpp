// SPDX-License-Identifier: GPL-3.0-or-later
#include "killchain/KillChainPane.h"

#include "common/ViewSetup.h"
#include "items/ErrorText.h"
#include "items/IncidentStore.h"
#include "items/Roles.h"
#include "items/TimelineModel.h"
#include "killchain/KillChainView.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace tocsin::widgets {

namespace {

constexpr int kFollow = -1; ///< the incident selected in the queue
constexpr int kAll = 0;

} // namespace

KillChainPane::KillChainPane(items::IncidentStore& store, const items::TimeDisplay& time, const Theme& theme, QWidget* parent)
    : Pane(theme, QStringLiteral("killchain"), parent), m_store(store)
{
    m_model = new items::TimelineModel(time, this);
    m_view = new KillChainView(*m_model, time, theme);
    m_list = new QTableView;
    m_list->setAccessibleName(tr("Kill-chain timeline as a list"));
    m_list->setModel(m_model);
    setUpTable(m_list, theme);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_list);
    m_filter = new QComboBox;
    m_filter->setAccessibleName(tr("Incident"));
    m_filter->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, theme.space(), 0, 0);
    column->setSpacing(theme.space());
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(theme.space(), 0, theme.space(), 0);
    bar->addWidget(m_filter, 1);
    column->addLayout(bar);
    column->addWidget(m_stack, 1);
    setContent(content);

    QAction* in = makeTitleAction(QStringLiteral("zoom-in"), tr("Zoom in (+)"));
    QAction* out = makeTitleAction(QStringLiteral("zoom-out"), tr("Zoom out (-)"));
    QAction* fit = makeTitleAction(QStringLiteral("fit"), tr("Show the whole period (0)"));
    QAction* list = makeTitleAction(QStringLiteral("list"), tr("Show as a list"));
    list->setCheckable(true);
    connect(in, &QAction::triggered, m_view, &KillChainView::zoomIn);
    connect(out, &QAction::triggered, m_view, &KillChainView::zoomOut);
    connect(fit, &QAction::triggered, m_view, &KillChainView::fit);
    connect(list, &QAction::toggled, this, [this](bool on) {
        m_stack->setCurrentIndex(on);
        if (on)
            fitColumns(m_list, 300);
    });
    connect(m_filter, &QComboBox::activated, this, &KillChainPane::refresh);
    connect(m_view, &KillChainView::alertSelected, &store, &items::IncidentStore::setCurrentAlert);
    connect(m_view, &KillChainView::alertActivated, this, &KillChainPane::openIncidentOf);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
        if (index.isValid())
            m_store.setCurrentAlert(index.data(items::IdRole).toString());
    });
    connect(m_list, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { openIncidentOf(index.data(items::IdRole).toString()); });
    connect(&store, &items::IncidentStore::loadingStarted, this, [this] { setLoading(true); });
    connect(&store, &items::IncidentStore::loaded, this, [this] {
        setLoading(false);
        fillFilter();
        refresh();
    });
    connect(&store, &items::IncidentStore::failed, this, [this](const Error& error) {
        setLoading(false);
        showError(items::errorText(error), items::errorAdviceText(error));
    });
    connect(&store, &items::IncidentStore::currentIncidentChanged, this, [this] {
        if (m_filter->currentData().toInt() == kFollow)
            refresh();
    });
    connect(&store, &items::IncidentStore::currentAlertChanged, this, [this](const QString& id) {
        m_view->setSelectedAlert(id);
        if (const int row = m_model->rowOf(id); row >= 0 && m_list->currentIndex().data(items::IdRole).toString() != id)
            m_list->setCurrentIndex(m_model->index(row, 0));
    });
    fillFilter();
    refresh();
}

void KillChainPane::fillFilter()
{
    const QVariant before = m_filter->count() ? m_filter->currentData() : QVariant(kFollow);
    m_filter->clear();
    m_filter->addItem(tr("Selected incident"), kFollow);
    m_filter->addItem(tr("All alerts"), kAll);
    for (const items::Incident& incident : m_store.data()->incidents)
        m_filter->addItem(tr("%1  %2").arg(incident.number).arg(incident.title), incident.number);
    m_filter->setCurrentIndex(std::max(0, m_filter->findData(before)));
}

void KillChainPane::refresh()
{
    const auto data = m_store.data();
    const int chosen = m_filter->currentData().toInt();
    const int number = chosen == kFollow ? m_store.currentIncident() : chosen;
    std::vector<const items::Alert*> alerts;
    if (const items::Incident* incident = number > 0 ? data->incident(number) : nullptr)
        alerts = data->alertsOf(*incident);
    else
        for (const items::Alert& alert : data->alerts)
            alerts.push_back(&alert);
    m_model->setAlerts(data, alerts);
    m_view->setSelectedAlert(m_store.currentAlert());
    setCountText(alerts.empty() ? QString() : tr("%n alert(s)", nullptr, static_cast<int>(alerts.size())));
    if (data->alerts.empty())
        showMessage({QStringLiteral("killchain"), tr("No alerts"), tr("Alerts stand here by stage and time when rules have found something."), nullptr});
    else
        showContent();
}

void KillChainPane::openIncidentOf(const QString& alert)
{
    for (const items::Incident& incident : m_store.data()->incidents)
        if (incident.alertIds.contains(alert)) {
            m_store.setCurrentAlert(alert);
            Q_EMIT incidentOpened(incident.number);
            return;
        }
}

} // namespace tocsin::widgets
