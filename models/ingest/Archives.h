// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <functional>
#include <stop_token>

namespace tocsin::ingest {

/// What a source is packed in.
enum class Packing { None, Gzip, Zip };
Packing packingOf(std::string_view head);

/// Unpacked content of more than this is refused: it is held in memory.
inline constexpr std::uint64_t kMaxUnpacked = 1ull << 30;

/// Unpacks a source and gives each member to `use`, which returns whether to go on: the one content of a gzip file, named as the file
/// without `.gz`, or the files of a zip archive, named `archive.zip/member`. A member that cannot be unpacked is given as an error with its name.
/// kBadArchive if the archive itself cannot be read.
Result<void> unpack(ByteSource& source, Packing packing, const std::function<bool(const std::string& name, Result<std::unique_ptr<ByteSource>> member)>& use,
    std::stop_token stop);

} // namespace tocsin::ingest
