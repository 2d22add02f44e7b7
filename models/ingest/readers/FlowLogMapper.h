// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"
#include "ingest/readers/FlowSums.h"

namespace tocsin::ingest {

/// The table of single tuples, which no published column list has.
const catalog::TableSchema& flowTupleSchema();

/// Flow logs of network security groups (version 1 and 2) and of virtual networks (version 4), after Microsoft's format pages. Every
/// tuple becomes a row of FlowTuples_CL; the sums of an hour become rows of AzureNetworkAnalytics_CL or NTANetAnalytics.
class FlowLogMapper final : public RecordMapper {
public:
    enum class Kind { SecurityGroup, VirtualNetwork };
    explicit FlowLogMapper(Kind kind) : m_kind(kind), m_sums(kind == Kind::SecurityGroup ? FlowSums::Target::NetworkAnalytics : FlowSums::Target::NetAnalytics) {}

    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;
    void finish(RowSet& rows) override { m_sums.write(rows); }

private:
    void mapSecurityGroup(const AzureRecord& record, RowSet& rows, FlowTuple common);
    void mapVirtualNetwork(const AzureRecord& record, RowSet& rows, FlowTuple common);
    void mapTuples(JsonElement tuples, const AzureRecord& record, RowSet& rows, FlowTuple& tuple);
    void writeTuple(const FlowTuple& tuple, RowSet& rows);

    Kind m_kind;
    FlowSums m_sums;
    bool m_recordCounted = false;
};

} // namespace tocsin::ingest
