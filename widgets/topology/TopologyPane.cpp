// SPDX-License-Identifier: GPL-3.0-or-later
#include "topology/TopologyPane.h"

#include "common/ViewSetup.h"
#include "items/ErrorText.h"
#include "items/Roles.h"
#include "items/TopologyModel.h"
#include "topology/TopologyView.h"

#include <QAction>
#include <QHeaderView>
#include <QPointer>
#include <QSplitter>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QTreeView>

namespace tocsin::widgets {

TopologyPane::TopologyPane(items::NetworkActions& actions, Executor& executor, const Theme& theme, QWidget* parent)
    : Pane(theme, QStringLiteral("topology"), parent), m_actions(actions), m_executor(executor)
{
    m_model = new items::TopologyModel(this);
    m_view = new TopologyView(theme);
    m_tree = new QTreeView;
    m_tree->setAccessibleName(tr("Network topology as a list"));
    m_tree->setModel(m_model);
    setUpTree(m_tree, theme);
    m_tree->setAlternatingRowColors(true);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_tree);
    m_details = new QTextBrowser;
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setAccessibleName(tr("Details of the resource"));
    auto* split = new QSplitter(Qt::Vertical);
    split->addWidget(m_stack);
    split->addWidget(m_details);
    split->setStretchFactor(0, 1);
    split->setSizes({400, 110});
    m_details->hide();
    setContent(split);

    QAction* in = makeTitleAction(QStringLiteral("zoom-in"), tr("Zoom in (+)"));
    QAction* out = makeTitleAction(QStringLiteral("zoom-out"), tr("Zoom out (-)"));
    QAction* fit = makeTitleAction(QStringLiteral("fit"), tr("Show everything (0)"));
    m_check = makeTitleAction(QStringLiteral("connectivity"), tr("Check a connection from the selected machine"));
    m_check->setEnabled(false);
    QAction* list = makeTitleAction(QStringLiteral("list"), tr("Show as a list"));
    list->setCheckable(true);
    QAction* again = makeTitleAction(QStringLiteral("refresh"), tr("Read the topology again"));
    connect(in, &QAction::triggered, m_view, &TopologyView::zoomIn);
    connect(out, &QAction::triggered, m_view, &TopologyView::zoomOut);
    connect(fit, &QAction::triggered, m_view, &TopologyView::fit);
    connect(again, &QAction::triggered, this, &TopologyPane::reload);
    connect(list, &QAction::toggled, m_stack, [this](bool on) { m_stack->setCurrentIndex(on); });
    connect(m_check, &QAction::triggered, this, [this] { Q_EMIT checkRequested(m_selected, QString()); });
    connect(m_view, &TopologyView::nodeSelected, this, &TopologyPane::select);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
        if (index.isValid())
            select(index.data(items::IdRole).toString());
    });
    connect(&theme, &Theme::changed, this, [this] { select(m_selected); });
    showMessage({QStringLiteral("topology"), tr("No network inventory"), tr("Import an ARM export or Resource Graph output to see its networks here."), nullptr});
}

void TopologyPane::reload()
{
    setLoading(true);
    m_actions.loadTopology([self = QPointer(this), load = ++m_load](Result<std::shared_ptr<const items::TopologyGraph>> result) {
        if (!self || load != self->m_load)
            return;
        if (!result) {
            self->setLoading(false);
            self->showError(items::errorText(result.error()), items::errorAdviceText(result.error()));
            return;
        }
        self->place(*result);
    });
}

void TopologyPane::place(std::shared_ptr<const items::TopologyGraph> graph)
{
    m_model->setGraph(graph);
    if (!graph || graph->nodes.empty()) {
        setLoading(false);
        setCountText({});
        m_view->setPlaces(nullptr);
        showMessage({QStringLiteral("topology"), tr("No network inventory"), tr("Import an ARM export or Resource Graph output to see its networks here."), nullptr});
        return;
    }
    m_tree->expandAll();
    for (int column = 0; column < m_model->columnCount(); ++column)
        m_tree->resizeColumnToContents(column);
    setCountText(tr("%n resource(s)", nullptr, static_cast<int>(graph->nodes.size())));
    items::runAsync(
        m_executor, m_mailbox, [graph, measures = m_view->measures()] { return items::layoutTopology(*graph, measures); },
        [this, load = m_load](Result<std::shared_ptr<const items::TopologyPlaces>> places) {
            if (load != m_load)
                return;
            setLoading(false);
            if (!places) {
                showError(items::errorText(places.error()), items::errorAdviceText(places.error()));
                return;
            }
            showContent();
            m_view->setPlaces(*places);
            m_view->showPath(m_path, m_reachable);
        });
}

void TopologyPane::showPath(const QStringList& ids, bool reachable)
{
    m_path = ids;
    m_reachable = reachable;
    m_view->showPath(ids, reachable);
}

QString TopologyPane::detailsText() const { return m_details->toPlainText(); }

void TopologyPane::select(const QString& id)
{
    const QModelIndex index = m_model->indexOf(id);
    const items::TopologyNode* node = m_model->node(index);
    m_selected = node ? id : QString();
    m_check->setEnabled(node && node->kind == items::TopologyKind::VirtualMachine);
    m_details->setVisible(node);
    if (!node)
        return;
    m_view->selectNode(id);
    if (m_tree->currentIndex() != index)
        m_tree->setCurrentIndex(index);
    const QString quiet = theme().color(ThemeColor::TextQuiet).name();
    QString html = QStringLiteral("<b>%1</b>&nbsp; <span style='color:%2'>%3</span><table cellspacing='0' cellpadding='2'>")
                       .arg(node->name.toHtmlEscaped(), quiet, items::topologyKindText(node->kind).toHtmlEscaped());
    QStringList lines = node->details;
    if (!node->caption.isEmpty())
        lines.prepend(tr("Address: %1").arg(node->caption));
    for (const QString& line : lines)
        html += QStringLiteral("<tr><td style='color:%1'>%2&nbsp;&nbsp;</td><td>%3</td></tr>")
                    .arg(quiet, line.section(QLatin1String(": "), 0, 0).toHtmlEscaped(), line.section(QLatin1String(": "), 1).toHtmlEscaped());
    m_details->setHtml(html + QStringLiteral("</table>"));
}

} // namespace tocsin::widgets
