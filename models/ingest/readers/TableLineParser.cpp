// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TableLineParser.h"

#include "base/Utf8.h"
#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/json/JsonWalker.h"

#include <algorithm>

namespace tocsin::ingest {

bool mayHoldRecords(std::string_view firstKey, JsonElement firstValue)
{
    if (!mayHoldRecords(firstKey))
        return false;
    std::string_view text;
    const bool typed = firstKey == "type" || firstKey == "id";
    return !typed || firstValue.get(text) != simdjson::SUCCESS || text.starts_with("bundle");
}

TableLineParser::TableLineParser(const SchemaLibrary& schemas, const ReadOptions& options)
    : m_rows(schemas, options, m_made), m_record(azureKeys()), m_mapper(schemas, options.table.value_or(""))
{
}

bool TableLineParser::parse(std::string_view record, Output& out)
{
    const auto object = m_parser.parse(record);
    if (!object || !m_parser.mended().empty())
        return false;
    m_members.clear();
    for (const auto field : *object)
        m_members.push_back({field.key, field.value});
    Plan* const plan = planFor(*object, record.size());
    if (!plan)
        return false;
    std::string_view timeText;
    if (m_members[plan->time].value.get(timeText) != simdjson::SUCCESS)
        return false;
    const auto time = m_rows.times().read(timeText);
    if (!time)
        return false;
    TableBuilder& table = *plan->table;
    table.setTime(plan->timeColumn, *time);
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const JsonElement value = m_members[i].value;
        PlannedMember& member = plan->members[i];
        if (i == plan->time || value.is_null() || (member.folded && table.isSet(member.column)))
            continue;
        if (!member.published)
            member.column = m_mapper.columnFor(table, member.key, value); // its type may be another one this time
        setJson(table, member.column, value);
    }
    m_rows.endRow(table, {*time, {}, {}, record.size()}, 1);
    out.last = plan->schema;
    return true;
}

TableLineParser::Plan* TableLineParser::planFor(JsonObject object, std::size_t bytes)
{
    if (m_last && fits(*m_last))
        return m_last;
    for (const auto& plan : m_plans)
        if (fits(*plan))
            return m_last = plan.get();
    if (m_plans.size() == kMostPlans)
        m_plans.erase(m_plans.begin());
    m_last = nullptr;
    std::unique_ptr<Plan> made = makePlan(object, bytes);
    if (!made)
        return nullptr;
    m_plans.push_back(std::move(made));
    return m_last = m_plans.back().get();
}

bool TableLineParser::fits(const Plan& plan) const
{
    const bool same = std::ranges::equal(plan.members, m_members, [](const PlannedMember& planned, const Member& member) { return planned.key == member.key; });
    if (!same || plan.type == kNone)
        return same;
    std::string_view type;
    return m_members[plan.type].value.get(type) == simdjson::SUCCESS && type == plan.schema->name;
}

std::unique_ptr<TableLineParser::Plan> TableLineParser::makePlan(JsonObject object, std::size_t bytes)
{
    if (m_members.empty() || mayHoldRecords(m_members[0].key, m_members[0].value))
        return nullptr;
    m_record.object = object;
    m_record.bytes = bytes;
    m_record.members.read(object);
    if (!m_record.has(AzureKey::TimeGenerated) || !m_mapper.claims(m_record))
        return nullptr;
    auto plan = std::make_unique<Plan>();
    plan->schema = m_mapper.tableOf(m_record);
    plan->table = &m_rows.table(plan->schema->name);
    plan->timeColumn = *plan->table->find("TimeGenerated");
    plan->time = kNone;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const std::string_view key = m_members[i].key;
        const std::string_view name = exportColumnName(key);
        const auto known = plan->table->findFolded(name);
        const bool published = known && *known < plan->schema->columns.size();
        plan->members.push_back({std::string(key), published ? *known : 0, published, published && plan->schema->columns[*known].name != name});
        if (published && *known == plan->timeColumn && plan->time == kNone)
            plan->time = i;
        if (plan->type == kNone && equalsIgnoringCase(key, "Type"))
            plan->type = i;
    }
    if (plan->time == kNone || (plan->type != kNone && !fits(*plan)))
        return nullptr;
    return plan;
}

void TableLineParser::endChunk(Output& out)
{
    static_cast<void>(m_rows.flush()); // the collector refuses nothing
    out.parts = std::exchange(m_made.parts, {});
}

} // namespace tocsin::ingest
