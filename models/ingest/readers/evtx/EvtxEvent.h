// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"
#include "ingest/readers/evtx/XmlTape.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tocsin::ingest {

/// One value of an event's data. Unnamed `<Data>` is called `Data`; in UserData the leaves go by their element's name.
struct EvtxField {
    std::string_view name;
    std::string_view text; ///< unescaped
    bool named = true;     ///< false: `<Data>` without a Name
};

/// What a collector added to a forwarded event: its texts in the language of `culture`.
struct EvtxRendering {
    std::string_view culture;
    std::string_view message;
    std::string_view level;
    std::string_view task;
    std::string_view opcode;
    std::string_view channel;
    std::string_view provider;
    std::string_view keywords; ///< several are joined by a blank
};

/// One Windows event. All text and spans live as long as the call that hands the event over. Absent text is empty.
struct EvtxEvent {
    enum class Data { None, EventData, UserData, ProcessingErrorData };

    std::uint64_t offset = 0;   ///< of the record in the file
    std::uint64_t recordId = 0; ///< System/EventRecordID, or the record's own number
    Ticks time = 0;             ///< System/TimeCreated, or `written` where that is missing
    Ticks written = 0;          ///< when the record was written to this file
    std::string_view provider;
    std::string_view providerGuid;    ///< with braces
    std::string_view eventSourceName; ///< of classic providers
    std::uint32_t eventId = 0;        ///< without the qualifiers
    std::optional<std::uint32_t> qualifiers;
    std::optional<std::int32_t> version;
    std::optional<std::int32_t> level;
    std::optional<std::int32_t> task;
    std::optional<std::int32_t> opcode;
    std::string_view keywords; ///< `0x8020000000000000`
    std::uint64_t keywordBits = 0;
    std::string_view activityId;
    std::string_view relatedActivityId;
    std::optional<std::int64_t> processId;
    std::optional<std::int64_t> threadId;
    std::string_view channel;
    std::string_view computer;
    std::string_view userSid;
    Data kind = Data::None;
    std::span<const EvtxField> fields; ///< in the order of the event; names may repeat
    EvtxRendering rendering;
    std::span<const XmlToken> tape;    ///< the whole event; empty if it did not come as XML
    std::size_t dataElement = 0;       ///< where in the tape EventData, UserData or ProcessingErrorData opens, if `kind` is not None
};

/// The text of the first field of that name (case-sensitive), or nothing.
inline std::optional<std::string_view> fieldText(const EvtxEvent& event, std::string_view name)
{
    for (const EvtxField& field : event.fields) {
        if (field.name == name)
            return field.text;
    }
    return std::nullopt;
}

/// Finds the parts of an event in its tape.
class EvtxEventBuilder {
public:
    /// False if the tape holds no `<Event>` with a `<System>`. The event refers to the tape, to `text` and to this builder until the next call.
    bool build(std::span<const XmlToken> tape, TextArena& text, EvtxEvent& event);

private:
    void system(std::size_t element, EvtxEvent& event);
    void rendering(std::size_t element, EvtxEvent& event);
    void eventData(std::size_t element);
    void leaves(std::size_t element);
    /// The text inside an element, children included.
    std::string_view content(std::size_t element);
    /// The texts of an element's children with blanks between.
    std::string_view joinedChildren(std::size_t element);
    std::string_view attribute(std::size_t element, std::string_view name) const;
    bool hasChildElements(std::size_t element) const;
    template <typename Visitor> void eachChild(std::size_t element, Visitor&& visit) const;

    std::span<const XmlToken> m_tape;
    TextArena* m_text = nullptr;
    std::vector<EvtxField> m_fields;
};

} // namespace tocsin::ingest
