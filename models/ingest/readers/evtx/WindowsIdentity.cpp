// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/WindowsIdentity.h"

#include "base/Utf8.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace tocsin::ingest {

namespace {

Guid guidOf(XXH128_hash_t hash)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    Guid guid;
    std::memcpy(guid.bytes.data(), canonical.digest, guid.bytes.size());
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0F) | 0x80); // version 8: made by a rule of our own (RFC 9562)
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3F) | 0x80);
    return guid;
}

} // namespace

std::string_view accountOfSid(std::string_view sid)
{
    // Microsoft's list of well-known security identifiers.
    static constexpr std::pair<std::string_view, std::string_view> kKnown[] = {
        {"S-1-0-0", "NULL SID"}, {"S-1-1-0", "Everyone"}, {"S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON"}, {"S-1-5-11", "NT AUTHORITY\\Authenticated Users"},
        {"S-1-5-17", "NT AUTHORITY\\IUSR"}, {"S-1-5-18", "NT AUTHORITY\\SYSTEM"}, {"S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE"},
        {"S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE"}, {"S-1-5-32-544", "BUILTIN\\Administrators"}, {"S-1-5-32-545", "BUILTIN\\Users"},
        {"S-1-5-32-546", "BUILTIN\\Guests"},
    };
    for (const auto& [known, account] : kKnown) {
        if (known == sid)
            return account;
    }
    return sid;
}

bool isMachineAccount(std::string_view account)
{
    return account.ends_with('$') || equalsIgnoringCase(account, "NT AUTHORITY\\SYSTEM") || equalsIgnoringCase(account, "NT AUTHORITY\\LOCAL SERVICE") ||
           equalsIgnoringCase(account, "NT AUTHORITY\\NETWORK SERVICE");
}

Guid computerGuid(std::string_view computer)
{
    std::string folded(computer);
    std::transform(folded.begin(), folded.end(), folded.begin(), foldAscii);
    return guidOf(XXH3_128bits(folded.data(), folded.size()));
}

Guid originGuid(const EvtxEvent& event)
{
    std::string key;
    key.reserve(event.channel.size() + event.computer.size() + event.provider.size() + 32);
    for (const std::string_view part : {event.computer, event.channel, event.provider}) {
        key += part;
        key += '\0';
    }
    for (const std::uint64_t number : {event.recordId, static_cast<std::uint64_t>(event.time), std::uint64_t{event.eventId}})
        key.append(reinterpret_cast<const char*>(&number), sizeof number);
    return guidOf(XXH3_128bits(key.data(), key.size()));
}

std::string_view levelName(std::int32_t level)
{
    static constexpr std::string_view kNames[] = {"LogAlways", "Critical", "Error", "Warning", "Information", "Verbose"};
    return level >= 0 && level < 6 ? kNames[level] : std::string_view();
}

} // namespace tocsin::ingest
