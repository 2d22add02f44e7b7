// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/CefFields.h"

#include <array>
#include <unordered_map>

namespace tocsin::ingest {

namespace {

struct KeyColumn {
    std::string_view key;
    std::string_view column;
};

// Microsoft's "CEF and CommonSecurityLog field mapping"; numbered families (cs1 … cs6) are in customColumn().
constexpr std::array kKeyColumns{
    KeyColumn{"act", "DeviceAction"}, KeyColumn{"app", "ApplicationProtocol"}, KeyColumn{"cnt", "EventCount"}, KeyColumn{"cat", "DeviceEventCategory"},
    KeyColumn{"destinationDnsDomain", "DestinationDnsDomain"}, KeyColumn{"destinationServiceName", "DestinationServiceName"},
    KeyColumn{"destinationTranslatedAddress", "DestinationTranslatedAddress"}, KeyColumn{"destinationTranslatedPort", "DestinationTranslatedPort"},
    KeyColumn{"deviceDirection", "CommunicationDirection"}, KeyColumn{"deviceDnsDomain", "DeviceDnsDomain"}, KeyColumn{"deviceExternalId", "DeviceExternalID"},
    KeyColumn{"deviceFacility", "DeviceFacility"}, KeyColumn{"deviceInboundInterface", "DeviceInboundInterface"},
    KeyColumn{"deviceOutboundInterface", "DeviceOutboundInterface"}, KeyColumn{"deviceNtDomain", "DeviceNtDomain"},
    KeyColumn{"devicePayloadId", "DevicePayloadId"}, KeyColumn{"deviceProcessName", "ProcessName"},
    KeyColumn{"deviceTranslatedAddress", "DeviceTranslatedAddress"}, KeyColumn{"dhost", "DestinationHostName"}, KeyColumn{"dmac", "DestinationMACAddress"},
    KeyColumn{"dntdom", "DestinationNTDomain"}, KeyColumn{"dpid", "DestinationProcessId"}, KeyColumn{"dpriv", "DestinationUserPrivileges"},
    KeyColumn{"dproc", "DestinationProcessName"}, KeyColumn{"dpt", "DestinationPort"}, KeyColumn{"dst", "DestinationIP"}, KeyColumn{"dtz", "DeviceTimeZone"},
    KeyColumn{"duid", "DestinationUserID"}, KeyColumn{"duser", "DestinationUserName"}, KeyColumn{"dvc", "DeviceAddress"}, KeyColumn{"dvchost", "DeviceName"},
    KeyColumn{"dvcmac", "DeviceMacAddress"}, KeyColumn{"dvcpid", "ProcessID"}, KeyColumn{"end", "EndTime"}, KeyColumn{"start", "StartTime"},
    KeyColumn{"externalId", "ExternalID"}, KeyColumn{"fileCreateTime", "FileCreateTime"}, KeyColumn{"fileHash", "FileHash"}, KeyColumn{"fileId", "FileID"},
    KeyColumn{"fileModificationTime", "FileModificationTime"}, KeyColumn{"filePath", "FilePath"}, KeyColumn{"filePermission", "FilePermission"},
    KeyColumn{"fileType", "FileType"}, KeyColumn{"fname", "FileName"}, KeyColumn{"fsize", "FileSize"}, KeyColumn{"oldFileCreateTime", "OldFileCreateTime"},
    KeyColumn{"oldFileHash", "OldFileHash"}, KeyColumn{"oldFileId", "OldFileID"}, KeyColumn{"oldFileModificationTime", "OldFileModificationTime"},
    KeyColumn{"oldFileName", "OldFileName"}, KeyColumn{"oldFilePath", "OldFilePath"}, KeyColumn{"oldFilePermission", "OldFilePermission"},
    KeyColumn{"oldFileSize", "OldFileSize"}, KeyColumn{"oldFileType", "OldFileType"}, KeyColumn{"in", "ReceivedBytes"}, KeyColumn{"out", "SentBytes"},
    KeyColumn{"msg", "Message"}, KeyColumn{"outcome", "EventOutcome"}, KeyColumn{"proto", "Protocol"}, KeyColumn{"reason", "Reason"},
    KeyColumn{"request", "RequestURL"}, KeyColumn{"requestClientApplication", "RequestClientApplication"}, KeyColumn{"requestContext", "RequestContext"},
    KeyColumn{"requestCookies", "RequestCookies"}, KeyColumn{"requestMethod", "RequestMethod"}, KeyColumn{"rt", "ReceiptTime"},
    KeyColumn{"shost", "SourceHostName"}, KeyColumn{"smac", "SourceMACAddress"}, KeyColumn{"sntdom", "SourceNTDomain"}, KeyColumn{"spid", "SourceProcessId"},
    KeyColumn{"spriv", "SourceUserPrivileges"}, KeyColumn{"sproc", "SourceProcessName"}, KeyColumn{"spt", "SourcePort"}, KeyColumn{"src", "SourceIP"},
    KeyColumn{"sourceDnsDomain", "SourceDnsDomain"}, KeyColumn{"sourceServiceName", "SourceServiceName"},
    KeyColumn{"sourceTranslatedAddress", "SourceTranslatedAddress"}, KeyColumn{"sourceTranslatedPort", "SourceTranslatedPort"},
    KeyColumn{"suid", "SourceUserID"}, KeyColumn{"suser", "SourceUserName"}, KeyColumn{"type", "EventType"},
};

struct Family {
    std::string_view key;
    std::string_view column;
    char last; ///< highest number
};
constexpr std::array kFamilies{
    Family{"c6a", "DeviceCustomIPv6Address", '4'}, Family{"cfp", "DeviceCustomFloatingPoint", '4'}, Family{"cn", "DeviceCustomNumber", '3'},
    Family{"cs", "DeviceCustomString", '6'}, Family{"deviceCustomDate", "DeviceCustomDate", '2'}, Family{"flexDate", "FlexDate", '1'},
    Family{"flexNumber", "FlexNumber", '2'}, Family{"flexString", "FlexString", '2'},
};

/// `cs1` and `cs1Label` → DeviceCustomString1 and DeviceCustomString1Label.
std::string customColumn(std::string_view key)
{
    for (const Family& family : kFamilies) {
        if (!key.starts_with(family.key) || key.size() <= family.key.size())
            continue;
        const char number = key[family.key.size()];
        const std::string_view tail = key.substr(family.key.size() + 1);
        if (number >= '1' && number <= family.last && (tail.empty() || tail == "Label"))
            return std::string(family.column) + number + std::string(tail);
    }
    return {};
}

std::unordered_map<std::string_view, std::string_view> makeMap()
{
    std::unordered_map<std::string_view, std::string_view> map;
    for (const KeyColumn& entry : kKeyColumns)
        map.emplace(entry.key, entry.column);
    return map;
}

} // namespace

std::string cefColumn(std::string_view key)
{
    static const std::unordered_map<std::string_view, std::string_view> kMap = makeMap();
    if (const auto found = kMap.find(key); found != kMap.end())
        return std::string(found->second);
    return customColumn(key);
}

} // namespace tocsin::ingest
