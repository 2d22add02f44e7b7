// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "ingest/LogReader.h"
#include "ingest/readers/evtx/EvtxEvent.h"
#include "ingest/readers/evtx/EvtxRows.h"

#include <vector>

namespace tocsin::ingest {

/// Rows of WindowsEvent, the table of forwarded events: the data is a bag of texts by name.
class WindowsEventRows {
public:
    explicit WindowsEventRows(const ReadOptions& options);

    void add(const EvtxEvent& event);
    const catalog::TableSchema& schema() const { return m_rows.schema(); }
    std::size_t rows() const { return m_rows.rows(); }
    Batch take() { return m_rows.take(); }

private:
    void data(const EvtxEvent& event);
    std::size_t at(std::string_view column) const { return m_rows.column(column); }

    EvtxRows m_rows;
    DynamicBuilder m_builder;
    std::vector<std::size_t> m_order;
    struct Columns {
        std::size_t timeGenerated, type, sourceSystem, provider, channel, computer, eventId, eventLevel, eventLevelName, task, opcode, keywords, version,
            eventRecordId, systemProcessId, systemThreadId, systemUserId, correlation, eventOriginId, eventData;
    } m_column;
};

} // namespace tocsin::ingest
