// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/SessionNetworkActions.h"

#include "items/InventoryTopology.h"
#include "network/Connectivity.h"

#include <cmath>

namespace tocsin::app {
namespace {

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())); }

network::Protocol protocolOf(const QString& name)
{
    return name.compare(QStringLiteral("Icmp"), Qt::CaseInsensitive) == 0 ? network::Protocol::Icmp : network::Protocol::Tcp; // HTTP and HTTPS run over TCP
}

std::optional<int> rounded(const std::optional<double>& value) { return value ? std::optional(static_cast<int>(std::lround(*value))) : std::nullopt; }

std::optional<int> narrowed(const std::optional<std::int64_t>& value) { return value ? std::optional(static_cast<int>(*value)) : std::nullopt; }

items::ConnectivityResult shown(const network::ConnectivityResult& checked)
{
    items::ConnectivityResult result;
    result.status = text(network::name(checked.status));
    result.averageLatency = rounded(checked.avgLatencyInMs);
    result.minimumLatency = rounded(checked.minLatencyInMs);
    result.maximumLatency = rounded(checked.maxLatencyInMs);
    result.probesSent = narrowed(checked.probesSent);
    result.probesFailed = narrowed(checked.probesFailed);
    bool reached = true;
    for (const network::ConnectivityHop& hop : checked.hops) {
        items::Hop row{text(hop.id), text(hop.name), text(hop.address), text(hop.type), text(hop.resourceId), {}, {}, reached};
        for (const std::string& next : hop.nextHopIds)
            row.nextHopIds.append(text(next));
        for (const network::ConnectivityIssue& issue : hop.issues) {
            QStringList context;
            for (const auto& [key, value] : issue.context)
                context.append(text(key) + QStringLiteral(": ") + text(value));
            row.issues.push_back({text(issue.origin), text(issue.severity), text(issue.type), context.join(QStringLiteral(", "))});
            if (issue.isError()) {
                row.reached = row.reached && issue.origin == "Outbound"; // the packet came here and cannot leave
                reached = false;
            }
        }
        result.hops.push_back(std::move(row));
    }
    QStringList basis;
    for (const std::string& assumption : checked.assumptions)
        basis.append(text(assumption));
    result.basis = basis.join(QStringLiteral("; "));
    return result;
}

} // namespace

void SessionNetworkActions::loadTopology(std::function<void(Result<std::shared_ptr<const items::TopologyGraph>>)> done)
{
    items::runAsync(m_session.services().executor, m_mailbox,
        [&session = m_session]() -> Result<std::shared_ptr<const items::TopologyGraph>> {
            TOCSIN_TRY_ASSIGN(const auto inventory, session.inventory());
            return std::make_shared<const items::TopologyGraph>(items::topologyOf(*inventory));
        }, std::move(done));
}

void SessionNetworkActions::loadMachines(std::function<void(Result<QList<items::NetworkMachine>>)> done)
{
    items::runAsync(m_session.services().executor, m_mailbox,
        [&session = m_session]() -> Result<QList<items::NetworkMachine>> {
            TOCSIN_TRY_ASSIGN(const auto inventory, session.inventory());
            QList<items::NetworkMachine> machines;
            for (const std::string& subscription : inventory->subscriptions())
                for (const std::string& group : inventory->resourceGroups(subscription))
                    for (const network::Index machine : inventory->machinesIn(subscription, group))
                        machines.append({text(subscription), text(group), text(inventory->machines[machine].info.name), text(inventory->machines[machine].info.id)});
            return machines;
        }, std::move(done));
}

std::function<void()> SessionNetworkActions::checkConnectivity(const items::ConnectivityRequest& request, std::function<void(Result<items::ConnectivityResult>)> done)
{
    auto stop = std::make_shared<std::stop_source>();
    items::runAsync(m_session.services().executor, m_mailbox,
        [&session = m_session, request, stop]() -> Result<items::ConnectivityResult> {
            TOCSIN_TRY_ASSIGN(const auto inventory, session.inventory());
            network::ConnectivityRequest question;
            question.source.machine = request.sourceId.toStdString();
            if (request.sourcePort)
                question.source.port = static_cast<std::uint16_t>(*request.sourcePort);
            question.destination.machine = request.destinationId.toStdString();
            question.destination.address = request.destinationAddress.toStdString();
            question.protocol = protocolOf(request.protocol);
            if (question.protocol != network::Protocol::Icmp)
                question.destination.port = static_cast<std::uint16_t>(request.destinationPort);
            if (stop->stop_requested())
                return fail(kCancelled);
            TOCSIN_TRY_ASSIGN(const network::ConnectivityResult checked, network::checkConnectivity(*inventory, question));
            if (stop->stop_requested())
                return fail(kCancelled);
            return shown(checked);
        }, std::move(done));
    return [stop] { stop->request_stop(); };
}

} // namespace tocsin::app
