// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/WindowsEventRows.h"

#include "ingest/readers/evtx/WindowsIdentity.h"
#include "ingest/readers/evtx/WindowsSchemas.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace tocsin::ingest {

WindowsEventRows::WindowsEventRows(const ReadOptions&)
    : m_rows(windowsEventSchema()),
      m_column{at("TimeGenerated"), at("Type"), at("SourceSystem"), at("Provider"), at("Channel"), at("Computer"), at("EventID"), at("EventLevel"),
               at("EventLevelName"), at("Task"), at("Opcode"), at("Keywords"), at("Version"), at("EventRecordId"), at("SystemProcessId"),
               at("SystemThreadId"), at("SystemUserId"), at("Correlation"), at("EventOriginId"), at("EventData")}
{
}

void WindowsEventRows::add(const EvtxEvent& event)
{
    m_rows.dateTime(m_column.timeGenerated, event.time);
    m_rows.text(m_column.type, "WindowsEvent");
    m_rows.text(m_column.sourceSystem, "OpsManager");
    m_rows.text(m_column.provider, event.provider);
    m_rows.text(m_column.channel, event.channel);
    m_rows.text(m_column.computer, event.computer);
    m_rows.integer(m_column.eventId, static_cast<std::int32_t>(event.eventId));
    m_rows.integer(m_column.eventLevel, event.level);
    m_rows.text(m_column.eventLevelName, event.rendering.level.empty() ? levelName(event.level.value_or(-1)) : event.rendering.level);
    m_rows.integer(m_column.task, event.task);
    if (event.opcode)
        m_rows.text(m_column.opcode, std::to_string(*event.opcode));
    m_rows.text(m_column.keywords, event.keywords);
    m_rows.integer(m_column.version, event.version);
    m_rows.text(m_column.eventRecordId, std::to_string(event.recordId));
    if (event.processId && *event.processId <= INT32_MAX)
        m_rows.integer(m_column.systemProcessId, static_cast<std::int32_t>(*event.processId));
    if (event.threadId && *event.threadId <= INT32_MAX)
        m_rows.integer(m_column.systemThreadId, static_cast<std::int32_t>(*event.threadId));
    m_rows.text(m_column.systemUserId, event.userSid);
    m_rows.text(m_column.correlation, event.activityId);
    m_rows.text(m_column.eventOriginId, formatGuid(originGuid(event)));
    data(event);
    m_rows.endRow();
}

void WindowsEventRows::data(const EvtxEvent& event)
{
    // Equal names side by side, in the order of their first: a repeated name becomes an array. Unnamed values always are one.
    m_order.resize(event.fields.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return event.fields[a].name < event.fields[b].name; });
    std::vector<std::pair<std::size_t, std::size_t>> groups; // start in m_order and length
    for (std::size_t i = 0; i < m_order.size();) {
        std::size_t end = i + 1;
        while (end < m_order.size() && event.fields[m_order[end]].name == event.fields[m_order[i]].name)
            ++end;
        groups.emplace_back(i, end - i);
        i = end;
    }
    std::sort(groups.begin(), groups.end(), [&](const auto& a, const auto& b) { return m_order[a.first] < m_order[b.first]; });
    m_builder.beginObject();
    for (const auto& [start, count] : groups) {
        const EvtxField& first = event.fields[m_order[start]];
        m_builder.key(first.name);
        if (count == 1 && first.named) {
            m_builder.string(first.text);
            continue;
        }
        m_builder.beginArray();
        for (std::size_t i = start; i < start + count; ++i)
            m_builder.string(event.fields[m_order[i]].text);
        m_builder.endArray();
    }
    m_builder.endObject();
    m_rows.dynamic(m_column.eventData, m_builder.take());
}

} // namespace tocsin::ingest
