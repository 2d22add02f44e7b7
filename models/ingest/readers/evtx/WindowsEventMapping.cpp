// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/WindowsEventMapping.h"

#include "base/Utf8.h"
#include "ingest/readers/evtx/EventRows.h"
#include "ingest/readers/evtx/SecurityEventRows.h"
#include "ingest/readers/evtx/WindowsEventRows.h"

namespace tocsin::ingest {

namespace {

/// The rows of a kind, made at their first use.
template <typename Rows>
Rows& made(std::unique_ptr<Rows>& rows, const ReadOptions& options)
{
    if (!rows)
        rows = std::make_unique<Rows>(options);
    return *rows;
}

template <typename Rows>
Result<void> flush(Rows* rows, RowSink& sink)
{
    if (!rows || rows->rows() == 0)
        return {};
    const std::size_t count = rows->rows();
    return sink.rows(rows->schema(), rows->take(), count);
}

template <typename Rows>
Result<void> append(Rows& rows, const EvtxEvent& event, RowSink& sink)
{
    rows.add(event);
    return rows.rows() >= kBatchRows ? flush(&rows, sink) : Result<void>{};
}

} // namespace

WindowsTable windowsTable(const EvtxEvent& event, bool forwarded)
{
    if (forwarded)
        return WindowsTable::WindowsEvent;
    if (equalsIgnoringCase(event.channel, "Security"))
        return WindowsTable::SecurityEvent;
    const bool appLocker = event.channel.starts_with("Microsoft-Windows-AppLocker/") && event.eventId >= 8001 && event.eventId <= 8007;
    return appLocker ? WindowsTable::SecurityEvent : WindowsTable::Event;
}

WindowsEventMapping::WindowsEventMapping(const ReadOptions& options, RowSink& sink) : m_options(options), m_sink(sink) {}
WindowsEventMapping::~WindowsEventMapping() = default;

Result<void> WindowsEventMapping::add(const EvtxEvent& event)
{
    switch (windowsTable(event, m_options.forwardedWindowsEvents)) {
    case WindowsTable::SecurityEvent: return append(made(m_security, m_options), event, m_sink);
    case WindowsTable::Event: return append(made(m_event, m_options), event, m_sink);
    case WindowsTable::WindowsEvent: break;
    }
    return append(made(m_forwarded, m_options), event, m_sink);
}

Result<void> WindowsEventMapping::finish()
{
    TOCSIN_TRY(flush(m_security.get(), m_sink));
    TOCSIN_TRY(flush(m_event.get(), m_sink));
    return flush(m_forwarded.get(), m_sink);
}

} // namespace tocsin::ingest
