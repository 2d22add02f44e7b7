// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/FlowTuple.h"
#include "ingest/readers/TableRows.h"

#include <map>
#include <string>

namespace tocsin::ingest {

/// Sums tuples as Traffic Analytics does: by source, destination, destination port, rule, direction, protocol and decision in each
/// hour; the source port is left out. See Microsoft's "Schema and data aggregation in Azure Network Watcher traffic analytics".
class FlowSums {
public:
    enum class Target { NetworkAnalytics, NetAnalytics }; ///< AzureNetworkAnalytics_CL, NTANetAnalytics
    explicit FlowSums(Target target) : m_target(target) {}

    void add(const FlowTuple& tuple);
    /// One row a sum; the sums are gone afterwards.
    void write(RowSet& rows);

private:
    struct Sum {
        std::string resourceId, mac, acl, rule, sourceIp, destinationIp, protocol, encryption;
        std::int64_t destinationPort = 0;
        char direction = 0;
        char status = 0;
        Ticks hour = 0;
        Ticks first = 0;
        Ticks last = 0;
        std::int64_t begun = 0;
        std::int64_t completed = 0;
        std::int64_t packetsOut = 0;
        std::int64_t bytesOut = 0;
        std::int64_t packetsIn = 0;
        std::int64_t bytesIn = 0;
    };
    void writeRow(const Sum& sum, TableBuilder& table, RowSet& rows) const;
    void writeNumbers(const Sum& sum, TableBuilder& table) const;
    void writePublicSide(const Sum& sum, TableBuilder& table) const;
    /// The column's name in the target table: with the suffix of its type in the older one.
    std::string column(std::string_view name, std::string_view suffix) const;

    Target m_target;
    std::map<std::string, Sum> m_sums;
    std::string m_key;
};

/// The application protocol that Traffic Analytics derives from a well-known port; "Unknown" for others.
std::string_view applicationOfPort(std::int64_t port);

} // namespace tocsin::ingest
