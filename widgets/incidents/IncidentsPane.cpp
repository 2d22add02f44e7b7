// SPDX-License-Identifier: GPL-3.0-or-later
#include "incidents/IncidentsPane.h"

#include "common/ViewSetup.h"
#include "items/ErrorText.h"
#include "items/IncidentModel.h"
#include "items/IncidentStore.h"
#include "items/Roles.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace tocsin::widgets {

namespace {

constexpr int kLeastTitle = 180;

/// Matches the typed words in any column, and the chosen status.
class QueueProxy final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setWords(const QString& text)
    {
        m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        invalidateFilter();
    }
    void setStatus(const QString& status)
    {
        m_status = status;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const QString status = sourceModel()->index(row, items::IncidentModel::Status, parent).data().toString();
        if (m_status == QLatin1String("open") ? status == QLatin1String("Closed") : !m_status.isEmpty() && status != m_status)
            return false;
        QString all;
        for (int column = 0; column < sourceModel()->columnCount(); ++column)
            all += sourceModel()->index(row, column, parent).data().toString() + QLatin1Char('\n');
        return std::all_of(m_words.begin(), m_words.end(), [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
    }

private:
    QStringList m_words;
    QString m_status;
};

} // namespace

IncidentsPane::IncidentsPane(items::IncidentStore& store, const items::TimeDisplay& time, const Theme& theme, QWidget* parent)
    : Pane(theme, QStringLiteral("incident"), parent), m_store(store)
{
    m_model = new items::IncidentModel(time, this);
    auto* proxy = new QueueProxy(this);
    m_proxy = proxy;
    proxy->setSourceModel(m_model);
    proxy->setSortRole(items::SortRole);

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, theme.space(), 0, 0);
    column->setSpacing(theme.space());
    m_filter = new QLineEdit;
    setUpFilter(m_filter, tr("Filter by title, owner, tactic, number"));
    m_status = new QComboBox;
    m_status->setAccessibleName(tr("Status"));
    m_status->addItem(tr("All"), QString());
    m_status->addItem(tr("New and Active"), QStringLiteral("open"));
    m_status->addItem(tr("New"), QStringLiteral("New"));
    m_status->addItem(tr("Active"), QStringLiteral("Active"));
    m_status->addItem(tr("Closed"), QStringLiteral("Closed"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(theme.space(), 0, theme.space(), 0);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_status);
    column->addLayout(bar);
    m_table = new QTableView;
    m_table->setAccessibleName(tr("Incidents"));
    m_table->setModel(m_proxy);
    setUpTable(m_table, theme);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(items::IncidentModel::LastActivity, Qt::DescendingOrder);
    m_table->installEventFilter(this);
    column->addWidget(m_table, 1);
    setContent(content);

    m_reload = makeTitleAction(QStringLiteral("refresh"), tr("Read the incidents again"));
    m_demo = new QAction(tr("Open demo case"), this);
    connect(m_demo, &QAction::triggered, this, &IncidentsPane::demoRequested);
    connect(m_reload, &QAction::triggered, &store, &items::IncidentStore::reload);
    connect(m_filter, &QLineEdit::textChanged, this, [this, proxy](const QString& text) {
        proxy->setWords(text);
        updateCount();
    });
    connect(m_status, &QComboBox::currentIndexChanged, this, [this, proxy] {
        proxy->setStatus(m_status->currentData().toString());
        updateCount();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (const int number = numberAt(current))
            m_store.setCurrentIncident(number);
    });
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { Q_EMIT incidentOpened(numberAt(index)); });
    connect(&store, &items::IncidentStore::loadingStarted, this, [this] { setLoading(true); });
    connect(&store, &items::IncidentStore::loaded, this, &IncidentsPane::refresh);
    connect(&store, &items::IncidentStore::failed, this, [this](const Error& error) {
        setLoading(false);
        showError(items::errorText(error), items::errorAdviceText(error), m_reload);
    });
    connect(&store, &items::IncidentStore::currentIncidentChanged, this, &IncidentsPane::select);
    refresh();
}

/// The title takes what the columns that decide leave of the dock; the others are a scroll away.
void IncidentsPane::fitTitle()
{
    if (!m_fitted)
        return;
    int taken = 0;
    for (const int column : {items::IncidentModel::SeverityColumn, items::IncidentModel::Number, items::IncidentModel::Status, items::IncidentModel::Alerts, items::IncidentModel::LastActivity})
        taken += m_table->columnWidth(column);
    m_table->setColumnWidth(items::IncidentModel::Title, std::max(m_table->viewport()->width() - taken, kLeastTitle));
}

void IncidentsPane::resizeEvent(QResizeEvent* event)
{
    Pane::resizeEvent(event);
    fitTitle();
}

int IncidentsPane::numberAt(const QModelIndex& index) const { return index.isValid() ? index.data(items::IdRole).toInt() : 0; }

void IncidentsPane::refresh()
{
    setLoading(m_store.isLoading());
    const int current = m_store.currentIncident();
    m_model->setCase(m_store.data());
    updateCount();
    if (m_store.data()->incidents.empty()) {
        showMessage({QStringLiteral("incident"), tr("No incidents"), tr("Rules make alerts from imported logs and group them into incidents."), m_demo});
        return;
    }
    showContent();
    if (!std::exchange(m_fitted, true)) {
        fitColumns(m_table, 280);
        m_table->setColumnWidth(items::IncidentModel::Tactics, std::min(m_table->columnWidth(items::IncidentModel::Tactics), 180));
        for (const auto& [column, width] : {std::pair(items::IncidentModel::Number, 48), std::pair(items::IncidentModel::Alerts, 62), std::pair(items::IncidentModel::Status, 68)})
            m_table->setColumnWidth(column, width);
        // What decides stands where a narrow dock still shows it.
        QHeaderView* header = m_table->horizontalHeader();
        header->moveSection(header->visualIndex(items::IncidentModel::LastActivity), 4);
        header->moveSection(header->visualIndex(items::IncidentModel::Alerts), 4);
        fitTitle();
    }
    if (current != 0)
        select(current);
    else
        m_table->selectRow(0);
}

void IncidentsPane::updateCount()
{
    const int all = m_model->rowCount(), shown = m_proxy->rowCount();
    setCountText(all == 0 ? QString() : shown == all ? QString::number(all) : tr("%1 of %2").arg(shown).arg(all));
    setStrip(all > 0 && shown == 0 ? tr("No incident matches the filter.") : QString());
}

void IncidentsPane::select(int number)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->index(m_model->rowOf(number), 0));
    if (index.isValid() && index.row() != m_table->currentIndex().row())
        m_table->setCurrentIndex(index);
}

bool IncidentsPane::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (const int number = numberAt(m_table->currentIndex()))
                Q_EMIT incidentOpened(number);
            return true;
        }
        if (key->matches(QKeySequence::Copy))
            return copySelection(m_table);
    }
    return Pane::eventFilter(watched, event);
}

} // namespace tocsin::widgets
