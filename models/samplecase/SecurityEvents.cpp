// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/WindowsEvents.h"

namespace tocsin::samplecase {

namespace {

constexpr std::uint64_t kAuditSuccess = 0x8020000000000000;
constexpr std::uint64_t kAuditFailure = 0x8010000000000000;

EvtxEvent securityEvent(const Host& host, std::uint16_t id, std::uint8_t version, std::uint16_t task, std::uint64_t keywords = kAuditSuccess)
{
    EvtxEvent event;
    event.provider = "Microsoft-Windows-Security-Auditing";
    event.providerGuid = "{54849625-5478-4994-a5ba-3e3b0328c30d}";
    event.id = id;
    event.version = version;
    event.task = task;
    event.keywords = keywords;
    event.processId = id == 4688 ? 4 : 652;
    event.threadId = 708;
    event.channel = "Security";
    event.computer = host.computer;
    return event;
}

void text(EvtxEvent& event, std::string name, std::string_view value) { event.data.push_back({std::move(name), evtxText(value)}); }
void sid(EvtxEvent& event, std::string name, std::string_view value) { event.data.push_back({std::move(name), evtxSid(value)}); }
void hex64(EvtxEvent& event, std::string name, std::uint64_t value) { event.data.push_back({std::move(name), evtxHex64(value)}); }
void hex32(EvtxEvent& event, std::string name, std::uint32_t value) { event.data.push_back({std::move(name), evtxHex32(value)}); }
void number(EvtxEvent& event, std::string name, std::uint32_t value) { event.data.push_back({std::move(name), evtxUInt32(value)}); }
void guid(EvtxEvent& event, std::string name, const Guid& value) { event.data.push_back({std::move(name), evtxGuid(value)}); }

void identity(EvtxEvent& event, const std::string& role, const Account& account)
{
    sid(event, role + "UserSid", account.sid);
    text(event, role + "UserName", account.name);
    text(event, role + "DomainName", account.domain);
}

void subject(EvtxEvent& event, const Session& session)
{
    identity(event, "Subject", session.account);
    hex64(event, "SubjectLogonId", session.logonId);
}

/// The subject as it stands behind the target in account management events.
void nobody(EvtxEvent& event)
{
    sid(event, "SubjectUserSid", "S-1-0-0");
    text(event, "SubjectUserName", "-");
    text(event, "SubjectDomainName", "-");
    hex64(event, "SubjectLogonId", 0);
}

std::string portText(std::uint32_t port) { return port == 0 ? std::string("-") : std::to_string(port); }

std::string xmlText(std::string_view raw)
{
    std::string out;
    for (const char c : raw) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

} // namespace

std::string accountText(const Account& account) { return account.domain + '\\' + account.name; }

EvtxEvent logonEvent(const Host& host, const LogonFacts& facts)
{
    EvtxEvent event = securityEvent(host, 4624, 2, 12544);
    const bool local = facts.type == 2 || facts.type == 7 || facts.type == 10 || facts.type == 5;
    if (local)
        subject(event, {Company::system(host), 0x3E7, {}});
    else
        nobody(event);
    identity(event, "Target", facts.session.account);
    hex64(event, "TargetLogonId", facts.session.logonId);
    number(event, "LogonType", static_cast<std::uint32_t>(facts.type));
    text(event, "LogonProcessName", facts.process);
    text(event, "AuthenticationPackageName", facts.package);
    text(event, "WorkstationName", facts.workstation);
    guid(event, "LogonGuid", facts.session.logonGuid);
    text(event, "TransmittedServices", "-");
    text(event, "LmPackageName", facts.package == "NTLM" ? "NTLM V2" : "-");
    number(event, "KeyLength", facts.package == "NTLM" ? 128 : 0);
    hex64(event, "ProcessId", facts.processName == "-" ? 0 : 0x2F4);
    text(event, "ProcessName", facts.processName);
    text(event, "IpAddress", facts.address);
    text(event, "IpPort", portText(facts.port));
    text(event, "ImpersonationLevel", "%%1833");
    text(event, "RestrictedAdminMode", facts.type == 10 ? "%%1843" : "-");
    text(event, "TargetOutboundUserName", "-");
    text(event, "TargetOutboundDomainName", "-");
    text(event, "VirtualAccount", "%%1843");
    hex64(event, "TargetLinkedLogonId", 0);
    text(event, "ElevatedToken", facts.elevated ? "%%1842" : "%%1843");
    return event;
}

EvtxEvent logonFailedEvent(const Host& host, const LogonFacts& facts, std::uint32_t subStatus)
{
    EvtxEvent event = securityEvent(host, 4625, 0, 12544, kAuditFailure);
    nobody(event);
    sid(event, "TargetUserSid", "S-1-0-0");
    text(event, "TargetUserName", facts.session.account.name);
    text(event, "TargetDomainName", facts.session.account.domain);
    hex32(event, "Status", 0xC000006D);
    text(event, "FailureReason", "%%2313");
    hex32(event, "SubStatus", subStatus);
    number(event, "LogonType", static_cast<std::uint32_t>(facts.type));
    text(event, "LogonProcessName", facts.process);
    text(event, "AuthenticationPackageName", facts.package);
    text(event, "WorkstationName", facts.workstation);
    text(event, "TransmittedServices", "-");
    text(event, "LmPackageName", "-");
    number(event, "KeyLength", 0);
    hex64(event, "ProcessId", 0);
    text(event, "ProcessName", "-");
    text(event, "IpAddress", facts.address);
    text(event, "IpPort", portText(facts.port));
    return event;
}

EvtxEvent logoffEvent(const Host& host, const Session& session, int type)
{
    EvtxEvent event = securityEvent(host, 4634, 0, 12545);
    identity(event, "Target", session.account);
    hex64(event, "TargetLogonId", session.logonId);
    number(event, "LogonType", static_cast<std::uint32_t>(type));
    return event;
}

EvtxEvent specialPrivilegesEvent(const Host& host, const Session& session)
{
    EvtxEvent event = securityEvent(host, 4672, 0, 12548);
    subject(event, session);
    text(event, "PrivilegeList", "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege\r\n\t\t\tSeTakeOwnershipPrivilege\r\n\t\t\t"
                                 "SeDebugPrivilege\r\n\t\t\tSeSystemEnvironmentPrivilege\r\n\t\t\tSeLoadDriverPrivilege\r\n\t\t\tSeImpersonatePrivilege");
    return event;
}

EvtxEvent explicitLogonEvent(const Host& host, const Session& session, const Account& target, std::string_view server, std::uint32_t pid,
                             std::string_view process)
{
    EvtxEvent event = securityEvent(host, 4648, 0, 12544);
    subject(event, session);
    guid(event, "LogonGuid", session.logonGuid);
    text(event, "TargetUserName", target.name);
    text(event, "TargetDomainName", target.domain);
    guid(event, "TargetLogonGuid", {});
    text(event, "TargetServerName", server);
    text(event, "TargetInfo", server);
    hex64(event, "ProcessId", pid);
    text(event, "ProcessName", process);
    text(event, "IpAddress", "-");
    text(event, "IpPort", "-");
    return event;
}

EvtxEvent processEvent(const Host& host, const ProcessFacts& facts)
{
    EvtxEvent event = securityEvent(host, 4688, 2, 13312);
    subject(event, facts.session);
    hex64(event, "NewProcessId", facts.pid);
    text(event, "NewProcessName", facts.image);
    text(event, "TokenElevationType", facts.integrity == "High" ? "%%1937" : facts.integrity == "System" ? "%%1936" : "%%1938");
    hex64(event, "ProcessId", facts.parentPid);
    text(event, "CommandLine", facts.commandLine);
    sid(event, "TargetUserSid", "S-1-0-0");
    text(event, "TargetUserName", "-");
    text(event, "TargetDomainName", "-");
    hex64(event, "TargetLogonId", 0);
    text(event, "ParentProcessName", facts.parentImage);
    sid(event, "MandatoryLabel", facts.integrity == "High" ? "S-1-16-12288" : facts.integrity == "System" ? "S-1-16-16384" : "S-1-16-8192");
    return event;
}

EvtxEvent accountCreatedEvent(const Host& host, const Session& session, const Account& created)
{
    EvtxEvent event = securityEvent(host, 4720, 0, 13824);
    text(event, "TargetUserName", created.name);
    text(event, "TargetDomainName", created.domain);
    sid(event, "TargetSid", created.sid);
    subject(event, session);
    text(event, "PrivilegeList", "-");
    text(event, "SamAccountName", created.name);
    text(event, "DisplayName", "%%1793");
    text(event, "UserPrincipalName", "-");
    for (const char* const name : {"HomeDirectory", "HomePath", "ScriptPath", "ProfilePath", "UserWorkstations"})
        text(event, name, "%%1793");
    text(event, "PasswordLastSet", "%%1794");
    text(event, "AccountExpires", "%%1794");
    text(event, "PrimaryGroupId", "513");
    text(event, "AllowedToDelegateTo", "-");
    text(event, "OldUacValue", "0x0");
    text(event, "NewUacValue", "0x15");
    text(event, "UserAccountControl", "\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084");
    text(event, "UserParameters", "%%1793");
    text(event, "SidHistory", "-");
    text(event, "LogonHours", "%%1797");
    return event;
}

EvtxEvent accountEnabledEvent(const Host& host, const Session& session, const Account& target)
{
    EvtxEvent event = securityEvent(host, 4722, 0, 13824);
    text(event, "TargetUserName", target.name);
    text(event, "TargetDomainName", target.domain);
    sid(event, "TargetSid", target.sid);
    subject(event, session);
    return event;
}

EvtxEvent groupMemberEvent(const Host& host, const Session& session, const Account& member)
{
    EvtxEvent event = securityEvent(host, 4732, 0, 13826);
    text(event, "MemberName", "-");
    sid(event, "MemberSid", member.sid);
    text(event, "TargetUserName", "Administrators");
    text(event, "TargetDomainName", "Builtin");
    sid(event, "TargetSid", "S-1-5-32-544");
    subject(event, session);
    text(event, "PrivilegeList", "-");
    return event;
}

EvtxEvent serviceInstalledEvent(const Host& host, const Session& session, std::string_view service, std::string_view file)
{
    EvtxEvent event = securityEvent(host, 4697, 0, 12289);
    subject(event, session);
    text(event, "ServiceName", service);
    text(event, "ServiceFileName", file);
    hex32(event, "ServiceType", 0x10);
    number(event, "ServiceStartType", 3);
    text(event, "ServiceAccount", "LocalSystem");
    return event;
}

EvtxEvent taskCreatedEvent(const Host& host, const Session& session, std::string_view task, std::string_view command, std::string_view arguments)
{
    EvtxEvent event = securityEvent(host, 4698, 0, 12804);
    subject(event, session);
    text(event, "TaskName", task);
    std::string content = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\r\n"
                          "  <RegistrationInfo>\r\n    <Author>" + xmlText(accountText(session.account)) + "</Author>\r\n  </RegistrationInfo>\r\n"
                          "  <Triggers>\r\n    <TimeTrigger>\r\n      <Repetition>\r\n        <Interval>PT15M</Interval>\r\n      </Repetition>\r\n"
                          "      <Enabled>true</Enabled>\r\n    </TimeTrigger>\r\n  </Triggers>\r\n  <Settings>\r\n    <Enabled>true</Enabled>\r\n    <Hidden>true</Hidden>\r\n"
                          "  </Settings>\r\n  <Actions Context=\"Author\">\r\n    <Exec>\r\n      <Command>";
    content += xmlText(command);
    content += "</Command>\r\n      <Arguments>" + xmlText(arguments) + "</Arguments>\r\n    </Exec>\r\n  </Actions>\r\n</Task>";
    text(event, "TaskContent", content);
    return event;
}

EvtxEvent shareFileEvent(const Host& host, const Session& session, std::string_view address, std::uint32_t port, std::string_view share,
                         std::string_view file)
{
    EvtxEvent event = securityEvent(host, 5145, 0, 12811);
    subject(event, session);
    text(event, "ObjectType", "File");
    text(event, "IpAddress", address);
    text(event, "IpPort", portText(port));
    text(event, "ShareName", share);
    text(event, "ShareLocalPath", "\\??\\C:\\Windows");
    text(event, "RelativeTargetName", file);
    hex32(event, "AccessMask", 0x17019F);
    text(event, "AccessList", "%%1538\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4417\r\n\t\t\t\t%%4418\r\n\t\t\t\t");
    text(event, "AccessReason", "-");
    return event;
}

EvtxEvent ticketGrantedEvent(const Host& host, const Account& account, std::string_view address, std::uint32_t port)
{
    EvtxEvent event = securityEvent(host, 4768, 0, 14339);
    text(event, "TargetUserName", account.name);
    text(event, "TargetDomainName", account.domain);
    sid(event, "TargetSid", account.sid);
    text(event, "ServiceName", "krbtgt");
    sid(event, "ServiceSid", std::string(Company::kDomainSid) + "-502");
    hex32(event, "TicketOptions", 0x40810010);
    hex32(event, "Status", 0);
    hex32(event, "TicketEncryptionType", 0x12);
    text(event, "PreAuthType", "2");
    text(event, "IpAddress", "::ffff:" + std::string(address));
    text(event, "IpPort", portText(port));
    text(event, "CertIssuerName", "");
    text(event, "CertSerialNumber", "");
    text(event, "CertThumbprint", "");
    return event;
}

EvtxEvent serviceTicketEvent(const Host& host, const Account& account, std::string_view service, std::string_view address, std::uint32_t port,
                             std::uint32_t encryption)
{
    EvtxEvent event = securityEvent(host, 4769, 0, 14337);
    text(event, "TargetUserName", account.name + '@' + "CORP.NORTHWHARF.EXAMPLE");
    text(event, "TargetDomainName", "CORP.NORTHWHARF.EXAMPLE");
    text(event, "ServiceName", service);
    sid(event, "ServiceSid", std::string(Company::kDomainSid) + "-1612");
    hex32(event, "TicketOptions", 0x40810000);
    hex32(event, "TicketEncryptionType", encryption);
    text(event, "IpAddress", "::ffff:" + std::string(address));
    text(event, "IpPort", portText(port));
    hex32(event, "Status", 0);
    guid(event, "LogonGuid", {});
    text(event, "TransmittedServices", "-");
    return event;
}

EvtxEvent replicationEvent(const Host& host, const Session& session)
{
    EvtxEvent event = securityEvent(host, 4662, 0, 14080);
    subject(event, session);
    text(event, "ObjectServer", "DS");
    text(event, "ObjectType", "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}");
    text(event, "ObjectName", "%{7c2f1f0a-4d6e-4e0c-9a5b-2b1d9e6f4a10}");
    text(event, "OperationType", "Object Access");
    hex64(event, "HandleId", 0);
    text(event, "AccessList", "%%7688\r\n\t\t\t\t");
    hex32(event, "AccessMask", 0x100);
    text(event, "Properties", "%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n\t{19195a5b-6da0-11d0-afd3-00c04fd930c9}\r\n");
    text(event, "AdditionalInfo", "-");
    text(event, "AdditionalInfo2", "");
    return event;
}

EvtxEvent securityLogClearedEvent(const Host& host, const Session& session)
{
    EvtxEvent event = securityEvent(host, 1102, 0, 104, 0x4020000000000000);
    event.provider = "Microsoft-Windows-Eventlog";
    event.providerGuid = "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}";
    event.level = 4;
    event.userDataElement = "LogFileCleared";
    event.userDataNamespace = "http://manifests.microsoft.com/win/2004/08/windows/eventlog";
    subject(event, session);
    return event;
}

} // namespace tocsin::samplecase
