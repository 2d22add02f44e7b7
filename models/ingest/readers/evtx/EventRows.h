// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/readers/evtx/EvtxEvent.h"
#include "ingest/readers/evtx/EvtxRows.h"

#include <string>

namespace tocsin::ingest {

/// Rows of Event: everything that is not the Security channel. The data stays XML in a `<DataItem>`, as the Log Analytics agent sent it.
class EventRows {
public:
    explicit EventRows(const ReadOptions& options);

    void add(const EvtxEvent& event);
    const catalog::TableSchema& schema() const { return m_rows.schema(); }
    std::size_t rows() const { return m_rows.rows(); }
    Batch take() { return m_rows.take(); }

private:
    void level(const EvtxEvent& event);
    void data(const EvtxEvent& event);
    void description(const EvtxEvent& event);
    std::size_t at(std::string_view column) const { return m_rows.column(column); }

    Ticks m_importTime;
    std::string m_dataTime; ///< the import time as the `time` of a DataItem
    EvtxRows m_rows;
    std::string m_scratch;
    struct Columns {
        std::size_t timeGenerated, timeCollected, type, sourceSystem, computer, source, eventLog, eventId, eventCategory, eventLevel, eventLevelName,
            userName, mg, eventData, parameterXml, renderedDescription;
    } m_column;
};

} // namespace tocsin::ingest
