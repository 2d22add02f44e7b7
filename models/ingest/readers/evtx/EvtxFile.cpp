// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EvtxFile.h"

#include "ingest/readers/evtx/BinXmlRenderer.h"
#include "ingest/readers/evtx/EvtxErrors.h"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace tocsin::ingest {

namespace {

constexpr std::string_view kFileSignature{"ElfFile\0", 8};
constexpr std::string_view kChunkSignature{"ElfChnk\0", 8};
constexpr std::string_view kRecordSignature{"**\0\0", 4};
constexpr std::uint32_t kFileHeaderBlock = 4096;
constexpr std::uint32_t kChunkSize = 65'536;
constexpr std::uint32_t kChunkHeader = 512;
constexpr std::uint32_t kRecordHeader = 24; // signature, size, number, time
constexpr std::uint32_t kSmallestRecord = kRecordHeader + 4;
constexpr std::uint32_t kNoChecksums = 4; // flag of the file header

std::uint32_t checksum(BinXmlBytes bytes, std::uint32_t before = 0)
{
    return static_cast<std::uint32_t>(::crc32(before, bytes.data(), static_cast<uInt>(bytes.size())));
}

/// Reads the records of one chunk after the other.
class ChunkReader {
public:
    ChunkReader(const EvtxListener& listener, bool checksums) : m_listener(listener), m_checksums(checksums) {}

    Result<void> read(BinXmlBytes chunk, std::uint64_t fileOffset)
    {
        m_chunk = chunk;
        m_fileOffset = fileOffset;
        m_size = static_cast<std::uint32_t>(chunk.size());
        if (std::all_of(chunk.begin(), chunk.end(), [](std::uint8_t b) { return b == 0; }))
            return {}; // reserved and not yet used
        if (m_size < kChunkHeader || !hasAt(0, kChunkSignature)) {
            if (!isRecord(kChunkHeader)) {
                reject(0, makeError(kEvtxChunkSignature, std::to_string(countRecords(0))));
                return {};
            }
            warn(0, makeError(kEvtxChunkMark));
        } else if (m_checksums) {
            verify();
        }
        m_renderer.startChunk(chunk);
        return records();
    }

private:
    std::uint32_t u32(std::uint32_t at) const { return static_cast<std::uint32_t>(readLittle(m_chunk.subspan(at, 4))); }
    std::uint64_t u64(std::uint32_t at) const { return readLittle(m_chunk.subspan(at, 8)); }
    bool hasAt(std::uint32_t at, std::string_view what) const
    {
        return m_size >= what.size() && at <= m_size - what.size() && std::equal(what.begin(), what.end(), m_chunk.begin() + at, [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
    }
    /// Whether a whole record stands here: signature, and the same size at both ends.
    bool isRecord(std::uint32_t at) const
    {
        if (!hasAt(at, kRecordSignature) || m_size - at < kSmallestRecord)
            return false;
        const std::uint32_t size = u32(at + 4);
        return size >= kSmallestRecord && size <= m_size - at && u32(at + size - 4) == size;
    }
    std::uint32_t nextRecord(std::uint32_t from, std::uint32_t end) const
    {
        const std::string_view bytes(reinterpret_cast<const char*>(m_chunk.data()), end);
        for (std::size_t at = bytes.find(kRecordSignature, from); at != std::string_view::npos; at = bytes.find(kRecordSignature, at + 1)) {
            if (isRecord(static_cast<std::uint32_t>(at)))
                return static_cast<std::uint32_t>(at);
        }
        return end;
    }
    std::size_t countRecords(std::uint32_t from) const
    {
        std::size_t count = 0;
        for (std::uint32_t at = nextRecord(from, m_size); at < m_size; at = nextRecord(at + u32(at + 4), m_size))
            ++count;
        return count;
    }

    void reject(std::uint32_t at, Error reason)
    {
        if (m_listener.reject)
            m_listener.reject({m_fileOffset + at, std::nullopt, std::move(reason)});
    }
    void warn(std::uint32_t at, Error reason)
    {
        if (m_listener.warning)
            m_listener.warning({m_fileOffset + at, std::nullopt, std::move(reason)});
    }

    void verify()
    {
        if (checksum(m_chunk.subspan(128, 384), checksum(m_chunk.first(120))) != u32(124))
            warn(0, makeError(kEvtxChunkChecksum));
        const std::uint32_t end = recordsEnd();
        if (u32(48) <= m_size && checksum(m_chunk.subspan(kChunkHeader, end - kChunkHeader)) != u32(52))
            warn(kChunkHeader, makeError(kEvtxRecordsChecksum));
    }
    /// Where the header says that free space begins, if that can be; what stands behind it are remains of older records.
    std::uint32_t recordsEnd() const
    {
        const std::uint32_t free = m_size >= kChunkHeader ? u32(48) : 0;
        return free > kChunkHeader && free <= m_size ? free : m_size;
    }
    bool isZeroFrom(std::uint32_t at, std::uint32_t count) const
    {
        const auto from = m_chunk.begin() + at;
        return std::all_of(from, from + std::min(count, m_size - at), [](std::uint8_t b) { return b == 0; });
    }

    Result<void> records()
    {
        const bool announced = hasAt(0, kChunkSignature);
        std::uint32_t end = announced ? recordsEnd() : m_size;
        std::uint64_t seen = 0;
        std::uint32_t at = kChunkHeader;
        while (at < end && end - at >= 4) {
            if (!hasAt(at, kRecordSignature)) {
                if (isZeroFrom(at, 64))
                    break; // empty space: the log goes on in the next chunk
                const std::uint32_t next = nextRecord(at, end);
                reject(at, makeError(kEvtxRecordSignature, std::to_string(next - at)));
                at = next;
                continue;
            }
            ++seen;
            TOCSIN_TRY_ASSIGN(at, record(at, end));
        }
        const std::uint64_t first = announced ? u64(24) : 0;
        const std::uint64_t last = announced ? u64(32) : 0;
        if (announced && m_size == kChunkSize && last >= first && last - first < kChunkSize && last - first + 1 > seen)
            warn(at, makeError(kEvtxRecordsMissing, std::to_string(last - first + 1), std::to_string(seen)));
        return {};
    }

    /// Reads one record and returns where the next may stand.
    Result<std::uint32_t> record(std::uint32_t at, std::uint32_t end)
    {
        const bool hasHeader = m_size - at >= kRecordHeader;
        const std::uint32_t size = hasHeader ? u32(at + 4) : 0;
        const std::string number = hasHeader ? std::to_string(u64(at + 8)) : "?";
        if (!hasHeader || size > m_size - at) {
            if (m_size < kChunkSize) {
                reject(at, makeError(kEvtxRecordCut, number));
                return m_size;
            }
            reject(at, makeError(kEvtxRecordSize, std::to_string(size)));
            return nextRecord(at + 4, end);
        }
        if (size < kSmallestRecord) {
            reject(at, makeError(kEvtxRecordSize, std::to_string(size)));
            return nextRecord(at + 4, end);
        }
        if (!m_renderer.render(at + kRecordHeader, at + size - 4)) {
            const BinXmlFault& fault = m_renderer.fault();
            reject(at, fault.limits ? makeError(kEvtxRecordLimits, number) : makeError(kEvtxBinXml, number, fault.reason, std::to_string(fault.offset)));
            return behindBadRecord(at, size, end);
        }
        if (!isRecord(at) && !hasAt(at + size, kRecordSignature)) {
            // Readable, but what follows it is gone as well: its own last values are not to be trusted.
            reject(at, makeError(kEvtxRecordTail, number));
            return behindBadRecord(at, size, end);
        }
        TOCSIN_TRY(deliver(at, number));
        return at + size;
    }

    /// A spoilt size would lead past good records or into the middle of one.
    std::uint32_t behindBadRecord(std::uint32_t at, std::uint32_t size, std::uint32_t end) const
    {
        const std::uint32_t behind = at + size;
        if (isRecord(at))
            return behind;
        const std::uint32_t inside = nextRecord(at + 4, std::min(behind, end));
        if (inside < behind || behind >= end || hasAt(behind, kRecordSignature) || isZeroFrom(behind, 64))
            return inside;
        return nextRecord(behind, end);
    }

    Result<void> deliver(std::uint32_t at, const std::string& number)
    {
        EvtxEvent event;
        event.offset = m_fileOffset + at;
        event.recordId = u64(at + 8);
        const std::uint64_t written = u64(at + 16);
        event.written = written <= static_cast<std::uint64_t>(kMaxDateTime - kFileTimeEpoch) ? kFileTimeEpoch + static_cast<Ticks>(written) : kFileTimeEpoch;
        event.time = event.written;
        if (!m_builder.build(m_renderer.tape(), m_renderer.text(), event)) {
            reject(at, makeError(kEvtxBinXml, number, "it holds no event", std::to_string(at)));
            return {};
        }
        return m_listener.event ? m_listener.event(event) : Result<void>{};
    }

    const EvtxListener& m_listener;
    bool m_checksums;
    BinXmlBytes m_chunk;
    std::uint64_t m_fileOffset = 0;
    std::uint32_t m_size = 0;
    BinXmlRenderer m_renderer;
    EvtxEventBuilder m_builder;
};

Result<std::size_t> readAt(ByteSource& source, std::uint64_t offset, std::span<std::uint8_t> out)
{
    return source.read(offset, std::as_writable_bytes(out));
}

} // namespace

Result<void> forEachEvent(ByteSource& source, const EvtxListener& listener, std::stop_token stop)
{
    std::vector<std::uint8_t> buffer(kChunkSize);
    TOCSIN_TRY_ASSIGN(const std::size_t headBytes, readAt(source, 0, std::span(buffer).first(128)));
    const BinXmlBytes head(buffer.data(), headBytes);
    if (headBytes < 128 || !std::equal(kFileSignature.begin(), kFileSignature.end(), head.begin(), [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
        return fail(kEvtxNotALog, source.name());
    const bool checksums = !(readLittle(head.subspan(120, 4)) & kNoChecksums);
    if (checksums && listener.warning && checksum(head.first(120)) != readLittle(head.subspan(124, 4)))
        listener.warning({0, std::nullopt, makeError(kEvtxHeaderChecksum)});
    std::uint64_t offset = readLittle(head.subspan(40, 2));
    if (offset < 128)
        offset = kFileHeaderBlock;
    ChunkReader chunks(listener, checksums);
    while (offset < source.size()) {
        if (stop.stop_requested())
            return fail(kCancelled);
        TOCSIN_TRY_ASSIGN(const std::size_t bytes, readAt(source, offset, buffer));
        if (bytes == 0)
            break;
        TOCSIN_TRY(chunks.read({buffer.data(), bytes}, offset));
        offset += bytes;
        if (listener.progress)
            listener.progress(offset);
    }
    return {};
}

Result<void> forEachEvent(ByteSource& source, const std::function<void(const EvtxEvent&)>& event)
{
    EvtxListener listener;
    listener.event = [&](const EvtxEvent& found) -> Result<void> {
        event(found);
        return {};
    };
    return forEachEvent(source, listener);
}

} // namespace tocsin::ingest
