// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/ActivityLog.h"
#include "samplecase/EntraLog.h"
#include "samplecase/FlowLog.h"
#include "samplecase/StorageLog.h"
#include "samplecase/SyslogLog.h"
#include "samplecase/WindowsLog.h"

namespace tocsin::samplecase {

/// Every log of the company, and what was planted in them.
struct CaseLogs {
    CaseLogs(const Company& who, const CaseOptions& options)
        : company(who), start(options.start), seed(options.seed), scale(options.scale), windows(seed), entra(who, seed), activity(who, seed),
          flows(seed), storage(who, seed)
    {
    }

    const Company& company;
    Ticks start;
    std::uint64_t seed;
    int scale;
    WindowsLog windows;
    EntraLog entra;
    ActivityLog activity;
    FlowLog flows;
    StorageLog storage;
    SyslogLog syslog;
    std::vector<PlantedEvent> story;
    std::vector<Decoy> decoys;

    /// A moment of the case: day 0 is the first.
    Ticks at(int day, int hour, int minute = 0, int second = 0) const
    {
        return start + day * kTicksPerDay + hour * kTicksPerHour + minute * kTicksPerMinute + second * kTicksPerSecond;
    }
    /// The production machines are off from the intruder's shutdown to the morning; two flow logs are deleted a little earlier.
    void applyOutage();
    void plant(Ticks time, attack::Stage stage, std::string entity, std::string what, std::string file)
    {
        story.push_back({time, stage, std::move(entity), std::move(what), std::move(file)});
    }
};

/// A moment with a random part of a second, so that no log ticks in whole seconds.
inline Ticks jitter(Random& random, Ticks time) { return time + random.between(0, kTicksPerSecond - 1); }

/// UTF-16 in base64, as PowerShell's -EncodedCommand takes it.
std::string encodedCommand(std::string_view script);

inline constexpr std::string_view kPowerShell = R"(C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe)";
/// Logon ids that several parts of the story refer to.
inline constexpr std::uint64_t kVictimDesk = 0x48A1F2;     ///< the controller at wks-0231, on the first day; each day one more
inline constexpr std::uint64_t kIntruderDesktop = 0x7710C4; ///< the intruder's remote desktop on mgmt-vm01

inline constexpr std::string_view kTelemetryApp = "Fleet Telemetry Connector"; ///< the application whose credentials are stolen
std::string telemetryAppId(std::uint64_t seed);
std::string telemetryObjectId(std::uint64_t seed);

/// The intrusion, all eight stages.
void plantIntrusion(CaseLogs& logs);
/// What looks like an attack and is none.
void plantDecoys(CaseLogs& logs);
/// Ordinary activity of the company.
void addCloudNoise(CaseLogs& logs);
void addHostNoise(CaseLogs& logs);
void addNetworkNoise(CaseLogs& logs);

} // namespace tocsin::samplecase
