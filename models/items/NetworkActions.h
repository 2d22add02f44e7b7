// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "items/TopologyGraph.h"

#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace tocsin::items {

/// A machine that a connectivity check can start from or go to.
struct NetworkMachine {
    QString subscription;
    QString resourceGroup;
    QString name;
    QString id;
};

struct ConnectivityRequest {
    QString sourceId;                ///< NetworkMachine::id
    std::optional<int> sourcePort;
    QString destinationId;           ///< a machine, or empty
    QString destinationAddress;      ///< address or name when no machine is chosen
    int destinationPort = 0;         ///< not read for Icmp
    QString protocol;                ///< Tcp, Http, Https or Icmp
};

struct HopIssue {
    QString origin;   ///< Local, Inbound, Outbound
    QString severity; ///< Error, Warning
    QString type;     ///< NetworkSecurityRule, UserDefinedRoute, …
    QString context;  ///< the deciding rule or route
};

struct Hop {
    QString id;
    QString name;
    QString address;
    QString type; ///< Source, VirtualAppliance, VirtualMachine, Internet, …
    QString resourceId;
    QStringList nextHopIds;
    std::vector<HopIssue> issues;
    bool reached = true;
};

struct ConnectivityResult {
    QString status; ///< Reachable, Unreachable, Unknown, …
    std::optional<int> averageLatency, minimumLatency, maximumLatency; ///< milliseconds; absent when not measured
    std::optional<int> probesSent, probesFailed;
    std::vector<Hop> hops;
    QString basis; ///< what the answer rests on, e.g. computed from configuration; may be empty
};

/// Network questions, answered off the window's thread; `done` is called in the caller's thread, exactly once.
class NetworkActions {
public:
    virtual ~NetworkActions() = default;
    virtual void loadTopology(std::function<void(Result<std::shared_ptr<const TopologyGraph>>)> done) = 0;
    virtual void loadMachines(std::function<void(Result<QList<NetworkMachine>>)> done) = 0;
    /// Returns a function that cancels: `done` then gets kCancelled soon.
    virtual std::function<void()> checkConnectivity(const ConnectivityRequest& request, std::function<void(Result<ConnectivityResult>)> done) = 0;
};

} // namespace tocsin::items
