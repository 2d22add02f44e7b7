// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EventRows.h"

#include "base/Utf8.h"
#include "ingest/readers/evtx/EventDataText.h"
#include "ingest/readers/evtx/SecurityActivities.h"
#include "ingest/readers/evtx/WindowsIdentity.h"
#include "ingest/readers/evtx/WindowsSchemas.h"

namespace tocsin::ingest {

namespace {

/// `2021-08-02T09:05:33.4847965+00:00`
std::string offsetTime(Ticks time)
{
    std::string text = formatDateTime(time);
    text.pop_back();
    text += "+00:00";
    return text;
}

/// The event types of the old event log API, which the table uses instead of levels.
std::pair<std::int32_t, std::string_view> legacyType(const EvtxEvent& event)
{
    if (event.keywordBits & kAuditSuccess)
        return {8, "Audit Success"};
    if (event.keywordBits & kAuditFailure)
        return {16, "Audit Failure"};
    switch (event.level.value_or(0)) {
    case 1: case 2: return {1, "Error"};
    case 3: return {2, "Warning"};
    default: return {4, "Information"};
    }
}

} // namespace

EventRows::EventRows(const ReadOptions& options)
    : m_importTime(options.importTime), m_dataTime(offsetTime(options.importTime)), m_rows(eventSchema()),
      m_column{at("TimeGenerated"), at("TimeCollected"), at("Type"), at("SourceSystem"), at("Computer"), at("Source"), at("EventLog"), at("EventID"),
               at("EventCategory"), at("EventLevel"), at("EventLevelName"), at("UserName"), at("MG"), at("EventData"), at("ParameterXml"),
               at("RenderedDescription")}
{
}

void EventRows::add(const EvtxEvent& event)
{
    m_rows.dateTime(m_column.timeGenerated, event.time);
    m_rows.dateTime(m_column.timeCollected, m_importTime);
    m_rows.text(m_column.type, "Event");
    m_rows.text(m_column.sourceSystem, "OpsManager");
    m_rows.text(m_column.computer, event.computer);
    m_rows.text(m_column.source, event.eventSourceName.empty() ? event.provider : event.eventSourceName);
    m_rows.text(m_column.eventLog, event.channel);
    m_rows.integer(m_column.eventId, static_cast<std::int32_t>(event.eventId));
    m_rows.integer(m_column.eventCategory, event.task);
    m_rows.text(m_column.userName, event.userSid.empty() ? "N/A" : accountOfSid(event.userSid));
    m_rows.guid(m_column.mg, kManagementGroup);
    level(event);
    data(event);
    description(event);
    m_rows.endRow();
}

void EventRows::level(const EvtxEvent& event)
{
    const auto [type, name] = legacyType(event);
    m_rows.integer(m_column.eventLevel, type);
    m_rows.text(m_column.eventLevelName, name);
}

void EventRows::data(const EvtxEvent& event)
{
    m_scratch = "<DataItem type=\"System.XmlData\" time=\"";
    m_scratch += m_dataTime;
    m_scratch += "\" sourceHealthServiceId=\"";
    for (const char c : formatGuid(computerGuid(event.computer)))
        m_scratch += c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    m_scratch += "\">";
    appendEventDataXml(m_scratch, event, XmlLayout::OneLine);
    m_scratch += "</DataItem>";
    m_rows.text(m_column.eventData, m_scratch);

    m_scratch.clear();
    for (const EvtxField& field : event.fields) {
        m_scratch += "<Param>";
        // Texts of several lines come wrapped, so that collectors keep their line ends. A text that holds a section's end is escaped.
        if (field.text.find_first_of("\r\n") != std::string_view::npos && field.text.find("]]>") == std::string_view::npos) {
            m_scratch += "<![CDATA[";
            m_scratch += field.text;
            m_scratch += "]]>";
        } else {
            appendXmlEscaped(m_scratch, field.text, false);
        }
        m_scratch += "</Param>";
    }
    m_rows.text(m_column.parameterXml, m_scratch);
}

void EventRows::description(const EvtxEvent& event)
{
    if (!event.rendering.message.empty()) {
        m_rows.text(m_column.renderedDescription, event.rendering.message);
        return;
    }
    // A log does not carry the message files of its providers: the title where it is known, and the values by name.
    const std::string_view title = eventTitle(event.provider, event.eventId);
    if (title.empty() && event.fields.size() == 1) {
        m_rows.text(m_column.renderedDescription, event.fields[0].text);
        return;
    }
    m_scratch = title;
    if (!title.empty() && !title.ends_with('.'))
        m_scratch += ':';
    for (const EvtxField& field : event.fields) {
        if (!m_scratch.empty())
            m_scratch += field.named || event.fields.size() > 1 ? "\r\n" : " ";
        if (field.named) {
            m_scratch += field.name;
            m_scratch += ": ";
        }
        m_scratch += field.text;
    }
    m_rows.text(m_column.renderedDescription, m_scratch);
}

} // namespace tocsin::ingest
