// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::ingest {

/// The name of an event of the Security channel or AppLocker, without a full stop; empty if it is not a known one. Names are those Windows
/// shows (Microsoft's list of advanced audit policy events).
std::string_view securityEventName(std::uint32_t eventId);
/// `4624 - An account was successfully logged on.`; the number alone for an event without a known name.
std::string activityText(std::uint32_t eventId, std::string_view provider);
/// What the message of a well-known event outside the Security channel begins with (Sysmon, service installation, …); empty if none.
std::string_view eventTitle(std::string_view provider, std::uint32_t eventId);

} // namespace tocsin::ingest
