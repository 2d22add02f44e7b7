// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/readers/evtx/EvtxEvent.h"

#include <memory>

namespace tocsin::ingest {

class SecurityEventRows;
class EventRows;
class WindowsEventRows;

enum class WindowsTable { SecurityEvent, Event, WindowsEvent };

/// The one table an event goes to: the Security channel and AppLocker's 8001 to 8007 to SecurityEvent, everything else to Event;
/// with `forwarded` all to WindowsEvent.
WindowsTable windowsTable(const EvtxEvent& event, bool forwarded);

/// Turns Windows events, from whatever format they come, into rows of the published tables and hands them on in batches.
class WindowsEventMapping {
public:
    /// Options and sink must outlive the mapping.
    WindowsEventMapping(const ReadOptions& options, RowSink& sink);
    ~WindowsEventMapping();

    Result<void> add(const EvtxEvent& event);
    /// Hands on what has not been handed on yet; call it once at the end.
    Result<void> finish();

private:
    const ReadOptions& m_options;
    RowSink& m_sink;
    std::unique_ptr<SecurityEventRows> m_security; ///< made when first needed
    std::unique_ptr<EventRows> m_event;
    std::unique_ptr<WindowsEventRows> m_forwarded;
};

} // namespace tocsin::ingest
