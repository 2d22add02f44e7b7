// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/WindowsEvents.h"

#include <array>

namespace tocsin::samplecase {

namespace {

EvtxEvent sysmonEvent(const Host& host, std::uint16_t id, std::uint8_t version)
{
    EvtxEvent event;
    event.provider = "Microsoft-Windows-Sysmon";
    event.providerGuid = "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}";
    event.id = id;
    event.version = version;
    event.level = 4;
    event.task = id;
    event.keywords = 0x8000000000000000;
    event.processId = 2788;
    event.threadId = 3640;
    event.channel = "Microsoft-Windows-Sysmon/Operational";
    event.computer = host.computer;
    event.userSid = "S-1-5-18";
    return event;
}

EvtxEvent systemEvent(const Host& host, std::uint16_t id)
{
    EvtxEvent event;
    event.provider = "Service Control Manager";
    event.providerGuid = "{555908d1-a6d7-4695-8e1e-26931d2012f4}";
    event.eventSourceName = "Service Control Manager";
    event.qualifiers = 16384;
    event.id = id;
    event.level = 4;
    event.keywords = 0x8080000000000000;
    event.processId = 628;
    event.threadId = 2104;
    event.channel = "System";
    event.computer = host.computer;
    return event;
}

EvtxEvent defenderEvent(const Host& host, std::uint16_t id)
{
    EvtxEvent event;
    event.provider = "Microsoft-Windows-Windows Defender";
    event.providerGuid = "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}";
    event.id = id;
    event.level = 4;
    event.keywords = 0x8000000000000000;
    event.processId = 3012;
    event.threadId = 5180;
    event.channel = "Microsoft-Windows-Windows Defender/Operational";
    event.computer = host.computer;
    event.userSid = "S-1-5-18";
    event.data = {{"Product Name", evtxText("Microsoft Defender Antivirus")}, {"Product Version", evtxText("4.18.26010.5")}};
    return event;
}

void add(EvtxEvent& event, std::string name, EvtxValue value) { event.data.push_back({std::move(name), std::move(value)}); }

std::string fileName(std::string_view path) { return std::string(path.substr(path.rfind('\\') + 1)); }

/// Sysmon's UtcTime, to the millisecond.
std::string utcTime(Ticks time)
{
    std::string out = formatDateTime(time).substr(0, 23);
    out[10] = ' ';
    return out;
}

/// Sums that are stable for a file name; the files are invented, so are these.
std::string hashes(std::string_view image)
{
    Random random(fnv1a(image), "hashes");
    return "MD5=" + random.hex(32) + ",SHA256=" + random.hex(64) + ",IMPHASH=" + random.hex(32);
}

struct Product {
    std::string_view file;
    std::string_view description;
    std::string_view product;
    std::string_view company;
    std::string_view version;
};

constexpr std::string_view kMicrosoft = "Microsoft Corporation";
constexpr std::string_view kWindows = "Microsoft® Windows® Operating System";
constexpr std::string_view kBuild = "10.0.20348.1 (WinBuild.160101.0800)";
constexpr std::array kProducts{
    Product{"powershell.exe", "Windows PowerShell", kWindows, kMicrosoft, kBuild},
    Product{"cmd.exe", "Windows Command Processor", kWindows, kMicrosoft, kBuild},
    Product{"svchost.exe", "Host Process for Windows Services", kWindows, kMicrosoft, kBuild},
    Product{"vssadmin.exe", "Command Line Interface for Microsoft® Volume Shadow Copy Service", kWindows, kMicrosoft, kBuild},
    Product{"wevtutil.exe", "Eventing Command Line Utility", kWindows, kMicrosoft, kBuild},
    Product{"net.exe", "Net Command", kWindows, kMicrosoft, kBuild},
    Product{"whoami.exe", "whoami - displays logged on user information", kWindows, kMicrosoft, kBuild},
    Product{"mstsc.exe", "Remote Desktop Connection", kWindows, kMicrosoft, kBuild},
    Product{"procdump64.exe", "Sysinternals process dump utility", "ProcDump", "Sysinternals - www.sysinternals.com", "11.0"},
    Product{"PSEXESVC.exe", "PsExec Service", "Sysinternals PsExec", "Sysinternals - www.sysinternals.com", "2.43"},
    Product{"7z.exe", "7-Zip Console", "7-Zip", "Igor Pavlov", "24.08"},
    Product{"WINWORD.EXE", "Microsoft Word", "Microsoft Office", kMicrosoft, "16.0.18429.20132"},
    Product{"OUTLOOK.EXE", "Microsoft Outlook", "Microsoft Outlook", kMicrosoft, "16.0.18429.20132"},
    Product{"EXCEL.EXE", "Microsoft Excel", "Microsoft Office", kMicrosoft, "16.0.18429.20132"},
    Product{"msedge.exe", "Microsoft Edge", "Microsoft Edge", kMicrosoft, "144.0.3719.82"},
};

const Product& productOf(std::string_view file)
{
    static constexpr Product kOther{"", "-", kWindows, kMicrosoft, kBuild};
    for (const Product& product : kProducts)
        if (product.file == file)
            return product;
    return kOther;
}

} // namespace

EvtxEvent serviceRegisteredEvent(const Host& host, std::string_view userSid, std::string_view service, std::string_view path)
{
    EvtxEvent event = systemEvent(host, 7045);
    event.userSid = userSid;
    add(event, "ServiceName", evtxText(service));
    add(event, "ImagePath", evtxText(path));
    add(event, "ServiceType", evtxText("user mode service"));
    add(event, "StartType", evtxText("demand start"));
    add(event, "AccountName", evtxText("LocalSystem"));
    return event;
}

EvtxEvent serviceStateEvent(const Host& host, std::string_view service, std::string_view state)
{
    EvtxEvent event = systemEvent(host, 7036);
    add(event, "param1", evtxText(service));
    add(event, "param2", evtxText(state));
    return event;
}

EvtxEvent systemLogClearedEvent(const Host& host, const Session& session, std::string_view channel)
{
    EvtxEvent event = systemEvent(host, 104);
    event.provider = "Microsoft-Windows-Eventlog";
    event.providerGuid = "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}";
    event.eventSourceName.clear();
    event.qualifiers.reset();
    event.task = 104;
    event.keywords = 0x8000000000000000;
    event.userSid = session.account.sid;
    event.userDataElement = "LogFileCleared";
    event.userDataNamespace = "http://manifests.microsoft.com/win/2004/08/windows/eventlog";
    add(event, "SubjectUserName", evtxText(session.account.name));
    add(event, "SubjectDomainName", evtxText(session.account.domain));
    add(event, "Channel", evtxText(channel));
    add(event, "BackupPath", evtxText(""));
    return event;
}

EvtxEvent defenderDisabledEvent(const Host& host) { return defenderEvent(host, 5001); }

EvtxEvent defenderHealthyEvent(const Host& host)
{
    EvtxEvent event = defenderEvent(host, 1150);
    add(event, "Platform version", evtxText("4.18.26010.5"));
    add(event, "Engine version", evtxText("1.1.26010.1"));
    add(event, "Signature version", evtxText("1.443.512.0"));
    return event;
}

EvtxEvent sysmonProcessEvent(const Host& host, const ProcessFacts& facts, Ticks time)
{
    EvtxEvent event = sysmonEvent(host, 1, 5);
    const std::string file = fileName(facts.image);
    const Product& product = productOf(file);
    add(event, "RuleName", evtxText("-"));
    add(event, "UtcTime", evtxText(utcTime(time)));
    add(event, "ProcessGuid", evtxGuid(facts.guid));
    add(event, "ProcessId", evtxUInt32(facts.pid));
    add(event, "Image", evtxText(facts.image));
    add(event, "FileVersion", evtxText(product.version));
    add(event, "Description", evtxText(product.description));
    add(event, "Product", evtxText(product.product));
    add(event, "Company", evtxText(product.company));
    add(event, "OriginalFileName", evtxText(file));
    add(event, "CommandLine", evtxText(facts.commandLine));
    add(event, "CurrentDirectory", evtxText("C:\\Windows\\system32\\"));
    add(event, "User", evtxText(facts.integrity == "System" ? "NT AUTHORITY\\SYSTEM" : accountText(facts.session.account)));
    add(event, "LogonGuid", evtxGuid(facts.session.logonGuid));
    add(event, "LogonId", evtxHex64(facts.session.logonId));
    add(event, "TerminalSessionId", evtxUInt32(facts.integrity == "System" ? 0 : 1));
    add(event, "IntegrityLevel", evtxText(facts.integrity));
    add(event, "Hashes", evtxText(hashes(file)));
    add(event, "ParentProcessGuid", evtxGuid(facts.parentGuid));
    add(event, "ParentProcessId", evtxUInt32(facts.parentPid));
    add(event, "ParentImage", evtxText(facts.parentImage));
    add(event, "ParentCommandLine", evtxText(facts.parentCommandLine.empty() ? facts.parentImage : facts.parentCommandLine));
    add(event, "ParentUser", evtxText(facts.integrity == "System" ? "NT AUTHORITY\\SYSTEM" : accountText(facts.session.account)));
    return event;
}

EvtxEvent sysmonConnectionEvent(const Host& host, const ConnectionFacts& facts, Ticks time)
{
    EvtxEvent event = sysmonEvent(host, 3, 5);
    add(event, "RuleName", evtxText("-"));
    add(event, "UtcTime", evtxText(utcTime(time)));
    add(event, "ProcessGuid", evtxGuid(facts.guid));
    add(event, "ProcessId", evtxUInt32(facts.pid));
    add(event, "Image", evtxText(facts.image));
    add(event, "User", evtxText(facts.user));
    add(event, "Protocol", evtxText("tcp"));
    add(event, "Initiated", evtxBool(true));
    add(event, "SourceIsIpv6", evtxBool(false));
    add(event, "SourceIp", evtxText(facts.sourceIp));
    add(event, "SourceHostname", evtxText(host.computer));
    add(event, "SourcePort", evtxUInt16(facts.sourcePort));
    add(event, "SourcePortName", evtxText("-"));
    add(event, "DestinationIsIpv6", evtxBool(false));
    add(event, "DestinationIp", evtxText(facts.targetIp));
    add(event, "DestinationHostname", evtxText(facts.targetHost));
    add(event, "DestinationPort", evtxUInt16(facts.targetPort));
    add(event, "DestinationPortName", evtxText(facts.targetPort == 443 ? "https" : facts.targetPort == 3389 ? "ms-wbt-server" : "-"));
    return event;
}

EvtxEvent sysmonAccessEvent(const Host& host, const ProcessFacts& source, std::string_view targetImage, std::uint32_t access, Ticks time)
{
    EvtxEvent event = sysmonEvent(host, 10, 3);
    Random random(fnv1a(host.name), targetImage);
    add(event, "RuleName", evtxText("-"));
    add(event, "UtcTime", evtxText(utcTime(time)));
    add(event, "SourceProcessGUID", evtxGuid(source.guid));
    add(event, "SourceProcessId", evtxUInt32(source.pid));
    add(event, "SourceThreadId", evtxUInt32(source.pid + 8));
    add(event, "SourceImage", evtxText(source.image));
    add(event, "TargetProcessGUID", evtxGuid(random.guid()));
    add(event, "TargetProcessId", evtxUInt32(652));
    add(event, "TargetImage", evtxText(targetImage));
    add(event, "GrantedAccess", evtxHex32(access));
    add(event, "CallTrace", evtxText("C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c0fe|" + source.image + "+1a6c2"));
    add(event, "SourceUser", evtxText(source.integrity == "System" ? "NT AUTHORITY\\SYSTEM" : accountText(source.session.account)));
    add(event, "TargetUser", evtxText("NT AUTHORITY\\SYSTEM"));
    return event;
}

EvtxEvent sysmonFileEvent(const Host& host, const ProcessFacts& creator, std::string_view file, Ticks time)
{
    EvtxEvent event = sysmonEvent(host, 11, 2);
    add(event, "RuleName", evtxText("-"));
    add(event, "UtcTime", evtxText(utcTime(time)));
    add(event, "ProcessGuid", evtxGuid(creator.guid));
    add(event, "ProcessId", evtxUInt32(creator.pid));
    add(event, "Image", evtxText(creator.image));
    add(event, "TargetFilename", evtxText(file));
    add(event, "CreationUtcTime", evtxText(utcTime(time)));
    add(event, "User", evtxText(accountText(creator.session.account)));
    return event;
}

} // namespace tocsin::samplecase
