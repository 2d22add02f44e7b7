// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/EventView.h"
#include "ingest/readers/evtx/EvtxEvent.h"

#include <array>

namespace tocsin::detect::sigma {

/// Shows Windows events as read from a log.
class EvtxView {
public:
    /// Valid until the next call, and as long as the event.
    const EventView& show(const ingest::EvtxEvent& event);

private:
    EventView m_view;
    std::array<char, 24> m_eventId{}, m_level{}, m_recordId{}, m_task{};
};

} // namespace tocsin::detect::sigma
