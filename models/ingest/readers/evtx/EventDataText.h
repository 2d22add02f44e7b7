// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/EvtxEvent.h"
#include "ingest/readers/evtx/XmlText.h"

#include <string>

namespace tocsin::ingest {

/// Appends the event's EventData (or UserData, ProcessingErrorData) element as XML. An event that did not come as XML gets the
/// `<EventData>` its fields would have made. Nothing for an event without data.
void appendEventDataXml(std::string& out, const EvtxEvent& event, XmlLayout layout);

} // namespace tocsin::ingest
