// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/FlowLogMapper.h"

#include "ingest/Errors.h"

namespace tocsin::ingest {

namespace {

/// The items of an array member; nothing if there is no such array.
template <typename Container>
std::optional<simdjson::dom::array> items(Container value, std::string_view name)
{
    simdjson::dom::array array;
    const auto found = member(value, name);
    if (!found || found->get(array) != simdjson::SUCCESS)
        return {};
    return array;
}

catalog::TableSchema makeTupleSchema()
{
    catalog::TableSchema schema;
    schema.name = "FlowTuples_CL";
    schema.description = "Single flow tuples of security group and virtual network flow logs.";
    const auto add = [&](DataType type, std::initializer_list<const char*> names) {
        for (const char* name : names)
            schema.columns.push_back({name, type, {}});
    };
    add(DataType::DateTime, {"TimeGenerated"});
    add(DataType::Int, {"FlowLogVersion"});
    add(DataType::String, {"ResourceId", "MacAddress", "AclId", "Rule", "SrcIp"});
    add(DataType::Int, {"SrcPort"});
    add(DataType::String, {"DestIp"});
    add(DataType::Int, {"DestPort"});
    add(DataType::String, {"Protocol", "FlowDirection", "FlowStatus", "FlowState", "FlowEncryption"});
    add(DataType::Long, {"PacketsSrcToDest", "BytesSrcToDest", "PacketsDestToSrc", "BytesDestToSrc"});
    add(DataType::String, {"SourceSystem", "_ResourceId", "_SubscriptionId", "Type"});
    return schema;
}

TableBuilder& tupleTable(RowSet& rows)
{
    return rows.table(flowTupleSchema());
}

} // namespace

const catalog::TableSchema& flowTupleSchema()
{
    static const catalog::TableSchema kSchema = makeTupleSchema();
    return kSchema;
}

bool FlowLogMapper::claims(const AzureRecord& record) const
{
    if (m_kind == Kind::VirtualNetwork)
        return record.has(AzureKey::FlowRecords) || record.text(AzureKey::Category) == "FlowLogFlowEvent";
    return record.text(AzureKey::Category) == "NetworkSecurityGroupFlowEvent";
}

Result<void> FlowLogMapper::map(const AzureRecord& record, RowSet& rows)
{
    FlowTuple common;
    common.mac = memberText(record.object, "macAddress");
    m_recordCounted = false;
    if (m_kind == Kind::VirtualNetwork) {
        if (!record.has(AzureKey::FlowRecords))
            return fail(kMissingField, "flowRecords");
        mapVirtualNetwork(record, rows, common);
    } else {
        if (!record.properties)
            return fail(kMissingField, "properties");
        mapSecurityGroup(record, rows, common);
    }
    if (!m_recordCounted)
        rows.countRecord(tupleTable(rows));
    return {};
}

void FlowLogMapper::mapSecurityGroup(const AzureRecord& record, RowSet& rows, FlowTuple tuple)
{
    const JsonObject properties(*record.properties);
    std::int64_t version = 1;
    if (const auto value = member(properties, "Version"))
        if (value->get(version) != simdjson::SUCCESS)
            version = 1;
    tuple.version = static_cast<int>(version);
    tuple.resourceId = record.resourceId();
    const auto rules = items(properties, "flows");
    if (!rules)
        return;
    for (const JsonElement rule : *rules) {
        tuple.rule = memberText(rule, "rule");
        const auto flows = items(rule, "flows");
        if (!flows)
            continue;
        for (const JsonElement flow : *flows) {
            if (const std::string_view mac = memberText(flow, "mac"); !mac.empty())
                tuple.mac = mac;
            if (const auto tuples = member(flow, "flowTuples"))
                mapTuples(*tuples, record, rows, tuple);
        }
    }
}

void FlowLogMapper::mapVirtualNetwork(const AzureRecord& record, RowSet& rows, FlowTuple tuple)
{
    tuple.version = 4;
    tuple.resourceId = memberText(record.object, "targetResourceID");
    if (tuple.resourceId.empty())
        tuple.resourceId = record.text(AzureKey::FlowLogResourceId);
    const auto acls = items(*record.at(AzureKey::FlowRecords), "flows");
    if (!acls)
        return;
    for (const JsonElement acl : *acls) {
        tuple.acl = memberText(acl, "aclID");
        const auto groups = items(acl, "flowGroups");
        if (!groups)
            continue;
        for (const JsonElement group : *groups) {
            tuple.rule = memberText(group, "rule");
            if (const auto tuples = member(group, "flowTuples"))
                mapTuples(*tuples, record, rows, tuple);
        }
    }
}

void FlowLogMapper::mapTuples(JsonElement tuples, const AzureRecord& record, RowSet& rows, FlowTuple& tuple)
{
    simdjson::dom::array array;
    if (tuples.get(array) != simdjson::SUCCESS)
        return;
    for (const JsonElement item : array) {
        std::string_view text;
        const char* wrong = "no text";
        if (item.get(text) == simdjson::SUCCESS)
            wrong = m_kind == Kind::VirtualNetwork ? parseVirtualNetworkTuple(text, tuple) : parseSecurityGroupTuple(text, tuple);
        if (wrong) {
            rows.sink().reject({record.offset, record.line, makeError(kBadFlowTuple, wrong)});
            continue;
        }
        writeTuple(tuple, rows);
        m_sums.add(tuple);
    }
}

void FlowLogMapper::writeTuple(const FlowTuple& tuple, RowSet& rows)
{
    TableBuilder& table = tupleTable(rows);
    const auto letter = [&](std::string_view column, const char& value) {
        if (value)
            table.text(column, std::string_view(&value, 1));
    };
    const auto count = [&](std::string_view column, std::optional<std::int64_t> value) {
        if (value)
            table.number(column, *value);
    };
    table.number("FlowLogVersion", tuple.version);
    table.text("ResourceId", tuple.resourceId);
    table.text("MacAddress", tuple.mac);
    table.text("AclId", tuple.acl);
    table.text("Rule", tuple.rule);
    table.text("SrcIp", tuple.sourceIp);
    table.text("DestIp", tuple.destinationIp);
    table.number("SrcPort", tuple.sourcePort);
    table.number("DestPort", tuple.destinationPort);
    table.text("Protocol", tuple.protocol);
    letter("FlowDirection", tuple.direction);
    letter("FlowStatus", tuple.status);
    letter("FlowState", tuple.state);
    table.text("FlowEncryption", tuple.encryption);
    count("PacketsSrcToDest", tuple.packetsOut);
    count("BytesSrcToDest", tuple.bytesOut);
    count("PacketsDestToSrc", tuple.packetsIn);
    count("BytesDestToSrc", tuple.bytesIn);
    rows.endRow(table, {tuple.time, "Azure", tuple.resourceId, 0}, m_recordCounted ? 0 : 1);
    m_recordCounted = true;
}

} // namespace tocsin::ingest
