// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Guid.h"
#include "base/Ticks.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::samplecase {

/// One typed value of an event, already in the bytes that BinXML keeps (little endian, UTF-16 for text).
struct EvtxValue {
    std::uint8_t type = 0; ///< BinXML value type: 0x01 text, 0x08 u32, 0x13 SID, 0x15 hex64, …; 0x00 null
    std::string bytes;
};

EvtxValue evtxText(std::string_view utf8);
EvtxValue evtxUInt16(std::uint16_t value);
EvtxValue evtxUInt32(std::uint32_t value);
EvtxValue evtxHex32(std::uint32_t value);
EvtxValue evtxHex64(std::uint64_t value);
EvtxValue evtxBool(bool value);
EvtxValue evtxGuid(const Guid& guid);
EvtxValue evtxFileTime(Ticks utc);
/// `S-1-5-21-…`; text that is not a SID becomes S-1-0-0 (nobody).
EvtxValue evtxSid(std::string_view text);

struct EvtxField {
    std::string name;
    EvtxValue value;
};

/// One event as the event log service stores it.
struct EvtxEvent {
    std::string provider;
    std::string providerGuid;      ///< with braces
    std::string eventSourceName;   ///< classic providers only; else empty
    std::optional<std::uint16_t> qualifiers;
    std::uint16_t id = 0;
    std::uint8_t version = 0;
    std::uint8_t level = 0;
    std::uint16_t task = 0;
    std::uint8_t opcode = 0;
    std::uint64_t keywords = 0;
    Ticks time = 0;                ///< UTC
    std::uint32_t processId = 0;
    std::uint32_t threadId = 0;
    std::string channel;
    std::string computer;
    std::string userSid;           ///< empty when the event names none
    std::vector<EvtxField> data;
    std::string userDataElement;   ///< when set, the fields are children of this element under UserData
    std::string userDataNamespace;
};

/// Writes a Windows event log file (format version 3.1) with BinXML templates as Windows does: one template for the System part,
/// one for each shape of event data, names and templates stored once a chunk. Layout: libyal's "Windows XML Event Log (EVTX)".
/// Events get record numbers in the order they are added. Same input gives the same bytes.
class EvtxWriter {
public:
    /// The number of the first record; logs of a machine that runs for years do not begin at 1.
    explicit EvtxWriter(std::uint64_t firstRecord = 1);
    ~EvtxWriter();
    EvtxWriter(const EvtxWriter&) = delete;
    EvtxWriter& operator=(const EvtxWriter&) = delete;

    /// False if one event alone exceeds a chunk (64 KiB); nothing is written then.
    [[nodiscard]] bool add(const EvtxEvent& event);
    std::uint64_t count() const { return m_next - m_first; }
    /// The whole file. The writer is empty afterwards.
    std::string finish();

private:
    class Chunk;
    void closeChunk();

    std::uint64_t m_first;
    std::uint64_t m_next;
    std::uint64_t m_chunks = 0;
    std::string m_body;
    std::unique_ptr<Chunk> m_chunk;
};

} // namespace tocsin::samplecase
