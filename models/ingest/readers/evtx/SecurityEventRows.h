// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/readers/evtx/EvtxEvent.h"
#include "ingest/readers/evtx/EvtxRows.h"

#include <string>
#include <unordered_map>

namespace tocsin::ingest {

/// Rows of SecurityEvent: a data field becomes a column where the table has one of exactly its name, beside the columns derived
/// from several fields (Account, Activity, LogonTypeName, Process, …).
class SecurityEventRows {
public:
    explicit SecurityEventRows(const ReadOptions& options);

    void add(const EvtxEvent& event);
    const catalog::TableSchema& schema() const { return m_rows.schema(); }
    std::size_t rows() const { return m_rows.rows(); }
    Batch take() { return m_rows.take(); }

private:
    /// How a field of the event is written into the column of its name.
    enum class Promotion { Text, WithoutLineBreaks, WithoutBraces, Number };
    struct Promoted {
        std::size_t column;
        Promotion how;
    };
    struct Names; // fields that several columns are made of

    void system(const EvtxEvent& event);
    void promote(const EvtxField& field);
    void derive(const EvtxEvent& event, const Names& names);
    void account(std::size_t column, std::string_view account);
    std::size_t at(std::string_view column) const { return m_rows.column(column); }

    Ticks m_importTime;
    EvtxRows m_rows;
    std::unordered_map<std::string_view, Promoted> m_promoted;
    std::string m_scratch;
    struct Columns {
        std::size_t timeGenerated, timeCollected, type, sourceSystem, computer, channel, eventId, eventSourceName, task, level, eventLevelName, activity,
            eventOriginId, sourceComputerId, mg, eventRecordId, keywords, opcode, version, systemProcessId, systemThreadId, systemUserId, correlation,
            account, accountType, subjectAccount, targetAccount, logonTypeName, process, eventData;
    } m_column;
};

} // namespace tocsin::ingest
