// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/Company.h"
#include "samplecase/EvtxWriter.h"

#include <string>
#include <string_view>

namespace tocsin::samplecase {

/// A logon on one machine: who, and the numbers later events refer to.
struct Session {
    Account account;
    std::uint64_t logonId = 0x3E7;
    Guid logonGuid;
};

struct LogonFacts {
    Session session;
    int type = 3;                 ///< 2 interactive, 3 network, 5 service, 7 unlock, 10 remote interactive
    std::string process = "Kerberos";
    std::string package = "Kerberos";
    std::string workstation = "-";
    std::string processName = "-";
    std::string address = "-";
    std::uint32_t port = 0;
    bool elevated = false;
};

struct ProcessFacts {
    Session session;
    std::string image;
    std::string commandLine;
    std::uint32_t pid = 0;
    std::string parentImage;
    std::string parentCommandLine;
    std::uint32_t parentPid = 0;
    std::string integrity = "Medium"; ///< Medium, High or System
    Guid guid;
    Guid parentGuid;
};

struct ConnectionFacts {
    Guid guid;
    std::uint32_t pid = 0;
    std::string image;
    std::string user; ///< `DOMAIN\name`
    std::string sourceIp;
    std::uint16_t sourcePort = 0;
    std::string targetIp;
    std::string targetHost;
    std::uint16_t targetPort = 0;
};

// Events of the Security channel (Microsoft-Windows-Security-Auditing; fields as in Microsoft's audit event reference). The time,
// the computer and the record number are the log's business.
EvtxEvent logonEvent(const Host& host, const LogonFacts& facts);                                              // 4624
EvtxEvent logonFailedEvent(const Host& host, const LogonFacts& facts, std::uint32_t subStatus);              // 4625
EvtxEvent logoffEvent(const Host& host, const Session& session, int type);                                   // 4634
EvtxEvent specialPrivilegesEvent(const Host& host, const Session& session);                                  // 4672
EvtxEvent explicitLogonEvent(const Host& host, const Session& subject, const Account& target, std::string_view server,
                             std::uint32_t pid, std::string_view process);                                   // 4648
EvtxEvent processEvent(const Host& host, const ProcessFacts& facts);                                         // 4688
EvtxEvent accountCreatedEvent(const Host& host, const Session& subject, const Account& created);             // 4720
EvtxEvent accountEnabledEvent(const Host& host, const Session& subject, const Account& target);              // 4722
EvtxEvent groupMemberEvent(const Host& host, const Session& subject, const Account& member);                 // 4732, Administrators
EvtxEvent serviceInstalledEvent(const Host& host, const Session& subject, std::string_view service, std::string_view file); // 4697
EvtxEvent taskCreatedEvent(const Host& host, const Session& subject, std::string_view task, std::string_view command,
                           std::string_view arguments);                                                      // 4698
EvtxEvent shareFileEvent(const Host& host, const Session& subject, std::string_view address, std::uint32_t port,
                         std::string_view share, std::string_view file);                                     // 5145
EvtxEvent ticketGrantedEvent(const Host& host, const Account& account, std::string_view address, std::uint32_t port); // 4768
EvtxEvent serviceTicketEvent(const Host& host, const Account& account, std::string_view service, std::string_view address,
                             std::uint32_t port, std::uint32_t encryption);                                  // 4769
EvtxEvent replicationEvent(const Host& host, const Session& subject);                                        // 4662, DS-Replication-Get-Changes-All
EvtxEvent securityLogClearedEvent(const Host& host, const Session& subject);                                 // 1102

// Other channels.
EvtxEvent serviceRegisteredEvent(const Host& host, std::string_view userSid, std::string_view service, std::string_view path); // 7045
EvtxEvent serviceStateEvent(const Host& host, std::string_view service, std::string_view state);             // 7036
EvtxEvent systemLogClearedEvent(const Host& host, const Session& subject, std::string_view channel);         // 104
EvtxEvent defenderDisabledEvent(const Host& host);                                                           // 5001
EvtxEvent defenderHealthyEvent(const Host& host);                                                            // 1150
EvtxEvent sysmonProcessEvent(const Host& host, const ProcessFacts& facts, Ticks time);                       // 1
EvtxEvent sysmonConnectionEvent(const Host& host, const ConnectionFacts& facts, Ticks time);                 // 3
EvtxEvent sysmonAccessEvent(const Host& host, const ProcessFacts& source, std::string_view targetImage, std::uint32_t access,
                            Ticks time);                                                                     // 10
EvtxEvent sysmonFileEvent(const Host& host, const ProcessFacts& creator, std::string_view file, Ticks time); // 11

/// `NORTHWHARF\name`.
std::string accountText(const Account& account);

} // namespace tocsin::samplecase
