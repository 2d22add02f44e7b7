// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/EvtxView.h"

#include <charconv>

namespace tocsin::detect::sigma {
namespace {

template <typename Number>
std::string_view print(std::array<char, 24>& buffer, Number number)
{
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data())};
}

} // namespace

const EventView& EvtxView::show(const ingest::EvtxEvent& event)
{
    m_view.clear();
    m_view.product = "windows";
    m_view.channel = event.channel;
    m_view.provider = event.provider;
    m_view.eventId = event.eventId;
    m_view.message = event.rendering.message;
    auto& fields = m_view.fields;
    fields.push_back({"EventID", print(m_eventId, event.eventId)});
    fields.push_back({"Provider_Name", event.provider});
    fields.push_back({"Channel", event.channel});
    fields.push_back({"Computer", event.computer});
    fields.push_back({"ComputerName", event.computer});
    fields.push_back({"EventRecordID", print(m_recordId, event.recordId)});
    if (event.level)
        fields.push_back({"Level", print(m_level, *event.level)});
    if (event.task)
        fields.push_back({"Task", print(m_task, *event.task)});
    if (!event.keywords.empty())
        fields.push_back({"Keywords", event.keywords});
    if (!event.userSid.empty())
        fields.push_back({"UserID", event.userSid});
    for (const ingest::EvtxField& field : event.fields)
        fields.push_back({field.name, field.text});
    return m_view;
}

} // namespace tocsin::detect::sigma
