// SPDX-License-Identifier: GPL-3.0-or-later
#include "hops/HopsPane.h"

#include "common/Style.h"
#include "common/ViewSetup.h"
#include "hops/ValidatedField.h"
#include "items/ErrorText.h"
#include "items/HopModel.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QResizeEvent>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <array>

namespace tocsin::widgets {

HopsPane::HopsPane(items::NetworkActions& actions, const Theme& theme, QWidget* parent) : Pane(theme, QStringLiteral("connectivity"), parent), m_actions(actions)
{
    m_model = new items::HopModel(this);
    auto* formHolder = new QWidget;
    m_grid = new QGridLayout(formHolder);
    m_grid->setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space());
    m_grid->setVerticalSpacing(theme.space());
    m_grid->setHorizontalSpacing(theme.space(2));
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(2, 1);
    m_select = new QRadioButton(tr("Select a virtual machine"));
    m_manual = new QRadioButton(tr("Specify manually"));
    m_select->setChecked(true);
    auto* radios = new QHBoxLayout;
    radios->setSpacing(theme.space(3));
    radios->addWidget(new QLabel(tr("Destination:")));
    radios->addWidget(m_select);
    radios->addWidget(m_manual);
    radios->addStretch();
    m_grid->addLayout(radios, 0, 0, 1, 3);
    const auto heading = [&](const QString& text, int column) {
        auto* label = new QLabel(text);
        label->setFont(theme.boldFont());
        m_grid->addWidget(label, 1, column);
    };
    heading(tr("Source"), 1);
    heading(tr("Destination"), 2);
    const QStringList rows{tr("Subscription"), tr("Resource group"), tr("Virtual machine"), tr("Port"), tr("Protocol")};
    for (int i = 0; i < rows.size(); ++i)
        m_grid->addWidget(new QLabel(rows[i]), 2 + i, 0);
    m_source = makeEnd(1, tr("Source"));
    m_destination = makeEnd(2, tr("Destination"));
    m_sourcePort = new ValidatedField(tr("Source port"), portCheck(true), theme);
    m_sourcePort->setPlaceholderText(tr("Any"));
    m_grid->addWidget(m_sourcePort, 5, 1);
    m_destinationPort = new ValidatedField(tr("Destination port"), portCheck(false), theme);
    m_grid->addWidget(m_destinationPort, 5, 2);
    m_address = new ValidatedField(tr("Destination address"), addressCheck(), theme);
    m_address->setPlaceholderText(tr("IP address, name or URL"));
    m_address->hide();
    m_grid->addWidget(m_address, 4, 2);
    m_protocol = new QComboBox;
    for (const char* protocol : {"Tcp", "Http", "Https", "Icmp"})
        m_protocol->addItem(QString::fromLatin1(protocol));
    m_protocol->setAccessibleName(tr("Protocol"));
    m_grid->addWidget(m_protocol, 6, 1);
    m_check = new QPushButton(tr("Check"));
    setPrimary(m_check);
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setEnabled(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_check);
    buttons->addWidget(m_cancel);
    buttons->addStretch();
    m_grid->addLayout(buttons, 6, 2);

    m_answer = new QWidget;
    auto* answer = new QVBoxLayout(m_answer);
    answer->setContentsMargins(theme.space(2), theme.space(2), theme.space(2), 0);
    answer->setSpacing(theme.space());
    m_statusIcon = new QLabel;
    m_status = new QLabel;
    m_status->setWordWrap(true);
    auto* statusRow = new QHBoxLayout;
    statusRow->addWidget(m_statusIcon);
    statusRow->addWidget(m_status, 1);
    answer->addLayout(statusRow);
    m_table = new QTableView;
    m_table->setAccessibleName(tr("Hops"));
    m_table->setModel(m_model);
    setUpTable(m_table, theme);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setMinimumHeight(24 + 4 * theme.rowHeight() + 14);
    answer->addWidget(m_table, 1);
    m_latency = new QLabel;
    m_latency->setWordWrap(true);
    m_latency->setTextInteractionFlags(Qt::TextSelectableByMouse);
    answer->addWidget(m_latency);
    m_basis = new QLabel;
    m_basis->setWordWrap(true);
    m_basis->setFont(theme.smallFont());
    answer->addWidget(m_basis);
    m_answer->hide();

    auto* content = new QWidget;
    m_halves = new QBoxLayout(QBoxLayout::TopToBottom, content);
    m_halves->setContentsMargins(0, 0, 0, theme.space(2));
    m_halves->setSpacing(0);
    m_halves->addWidget(formHolder, 0, Qt::AlignTop);
    m_halves->addWidget(m_answer, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    setContent(scroll);

    connectEnd(m_source);
    connectEnd(m_destination);
    for (ValidatedField* field : {m_sourcePort, m_destinationPort, m_address})
        connect(field, &ValidatedField::changed, this, &HopsPane::updateForm);
    connect(m_select, &QRadioButton::toggled, this, &HopsPane::updateForm);
    connect(m_protocol, &QComboBox::currentIndexChanged, this, &HopsPane::updateForm);
    connect(m_check, &QPushButton::clicked, this, &HopsPane::check);
    connect(m_cancel, &QPushButton::clicked, this, &HopsPane::cancel);
    QAction* again = makeTitleAction(QStringLiteral("refresh"), tr("Read the machines again"));
    connect(again, &QAction::triggered, this, &HopsPane::reload);
    showMessage({QStringLiteral("connectivity"), tr("No machines"), tr("Import a network inventory (ARM export or Resource Graph output) to check connections."), nullptr});
    updateForm();
}

void HopsPane::resizeEvent(QResizeEvent* event)
{
    Pane::resizeEvent(event);
    // The answer stands beside the form where there is room, so that both are seen at once.
    const bool beside = event->size().width() > 700;
    m_halves->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_halves->setStretch(0, beside ? 1 : 0);
    m_halves->setAlignment(m_halves->itemAt(0)->widget(), Qt::AlignTop);
}

HopsPane::End HopsPane::makeEnd(int column, const QString& side)
{
    End end{new QComboBox, new QComboBox, new QComboBox};
    const std::array names{tr("%1: subscription"), tr("%1: resource group"), tr("%1: virtual machine")};
    const std::array boxes{end.subscription, end.group, end.machine};
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        boxes[i]->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        boxes[i]->setMinimumContentsLength(6);
        boxes[i]->setAccessibleName(names[i].arg(side));
        connect(boxes[i], &QComboBox::currentTextChanged, boxes[i], &QWidget::setToolTip);
        m_grid->addWidget(boxes[i], 2 + static_cast<int>(i), column);
    }
    return end;
}

void HopsPane::connectEnd(const End& end)
{
    connect(end.subscription, &QComboBox::currentIndexChanged, this, [this, end] { fillGroups(end); });
    connect(end.group, &QComboBox::currentIndexChanged, this, [this, end] { fillMachines(end); });
    connect(end.machine, &QComboBox::currentIndexChanged, this, &HopsPane::updateForm);
}

void HopsPane::reload()
{
    setLoading(true);
    m_actions.loadMachines([self = QPointer(this)](Result<QList<items::NetworkMachine>> result) {
        if (!self)
            return;
        self->setLoading(false);
        if (!result) {
            self->showError(items::errorText(result.error()), items::errorAdviceText(result.error()));
            return;
        }
        const QString source = self->m_source.machine->currentData().toString(), destination = self->m_destination.machine->currentData().toString();
        self->m_machines = *result;
        if (self->m_machines.isEmpty()) {
            self->showMessage({QStringLiteral("connectivity"), tr("No machines"), tr("Import a network inventory (ARM export or Resource Graph output) to check connections."), nullptr});
            return;
        }
        self->showContent();
        self->fillSubscriptions(self->m_source);
        self->fillSubscriptions(self->m_destination);
        self->chooseMachine(self->m_source, source);
        self->chooseMachine(self->m_destination, destination);
    });
}

void HopsPane::fillSubscriptions(const End& end)
{
    QStringList names;
    for (const items::NetworkMachine& machine : m_machines)
        if (!names.contains(machine.subscription))
            names << machine.subscription;
    end.subscription->clear();
    end.subscription->addItems(names);
    fillGroups(end);
}

void HopsPane::fillGroups(const End& end)
{
    QStringList names;
    for (const items::NetworkMachine& machine : m_machines)
        if (machine.subscription == end.subscription->currentText() && !names.contains(machine.resourceGroup))
            names << machine.resourceGroup;
    end.group->clear();
    end.group->addItems(names);
    fillMachines(end);
}

void HopsPane::fillMachines(const End& end)
{
    end.machine->clear();
    for (const items::NetworkMachine& machine : m_machines)
        if (machine.subscription == end.subscription->currentText() && machine.resourceGroup == end.group->currentText())
            end.machine->addItem(machine.name, machine.id);
    updateForm();
}

void HopsPane::chooseMachine(const End& end, const QString& id)
{
    for (const items::NetworkMachine& machine : m_machines) {
        if (id.isEmpty() || machine.id.compare(id, Qt::CaseInsensitive) != 0)
            continue;
        end.subscription->setCurrentText(machine.subscription);
        end.group->setCurrentText(machine.resourceGroup);
        end.machine->setCurrentIndex(end.machine->findData(machine.id));
    }
}

void HopsPane::setEnds(const QString& fromId, const QString& toId)
{
    chooseMachine(m_source, fromId);
    if (!toId.isEmpty()) {
        m_select->setChecked(true);
        chooseMachine(m_destination, toId);
    }
}

void HopsPane::updateForm()
{
    const bool manual = m_manual->isChecked();
    m_destination.subscription->setEnabled(!manual);
    m_destination.group->setEnabled(!manual);
    m_destination.machine->setVisible(!manual);
    m_address->setVisible(manual);
    const bool portNeeded = m_protocol->currentText() != QLatin1String("Icmp");
    m_destinationPort->setEnabled(portNeeded);
    const bool ready = m_source.machine->currentIndex() >= 0 && m_sourcePort->isValid() && (!portNeeded || m_destinationPort->isValid())
        && (manual ? m_address->isValid() : m_destination.machine->currentIndex() >= 0);
    m_check->setEnabled(ready && !isChecking());
    m_check->setToolTip(ready ? QString() : tr("Choose a source and a destination, and fill in the destination port."));
}

void HopsPane::check()
{
    if (!m_check->isEnabled())
        return;
    items::ConnectivityRequest request;
    request.sourceId = m_source.machine->currentData().toString();
    if (!m_sourcePort->text().isEmpty())
        request.sourcePort = m_sourcePort->text().toInt();
    if (m_manual->isChecked())
        request.destinationAddress = m_address->text();
    else
        request.destinationId = m_destination.machine->currentData().toString();
    request.protocol = m_protocol->currentText();
    request.destinationPort = m_destinationPort->text().toInt();
    const int run = ++m_run;
    // Set first: an answer may come before checkConnectivity returns.
    m_cancelCheck = [] {};
    setChecking(true);
    auto cancelCheck = m_actions.checkConnectivity(request, [self = QPointer(this), run](Result<items::ConnectivityResult> result) {
        if (!self || run != self->m_run)
            return;
        self->m_cancelCheck = nullptr;
        self->setChecking(false);
        self->showResult(result);
    });
    if (m_cancelCheck && run == m_run)
        m_cancelCheck = std::move(cancelCheck);
}

void HopsPane::cancel()
{
    if (!m_cancelCheck)
        return;
    ++m_run;
    std::exchange(m_cancelCheck, nullptr)();
    setChecking(false);
    showResult(fail(kCancelled));
}

void HopsPane::setChecking(bool checking)
{
    setLoading(checking);
    m_cancel->setEnabled(checking);
    updateForm();
}

QString HopsPane::statusText() const { return m_status->text(); }
QString HopsPane::latencyText() const { return m_latency->text(); }

void HopsPane::showResult(const Result<items::ConnectivityResult>& result)
{
    m_answer->show();
    const auto mark = [this](const char* icon, ThemeColor color) {
        m_statusIcon->setPixmap(theme().icon(QString::fromLatin1(icon), color).pixmap(QSize(theme().iconSize(), theme().iconSize()), devicePixelRatioF()));
    };
    m_status->setFont(theme().boldFont());
    m_table->setVisible(result.has_value());
    m_latency->setVisible(result.has_value());
    m_basis->setVisible(result.has_value() && !result->basis.isEmpty());
    if (!result) {
        mark("error", ThemeColor::Error);
        const QString advice = items::errorAdviceText(result.error());
        m_status->setText(advice.isEmpty() ? items::errorText(result.error()) : items::errorText(result.error()) + QLatin1Char('\n') + advice);
        m_model->setHops({});
        setCountText({});
        Q_EMIT pathChanged({}, true);
        return;
    }
    const bool reachable = result->status == QLatin1String("Reachable");
    const bool unreachable = result->status == QLatin1String("Unreachable");
    mark(reachable ? "tick" : unreachable ? "cross" : "unknown", reachable ? ThemeColor::Success : unreachable ? ThemeColor::Error : ThemeColor::Warning);
    m_status->setText(result->status);
    m_model->setHops(result->hops);
    fitColumns(m_table, 200);
    setCountText(tr("%n hop(s)", nullptr, static_cast<int>(result->hops.size())));
    QStringList lines;
    for (const items::Hop& hop : result->hops)
        for (const items::HopIssue& issue : hop.issues)
            lines << tr("%1: %2").arg(hop.name, items::issueText(issue));
    if (result->averageLatency || result->minimumLatency || result->maximumLatency)
        lines << tr("Average latency: %1   Minimum: %2   Maximum: %3")
                     .arg(items::latencyText(result->averageLatency), items::latencyText(result->minimumLatency), items::latencyText(result->maximumLatency));
    else
        lines << tr("Latency: %1").arg(items::latencyText(std::nullopt));
    if (result->probesSent)
        lines << tr("Probes sent: %1   failed: %2").arg(*result->probesSent).arg(result->probesFailed.value_or(0));
    m_latency->setText(lines.join(QLatin1Char('\n')));
    m_basis->setText(result->basis);
    QStringList ids;
    for (const items::Hop& hop : result->hops)
        ids << (hop.resourceId.isEmpty() ? hop.id : hop.resourceId);
    Q_EMIT pathChanged(ids, reachable);
}

} // namespace tocsin::widgets
