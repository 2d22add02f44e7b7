// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EvtxEvent.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tocsin::ingest {

namespace {

template <typename Number>
std::optional<Number> number(std::string_view text)
{
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    }
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// Names in a tape may carry a namespace prefix; the parts of an event go by the rest.
std::string_view localName(std::string_view name)
{
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

} // namespace

template <typename Visitor>
void EvtxEventBuilder::eachChild(std::size_t element, Visitor&& visit) const
{
    for (std::size_t i = element + 1; i < m_tape[element].close; ++i) {
        if (m_tape[i].kind != XmlKind::Open)
            continue;
        visit(i, localName(m_tape[i].name));
        i = m_tape[i].close;
    }
}

std::string_view EvtxEventBuilder::content(std::size_t element)
{
    std::string_view first;
    std::size_t parts = 0;
    std::size_t size = 0;
    const std::size_t end = m_tape[element].close;
    const auto isText = [&](std::size_t i) { return m_tape[i].kind == XmlKind::Text || m_tape[i].kind == XmlKind::CData; };
    for (std::size_t i = element + 1; i < end; ++i) {
        if (!isText(i))
            continue;
        if (parts++ == 0)
            first = m_tape[i].text;
        size += m_tape[i].text.size();
    }
    if (parts < 2)
        return first;
    char* const room = m_text->reserve(size);
    if (!room)
        return first;
    char* at = room;
    for (std::size_t i = element + 1; i < end; ++i) {
        if (isText(i) && !m_tape[i].text.empty()) {
            std::memcpy(at, m_tape[i].text.data(), m_tape[i].text.size());
            at += m_tape[i].text.size();
        }
    }
    return m_text->commit(size);
}

std::string_view EvtxEventBuilder::attribute(std::size_t element, std::string_view name) const
{
    for (std::size_t i = element + 1; m_tape[i].kind == XmlKind::Attribute; ++i) {
        if (m_tape[i].name == name)
            return m_tape[i].text;
    }
    return {};
}

bool EvtxEventBuilder::hasChildElements(std::size_t element) const
{
    for (std::size_t i = element + 1; i < m_tape[element].close; ++i) {
        if (m_tape[i].kind == XmlKind::Open)
            return true;
    }
    return false;
}

bool EvtxEventBuilder::build(std::span<const XmlToken> tape, TextArena& text, EvtxEvent& event)
{
    m_tape = tape;
    m_text = &text;
    m_fields.clear();
    std::size_t root = 0;
    while (root < tape.size() && tape[root].kind != XmlKind::Open)
        ++root;
    if (root == tape.size() || localName(tape[root].name) != "Event")
        return false;
    bool hasSystem = false;
    event.tape = tape;
    eachChild(root, [&](std::size_t child, std::string_view name) {
        if (name == "System") {
            hasSystem = true;
            system(child, event);
        } else if (name == "EventData" || name == "BinaryEventData") {
            event.kind = EvtxEvent::Data::EventData;
            event.dataElement = child;
            eventData(child);
        } else if (name == "UserData" || name == "ProcessingErrorData") {
            event.kind = name == "UserData" ? EvtxEvent::Data::UserData : EvtxEvent::Data::ProcessingErrorData;
            event.dataElement = child;
            leaves(child);
        } else if (name == "RenderingInfo") {
            rendering(child, event);
        }
    });
    event.fields = m_fields;
    return hasSystem;
}

void EvtxEventBuilder::system(std::size_t element, EvtxEvent& event)
{
    eachChild(element, [&](std::size_t child, std::string_view name) {
        if (name == "Provider") {
            event.provider = attribute(child, "Name");
            event.providerGuid = attribute(child, "Guid");
            event.eventSourceName = attribute(child, "EventSourceName");
        } else if (name == "EventID") {
            event.eventId = number<std::uint32_t>(content(child)).value_or(0) & 0xFFFF;
            event.qualifiers = number<std::uint32_t>(attribute(child, "Qualifiers"));
        } else if (name == "Version") {
            event.version = number<std::int32_t>(content(child));
        } else if (name == "Level") {
            event.level = number<std::int32_t>(content(child));
        } else if (name == "Task") {
            event.task = number<std::int32_t>(content(child));
        } else if (name == "Opcode") {
            event.opcode = number<std::int32_t>(content(child));
        } else if (name == "Keywords") {
            event.keywords = content(child);
            event.keywordBits = number<std::uint64_t>(event.keywords).value_or(0);
        } else if (name == "TimeCreated") {
            if (const auto time = parseIsoDateTime(attribute(child, "SystemTime")))
                event.time = *time;
        } else if (name == "EventRecordID") {
            if (const auto id = number<std::uint64_t>(content(child)))
                event.recordId = *id;
        } else if (name == "Correlation") {
            event.activityId = attribute(child, "ActivityID");
            event.relatedActivityId = attribute(child, "RelatedActivityID");
        } else if (name == "Execution") {
            event.processId = number<std::int64_t>(attribute(child, "ProcessID"));
            event.threadId = number<std::int64_t>(attribute(child, "ThreadID"));
        } else if (name == "Channel") {
            event.channel = content(child);
        } else if (name == "Computer") {
            event.computer = content(child);
        } else if (name == "Security") {
            event.userSid = attribute(child, "UserID");
        }
    });
}

void EvtxEventBuilder::eventData(std::size_t element)
{
    eachChild(element, [&](std::size_t child, std::string_view name) {
        const std::string_view given = attribute(child, "Name");
        m_fields.push_back({given.empty() ? name : given, content(child), !given.empty() || name != "Data"});
    });
    if (!hasChildElements(element)) {
        if (const std::string_view text = content(element); !text.empty())
            m_fields.push_back({"Data", text, false});
    }
}

void EvtxEventBuilder::leaves(std::size_t element)
{
    const std::size_t end = m_tape[element].close;
    for (std::size_t i = element + 1; i < end; ++i) {
        if (m_tape[i].kind == XmlKind::Open && !hasChildElements(i)) {
            const std::string_view given = attribute(i, "Name");
            m_fields.push_back({given.empty() ? localName(m_tape[i].name) : given, content(i), true});
        }
    }
}

std::string_view EvtxEventBuilder::joinedChildren(std::size_t element)
{
    std::string_view joined;
    eachChild(element, [&](std::size_t child, std::string_view) {
        const std::string_view text = content(child);
        if (joined.empty()) {
            joined = text;
            return;
        }
        const std::size_t size = joined.size() + 1 + text.size();
        char* const room = m_text->reserve(size);
        if (!room)
            return;
        std::memcpy(room, joined.data(), joined.size());
        room[joined.size()] = ' ';
        std::copy(text.begin(), text.end(), room + joined.size() + 1);
        joined = m_text->commit(size);
    });
    return joined;
}

void EvtxEventBuilder::rendering(std::size_t element, EvtxEvent& event)
{
    EvtxRendering& to = event.rendering;
    to.culture = attribute(element, "Culture");
    eachChild(element, [&](std::size_t child, std::string_view name) {
        if (name == "Message")
            to.message = content(child);
        else if (name == "Level")
            to.level = content(child);
        else if (name == "Task")
            to.task = content(child);
        else if (name == "Opcode")
            to.opcode = content(child);
        else if (name == "Channel")
            to.channel = content(child);
        else if (name == "Provider")
            to.provider = content(child);
        else if (name == "Keywords")
            to.keywords = joinedChildren(child);
    });
}

} // namespace tocsin::ingest
