// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/EvtxWalk.h"

#include <cstring>
#include <zlib.h>

namespace {

template <typename T>
T at(std::string_view bytes, std::size_t position)
{
    T value{};
    if (position + sizeof value <= bytes.size())
        std::memcpy(&value, bytes.data() + position, sizeof value);
    return value;
}

std::uint32_t crc(std::string_view bytes, std::uint32_t start = 0)
{
    return static_cast<std::uint32_t>(::crc32(start, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// Follows the chains of a bucket table; every entry must point into the chunk and to the entry before it.
std::uint64_t chain(std::string_view chunk, std::size_t table, std::size_t buckets, EvtxWalk& walk)
{
    std::uint64_t entries = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        auto offset = at<std::uint32_t>(chunk, table + 4 * i);
        for (int steps = 0; offset != 0; ++steps) {
            if (offset < 512 || offset + 8 > chunk.size() || steps > 5000) {
                walk.faults.push_back("bucket entry outside of the chunk");
                break;
            }
            ++entries;
            const auto next = at<std::uint32_t>(chunk, offset);
            if (next >= offset && next != 0)
                walk.faults.push_back("bucket chain does not go back");
            offset = next < offset ? next : 0;
        }
    }
    return entries;
}

void walkChunk(std::string_view chunk, EvtxWalk& walk)
{
    if (!chunk.starts_with(std::string_view("ElfChnk\0", 8)))
        walk.faults.push_back("chunk signature");
    const auto free = at<std::uint32_t>(chunk, 48);
    if (free < 512 || free > chunk.size()) {
        walk.faults.push_back("free space offset");
        return;
    }
    if (crc(chunk.substr(512, free - 512)) != at<std::uint32_t>(chunk, 52))
        walk.faults.push_back("checksum of the records");
    if (crc(chunk.substr(128, 384), crc(chunk.substr(0, 120))) != at<std::uint32_t>(chunk, 124))
        walk.faults.push_back("checksum of the chunk header");
    walk.names += chain(chunk, 128, 64, walk);
    walk.templates += chain(chunk, 384, 32, walk);
    std::uint32_t last = 0;
    std::uint64_t expected = at<std::uint64_t>(chunk, 8);
    for (std::uint32_t offset = 512; offset < free;) {
        const auto size = at<std::uint32_t>(chunk, offset + 4);
        if (at<std::uint32_t>(chunk, offset) != 0x2A2A || size < 32 || offset + size > free || size % 8 != 0) {
            walk.faults.push_back("record header");
            return;
        }
        if (at<std::uint32_t>(chunk, offset + size - 4) != size)
            walk.faults.push_back("record size at its end");
        const auto id = at<std::uint64_t>(chunk, offset + 8);
        if (id != expected++)
            walk.faults.push_back("record number");
        if (walk.records++ == 0)
            walk.firstRecord = id;
        walk.lastRecord = id;
        if (at<std::uint32_t>(chunk, offset + 24) != 0x0001010F)
            walk.faults.push_back("fragment header");
        last = offset;
        offset += size;
    }
    if (at<std::uint32_t>(chunk, 44) != last)
        walk.faults.push_back("offset of the last record");
    if (at<std::uint64_t>(chunk, 16) != walk.lastRecord)
        walk.faults.push_back("last record number of the chunk");
}

} // namespace

EvtxWalk walkEvtx(std::string_view file)
{
    EvtxWalk walk;
    if (file.size() < 4096 || !file.starts_with(std::string_view("ElfFile\0", 8))) {
        walk.faults.push_back("file signature");
        return walk;
    }
    if (crc(file.substr(0, 120)) != at<std::uint32_t>(file, 124))
        walk.faults.push_back("checksum of the file header");
    const auto chunks = at<std::uint16_t>(file, 42);
    if (file.size() != 4096 + std::size_t{65536} * chunks)
        walk.faults.push_back("file size");
    for (std::size_t i = 0; 4096 + (i + 1) * 65536 <= file.size(); ++i) {
        ++walk.chunks;
        walkChunk(file.substr(4096 + i * 65536, 65536), walk);
    }
    if (at<std::uint64_t>(file, 24) != walk.lastRecord + 1)
        walk.faults.push_back("next record number");
    return walk;
}
