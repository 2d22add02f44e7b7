// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Guid.h"
#include "ingest/readers/evtx/EvtxEvent.h"

#include <string_view>

namespace tocsin::ingest {

/// `NT AUTHORITY\SYSTEM` and the like for the SIDs that mean the same on every machine; the SID itself for the others.
std::string_view accountOfSid(std::string_view sid);
/// Whether an account is a machine's or a service's rather than a person's.
bool isMachineAccount(std::string_view account);
/// A guid that is always the same for one computer, whatever the letter case of its name.
Guid computerGuid(std::string_view computer);
/// A guid that is always the same for one event, so that importing a log twice shows.
Guid originGuid(const EvtxEvent& event);
/// `LogAlways`, `Critical`, `Error`, `Warning`, `Information`, `Verbose`; empty for other levels.
std::string_view levelName(std::int32_t level);

inline constexpr std::uint64_t kAuditSuccess = 0x0020'0000'0000'0000; ///< keyword bits of the Security channel
inline constexpr std::uint64_t kAuditFailure = 0x0010'0000'0000'0000;
/// The management group every directly connected agent reports.
inline constexpr Guid kManagementGroup{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

} // namespace tocsin::ingest
