// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EventDataText.h"

#include <vector>

namespace tocsin::ingest {

namespace {

/// The tape of an `<EventData>` with one `<Data>` a field.
std::vector<XmlToken> tapeOf(std::span<const EvtxField> fields)
{
    std::vector<XmlToken> tape;
    tape.reserve(4 * fields.size() + 2);
    tape.push_back({XmlKind::Open, 0, "EventData", {}});
    for (const EvtxField& field : fields) {
        const std::size_t open = tape.size();
        tape.push_back({XmlKind::Open, 0, "Data", {}});
        if (field.named)
            tape.push_back({XmlKind::Attribute, 0, "Name", field.name});
        tape.push_back({XmlKind::Text, 0, {}, field.text});
        tape[open].close = static_cast<std::uint32_t>(tape.size());
        tape.push_back({XmlKind::Close, 0, "Data", {}});
    }
    tape[0].close = static_cast<std::uint32_t>(tape.size());
    tape.push_back({XmlKind::Close, 0, "EventData", {}});
    return tape;
}

} // namespace

void appendEventDataXml(std::string& out, const EvtxEvent& event, XmlLayout layout)
{
    if (event.kind == EvtxEvent::Data::None)
        return;
    if (event.tape.empty())
        appendXmlElement(out, tapeOf(event.fields), 0, layout, kEventNamespace);
    else
        appendXmlElement(out, event.tape, event.dataElement, layout, kEventNamespace);
}

} // namespace tocsin::ingest
