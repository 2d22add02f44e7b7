// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// An independent look at the structure of an event log file: header, chunks, checksums, record sizes. It shares no code with the writer.
struct EvtxWalk {
    std::vector<std::string> faults; ///< empty when the structure is sound
    std::uint64_t records = 0;
    std::uint64_t chunks = 0;
    std::uint64_t firstRecord = 0;
    std::uint64_t lastRecord = 0;
    std::uint64_t names = 0;     ///< entries in the name buckets of all chunks
    std::uint64_t templates = 0;
};

EvtxWalk walkEvtx(std::string_view file);
