// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/CaseLogs.h"

#include <array>

namespace tocsin::samplecase {

namespace {

struct Program {
    std::string_view image;
    std::string_view commandLine;
    std::string_view parent;
};

constexpr std::array kDeskPrograms{
    Program{R"(C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe)", R"("C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe" --single-argument https://intranet.northwharf.example/)", R"(C:\Windows\explorer.exe)"},
    Program{R"(C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE)", R"("C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE")", R"(C:\Windows\explorer.exe)"},
    Program{R"(C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE)", R"("C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE" "S:\Finance\2026\Budget.xlsx")", R"(C:\Windows\explorer.exe)"},
    Program{R"(C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE)", R"("C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE" /n "S:\Finance\2026\Minutes.docx")", R"(C:\Windows\explorer.exe)"},
    Program{R"(C:\Windows\System32\notepad.exe)", R"("C:\Windows\System32\notepad.exe")", R"(C:\Windows\explorer.exe)"},
    Program{R"(C:\Windows\System32\calc.exe)", R"("C:\Windows\System32\calc.exe")", R"(C:\Windows\explorer.exe)"}};

constexpr std::array kSystemPrograms{
    Program{R"(C:\Windows\System32\svchost.exe)", R"(C:\Windows\system32\svchost.exe -k netsvcs -p -s wuauserv)", R"(C:\Windows\System32\services.exe)"},
    Program{R"(C:\Windows\System32\svchost.exe)", R"(C:\Windows\system32\svchost.exe -k LocalServiceNetworkRestricted -p)", R"(C:\Windows\System32\services.exe)"},
    Program{R"(C:\Windows\System32\taskhostw.exe)", R"(taskhostw.exe SYSTEM)", R"(C:\Windows\System32\svchost.exe)"},
    Program{R"(C:\Windows\System32\conhost.exe)", R"(\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1)", R"(C:\Windows\System32\cmd.exe)"},
    Program{R"(C:\Windows\System32\wbem\WmiPrvSE.exe)", R"(C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding)", R"(C:\Windows\System32\svchost.exe)"},
    Program{R"(C:\Program Files\Microsoft Monitoring Agent\Agent\MonitoringHost.exe)", R"("C:\Program Files\Microsoft Monitoring Agent\Agent\MonitoringHost.exe" -Embedding)", R"(C:\Windows\System32\svchost.exe)"}};

ProcessFacts processOf(const Program& program, const Session& session, std::string_view integrity)
{
    ProcessFacts facts;
    facts.session = session;
    facts.image = program.image;
    facts.commandLine = program.commandLine;
    facts.parentImage = program.parent;
    facts.integrity = integrity;
    return facts;
}

/// What a Windows machine does by itself, all day and night.
void machine(CaseLogs& logs, const Host& host, int processesAnHour)
{
    Random random(logs.seed, "machine " + host.name);
    static constexpr std::array<std::string_view, 6> kServices{"Windows Update", "Software Protection", "Windows Modules Installer",
                                                               "Background Intelligent Transfer Service", "WMI Performance Adapter", "Device Setup Manager"};
    const Session system{Company::system(host), 0x3E7, {}};
    for (int hour = 0; hour < 72; ++hour) {
        const Ticks begin = logs.at(0, 0) + hour * kTicksPerHour;
        for (int i = 0; i < processesAnHour * logs.scale; ++i)
            logs.windows.process(host, begin + random.between(0, kTicksPerHour - 1), processOf(random.pick(kSystemPrograms), system, "System"));
        LogonFacts service;
        service.session.account = {"SYSTEM", "NT AUTHORITY", "S-1-5-18"};
        service.type = 5;
        service.process = "Advapi  ";
        service.package = "Negotiate";
        service.processName = R"(C:\Windows\System32\services.exe)";
        for (int i = 0; i < 2; ++i) {
            const Ticks time = begin + random.between(0, kTicksPerHour - 1);
            service.session.logonId = 0x3E7;
            logs.windows.add(host, time, logonEvent(host, service));
            const std::string_view name = random.pick(kServices);
            logs.windows.add(host, time, serviceStateEvent(host, name, "running"));
            logs.windows.add(host, time + random.between(60, 600) * kTicksPerSecond, serviceStateEvent(host, name, "stopped"));
        }
        if (host.name != "wks-0231" && hour % 4 == 0)
            logs.windows.add(host, begin + 7 * kTicksPerMinute, defenderHealthyEvent(host));
    }
}

void deskWork(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& host = company.workstation;
    Random random(logs.seed, "desk");
    for (const int day : {0, 2}) { // on the second day the intruder's story begins with the logon
        LogonFacts logon;
        logon.session.account = company.victimPerson().account;
        logon.session.logonId = kVictimDesk + static_cast<std::uint64_t>(day);
        logon.type = 2;
        logon.process = "User32 ";
        logon.package = "Negotiate";
        logon.workstation = host.name;
        logon.processName = R"(C:\Windows\System32\svchost.exe)";
        logon.address = "127.0.0.1";
        logs.windows.logon(host, logs.at(day, 7, 58, static_cast<int>(random.below(60))), logon);
    }
    Session session;
    session.account = company.victimPerson().account;
    for (int day = 0; day < 3; ++day) {
        session.logonId = kVictimDesk + static_cast<std::uint64_t>(day);
        for (int i = 0; i < 70 * logs.scale; ++i) {
            const Ticks time = logs.at(day, 8, 25) + random.between(0, 8 * 3600) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1);
            const ProcessFacts process = logs.windows.process(host, time, processOf(random.pick(kDeskPrograms), session, "Medium"));
            if (random.chance(60))
                logs.windows.connection(host, time + 2 * kTicksPerSecond, process, "192.0.2.40", "intranet.northwharf.example", 443);
        }
    }
}

/// Morning logons and the tickets of the day on the domain controller.
void domainController(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& dc = company.dc;
    Random random(logs.seed, "domain");
    static constexpr std::array<std::string_view, 4> kServiceNames{"FS-01$", "PRINT-01$", "DC-01$", "DB-VM01$"};
    for (int day = 0; day < 3; ++day) {
        for (const Person& person : company.people) {
            const Ticks morning = logs.at(day, 6, 45) + random.between(0, 5400) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1);
            const auto port = static_cast<std::uint32_t>(random.between(49700, 64900));
            logs.windows.add(dc, morning, ticketGrantedEvent(dc, person.account, person.workstationIp, port));
            for (int i = 0; i < 7 * logs.scale; ++i) {
                const Ticks time = morning + random.between(1, 9 * 3600) * kTicksPerSecond;
                logs.windows.add(dc, time, serviceTicketEvent(dc, person.account, random.pick(kServiceNames), person.workstationIp, port + 1, 0x12));
                LogonFacts logon;
                logon.session.account = person.account;
                logon.address = person.workstationIp;
                const Session session = logs.windows.logon(dc, time + 40 * kTicksPerMillisecond, logon);
                logs.windows.add(dc, time + random.between(5, 900) * kTicksPerSecond, logoffEvent(dc, session, 3));
                if (random.chance(2)) {
                    logon.process = "NtLmSsp ";
                    logon.package = "NTLM";
                    logs.windows.add(dc, time - 30 * kTicksPerSecond, logonFailedEvent(dc, logon, 0xC000006A));
                }
            }
        }
    }
}

/// The order portal and the backup log on to the database server.
void databaseServer(CaseLogs& logs)
{
    const Company& company = logs.company;
    Random random(logs.seed, "database");
    LogonFacts application;
    application.session.account = {"svc-orders", std::string(Company::kDomain), std::string(Company::kDomainSid) + "-1611"};
    application.address = "10.1.1.4";
    for (int quarter = 0; quarter < 72 * 4; ++quarter) {
        const Ticks time = logs.at(0, 0) + quarter * 15 * kTicksPerMinute + random.between(0, kTicksPerMinute);
        const Session session = logs.windows.logon(company.db, time, application);
        logs.windows.add(company.db, time + 9 * kTicksPerSecond, logoffEvent(company.db, session, 3));
    }
    LogonFacts backup;
    backup.session.account = company.backup;
    backup.address = "10.1.5.10";
    backup.elevated = true;
    for (int day = 0; day < 3; ++day)
        logs.windows.logon(company.db, logs.at(day, 1, 29, 58), backup);
}

} // namespace

void addHostNoise(CaseLogs& logs)
{
    machine(logs, logs.company.workstation, 5);
    machine(logs, logs.company.mgmt, 6);
    machine(logs, logs.company.db, 6);
    machine(logs, logs.company.app, 5);
    machine(logs, logs.company.dc, 6);
    deskWork(logs);
    domainController(logs);
    databaseServer(logs);
}

} // namespace tocsin::samplecase
