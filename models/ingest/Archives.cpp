// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Archives.h"

#include "ingest/ByteSources.h"
#include "ingest/Errors.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kMaxMembers = 10'000;

std::uint32_t u16(const std::string& bytes, std::size_t at)
{
    return static_cast<unsigned char>(bytes[at]) | static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + 1])) << 8;
}

std::uint32_t u32(const std::string& bytes, std::size_t at) { return u16(bytes, at) | u16(bytes, at + 2) << 16; }

Result<std::string> readBytes(ByteSource& source, std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(offset, std::as_writable_bytes(std::span(bytes.data(), size))));
    bytes.resize(got);
    return bytes;
}

/// Inflates a range of a source. `windowBits` as zlib has them: 16 + 15 for gzip, -15 for the bare stream of zip.
Result<std::string> inflateRange(ByteSource& source, std::uint64_t offset, std::uint64_t size, int windowBits, const std::string& name, const std::stop_token& stop)
{
    struct Stream : z_stream {
        explicit Stream(int bits) : z_stream{} { ready = inflateInit2(this, bits) == Z_OK; }
        ~Stream() { if (ready) inflateEnd(this); }
        Stream(const Stream&) = delete;
        Stream& operator=(const Stream&) = delete;
        bool ready = false;
    } stream(windowBits);
    if (!stream.ready)
        return fail(kBadArchive, name, "out of memory");
    std::string out;
    std::string in(kPiece, '\0');
    std::string piece(kPiece, '\0');
    int state = Z_OK;
    std::uint64_t done = 0;
    while (done < size || stream.avail_in > 0) {
        if (stop.stop_requested())
            return fail(kCancelled);
        if (stream.avail_in == 0) {
            const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - done));
            TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(offset + done, std::as_writable_bytes(std::span(in.data(), want))));
            if (got == 0)
                break;
            done += got;
            stream.next_in = reinterpret_cast<Bytef*>(in.data());
            stream.avail_in = static_cast<uInt>(got);
        }
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, 0, piece.size() - stream.avail_out);
        if (out.size() > kMaxUnpacked)
            return fail(kBadArchive, name, "the content is larger than 1 GiB; unpack it first");
        if (state == Z_STREAM_END) {
            // gzip members may follow each other (concatenated logs); zeros at the end are padding.
            if (windowBits < 0 || stream.avail_in == 0 || *stream.next_in != 0x1F)
                break;
            inflateReset(&stream);
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            return fail(kBadArchive, name, stream.msg ? stream.msg : "damaged");
        }
    }
    if (state != Z_STREAM_END)
        return fail(kBadArchive, name, "the compressed data ends early");
    return out;
}

std::string withoutGz(const std::string& name)
{
    return name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
}

struct ZipEntry {
    std::string name;
    std::uint32_t method = 0;
    std::uint32_t flags = 0;
    std::uint64_t packed = 0;
    std::uint64_t header = 0; ///< offset of the local header
};

/// The central directory (PKWARE APPNOTE 4.3). Archives of more than 4 GiB or 65,535 members are refused.
Result<std::vector<ZipEntry>> zipEntries(ByteSource& source)
{
    const std::uint64_t tailSize = std::min<std::uint64_t>(source.size(), 65'557);
    TOCSIN_TRY_ASSIGN(const std::string tail, readBytes(source, source.size() - tailSize, static_cast<std::size_t>(tailSize)));
    const std::size_t end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos || end + 22 > tail.size())
        return fail(kBadArchive, source.name(), "no directory at its end");
    const std::uint64_t size = u32(tail, end + 12);
    const std::uint64_t offset = u32(tail, end + 16);
    if (offset + size > source.size() || size > (64u << 20))
        return fail(kBadArchive, source.name(), "its directory lies outside the file");
    TOCSIN_TRY_ASSIGN(const std::string directory, readBytes(source, offset, static_cast<std::size_t>(size)));
    std::vector<ZipEntry> entries;
    for (std::size_t at = 0; at + 46 <= directory.size() && entries.size() < kMaxMembers;) {
        if (directory.compare(at, 4, "PK\x01\x02") != 0)
            break;
        const std::size_t nameSize = u16(directory, at + 28);
        if (at + 46 + nameSize > directory.size())
            break;
        ZipEntry entry;
        entry.name = directory.substr(at + 46, nameSize);
        entry.flags = u16(directory, at + 8);
        entry.method = u16(directory, at + 10);
        entry.packed = u32(directory, at + 20);
        entry.header = u32(directory, at + 42);
        at += 46 + nameSize + u16(directory, at + 30) + u16(directory, at + 32);
        if (!entry.name.ends_with('/'))
            entries.push_back(std::move(entry));
    }
    return entries;
}

Result<std::unique_ptr<ByteSource>> zipMember(ByteSource& source, const ZipEntry& entry, const std::string& name, const std::stop_token& stop)
{
    if (entry.flags & 1)
        return fail(kBadArchive, name, "it is encrypted");
    TOCSIN_TRY_ASSIGN(const std::string local, readBytes(source, entry.header, 30));
    if (local.size() < 30 || local.compare(0, 4, "PK\x03\x04") != 0)
        return fail(kBadArchive, name, "its header is damaged");
    const std::uint64_t data = entry.header + 30 + u16(local, 26) + u16(local, 28);
    if (data + entry.packed > source.size())
        return fail(kBadArchive, name, "it lies outside the archive");
    std::string bytes;
    if (entry.method == 8) {
        TOCSIN_TRY_ASSIGN(bytes, inflateRange(source, data, entry.packed, -15, name, stop));
    } else if (entry.method == 0) {
        if (entry.packed > kMaxUnpacked)
            return fail(kBadArchive, name, "the content is larger than 1 GiB; unpack it first");
        TOCSIN_TRY_ASSIGN(bytes, readBytes(source, data, static_cast<std::size_t>(entry.packed)));
    } else {
        return fail(kBadArchive, name, "its compression method is not supported");
    }
    return std::make_unique<MemoryByteSource>(name, std::move(bytes));
}

} // namespace

Packing packingOf(std::string_view head)
{
    if (head.starts_with("\x1F\x8B\x08"))
        return Packing::Gzip;
    if (head.starts_with("PK\x03\x04"))
        return Packing::Zip;
    return Packing::None;
}

Result<void> unpack(ByteSource& source, Packing packing, const std::function<bool(const std::string& name, Result<std::unique_ptr<ByteSource>> member)>& use,
    std::stop_token stop)
{
    if (packing == Packing::Gzip) {
        const std::string name = withoutGz(source.name());
        TOCSIN_TRY_ASSIGN(std::string bytes, inflateRange(source, 0, source.size(), 16 + 15, source.name(), stop));
        use(name, std::make_unique<MemoryByteSource>(name, std::move(bytes)));
        return {};
    }
    TOCSIN_TRY_ASSIGN(const std::vector<ZipEntry> entries, zipEntries(source));
    for (const ZipEntry& entry : entries) {
        const std::string name = source.name() + "/" + entry.name;
        if (!use(name, zipMember(source, entry, name, stop)))
            break;
    }
    return {};
}

} // namespace tocsin::ingest
