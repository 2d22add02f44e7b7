// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/PathTrace.h"

#include <optional>
#include <string>
#include <vector>

namespace tocsin::network {

/// One end of a check as the user gives it: a resource of the inventory, or an address, host name or URI.
struct ConnectivityEndpoint {
    std::string machine;   ///< name or id of a virtual machine; its primary interface is meant
    std::string interface; ///< name or id of a network interface
    std::string resource;  ///< id of either, as the public API has it
    std::string address;   ///< IP address, FQDN or URI
    std::optional<std::uint16_t> port; ///< may be empty for the source: then any ephemeral port
};

struct ConnectivityRequest {
    ConnectivityEndpoint source;
    ConnectivityEndpoint destination;
    Protocol protocol = Protocol::Tcp;
};

enum class ConnectionStatus { Unknown, Reachable, Unreachable };

/// `Reachable`, `Unreachable`, `Unknown`, as the documentation and the portal say.
std::string_view name(ConnectionStatus status);

struct ConnectivityHop {
    std::string type;
    std::string id; ///< a guid, the same for the same request
    std::string name;
    std::string address;
    std::string resourceId;
    std::vector<std::string> nextHopIds;
    std::vector<std::string> previousHopIds;
    std::vector<ConnectivityIssue> issues;
};

/// Fields of the public REST answer. Latencies and probe counts are those of a measurement in the inventory; without one they are absent.
struct ConnectivityResult {
    ConnectionStatus status = ConnectionStatus::Unknown;
    std::optional<double> avgLatencyInMs, minLatencyInMs, maxLatencyInMs;
    std::optional<std::int64_t> probesSent, probesFailed;
    std::vector<ConnectivityHop> hops;
    std::vector<std::string> assumptions;

    /// The hop and issue that stop the packet, or nullptr.
    struct Failure {
        const ConnectivityHop* hop = nullptr;
        const ConnectivityIssue* issue = nullptr;
    };
    Failure failure() const;
};

/// Models the check hop by hop. Errors: kUnknownResource, kAmbiguousResource, kBadQuestion. A name that cannot be resolved is an
/// issue (DnsResolution) of the result, not an error.
Result<ConnectivityResult> checkConnectivity(const Inventory& inventory, const ConnectivityRequest& request);

/// Every destination port that gets through, exactly.
struct PortReach {
    PortSet reachable;
    PortSet unknown; ///< hang on service tags whose addresses are not in the inventory
    std::vector<std::string> assumptions;
};
Result<PortReach> reachablePorts(const Inventory& inventory, const ConnectivityRequest& request);

/// The ends of a request in the inventory. `unresolved` takes a host name nothing in the inventory knows.
Result<PathQuestion> resolveRequest(const Inventory& inventory, const ConnectivityRequest& request, std::string* unresolved);

} // namespace tocsin::network
