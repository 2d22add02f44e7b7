// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "attack/KillChain.h"
#include "base/Result.h"
#include "base/Ticks.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::samplecase {

/// 2026-03-02T00:00:00Z, a Monday.
inline constexpr Ticks kDefaultStart = 639'080'064'000'000'000;

struct CaseOptions {
    std::uint64_t seed = 20260302;
    Ticks start = kDefaultStart; ///< midnight UTC of the first of three days; the intrusion begins that evening
    int scale = 1;               ///< multiplies the ordinary activity (1 … 20), never the intrusion
};

/// One step of the intrusion, as it was planted: what a detection should find.
struct PlantedEvent {
    Ticks time = 0;
    attack::Stage stage = attack::Stage::Reconnaissance;
    std::string entity;  ///< host, account, address or resource
    std::string what;    ///< one sentence
    std::string file;    ///< where the evidence is, relative to the case's folder
};

/// Something that looks like an attack and is none.
struct Decoy {
    std::string entity;
    std::string what;
};

struct CaseFile {
    std::string path;   ///< relative to the case's folder, with `/`
    std::string format; ///< `EVTX`, `Entra`, `Activity Log`, `NSG flow log`, `Storage resource log`, `Syslog`, `STIX`, `CSV`, `Text`
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
};

struct CaseSummary {
    std::filesystem::path folder;
    Ticks begin = 0;
    Ticks end = 0;                                   ///< exclusive
    std::vector<CaseFile> files;                     ///< sorted by path
    std::map<std::string, std::uint64_t> eventsByFormat;
    std::vector<PlantedEvent> story;                 ///< in time order
    std::vector<Decoy> decoys;

    std::uint64_t events() const;
    std::uint64_t bytes() const;
};

inline constexpr ErrorKind kFolderNotEmpty{"samplecase.folder_not_empty", "The folder {0} is not empty", "Choose a new or an empty folder for the demo case."};
inline constexpr ErrorKind kBadOptions{"samplecase.bad_options", "The demo case cannot be made: {0}", "Use a scale from 1 to 20 and a start in the years 1971 to 2400."};

/// Writes the demo case, three days of logs of a fictional ferry company with one intrusion in them, into a folder that is new or
/// empty. Same options give byte-identical files. Errors: kFolderNotEmpty, kBadOptions, kFileUnwritable. Any thread.
Result<CaseSummary> writeSampleCase(const std::filesystem::path& folder, const CaseOptions& options);

} // namespace tocsin::samplecase
