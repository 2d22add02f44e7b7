// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/CaseLogs.h"

namespace tocsin::samplecase {

namespace {

/// Every night the backup account reads hundreds of blobs: as many as a thief, but from its own address and always at that hour.
void nightlyBackup(CaseLogs& logs)
{
    Random random(logs.seed, "backup");
    StorageRequest request;
    request.address = "10.1.5.10";
    request.userAgent = "NorthWharfBackup/4.2 (azsdk-net-Storage.Blobs/12.24.0)";
    request.objectId = random.guidText();
    for (int day = 0; day < 3; ++day) {
        Ticks time = logs.at(day, 1, 30);
        request.operation = "ListBlobs";
        request.blob = "ledger";
        request.bytes = 38'400;
        logs.storage.add(jitter(random, time), request);
        request.operation = "GetBlob";
        for (int i = 0; i < 480; ++i) {
            time += random.between(3, 5) * kTicksPerSecond;
            request.blob = "ledger/2026/ledger-" + std::to_string(200000 + day * 480 + i) + ".pdf";
            request.bytes = static_cast<std::uint64_t>(random.between(400'000, 3'000'000));
            logs.storage.add(jitter(random, time), request);
        }
    }
    logs.decoys.push_back({"10.1.5.10", "The backup reads 480 blobs each night at 01:30 from its own address: many reads, no theft."});
}

void administratorsPowerShell(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Host& host = company.mgmt;
    const std::string inventory = "Get-ScheduledTask | Where-Object State -eq 'Ready' | Export-Csv C:\\Ops\\tasks.csv -NoTypeInformation";
    for (int day = 0; day < 3; ++day) {
        LogonFacts logon;
        logon.session.account = company.adminAccount;
        logon.type = 10;
        logon.process = "User32 ";
        logon.package = "Negotiate";
        logon.workstation = company.adminPerson().device;
        logon.processName = R"(C:\Windows\System32\svchost.exe)";
        logon.address = company.adminPerson().workstationIp;
        logon.elevated = true;
        const Session session = logs.windows.logon(host, logs.at(day, 7, 52, 11), logon);
        ProcessFacts agent;
        agent.session = session;
        agent.integrity = "High";
        agent.parentImage = R"(C:\Windows\explorer.exe)";
        agent.image = kPowerShell;
        agent.commandLine = "powershell.exe -NoProfile -EncodedCommand " + encodedCommand(inventory);
        logs.windows.process(host, logs.at(day, 7, 55, 30), agent);
        for (int i = 0; i < 6; ++i) {
            agent.pid = 0;
            agent.guid = {};
            agent.commandLine = R"(powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File C:\Ops\Update-Inventory.ps1 -Site )" + std::to_string(i + 1);
            logs.windows.process(host, logs.at(day, 8 + i, 5, 12), agent);
        }
        logs.windows.add(host, logs.at(day, 16, 40, 3), logoffEvent(host, session, 10));
    }
    logs.decoys.push_back({"adm-treyer on mgmt-vm01", "The administrator's own encoded PowerShell every morning: an inventory script, from the usual workstation."});
}

/// The company's vulnerability scanner; watchlists/allowed-scanners.csv names it.
void vulnerabilityScanner(CaseLogs& logs)
{
    Random random(logs.seed, "scanner");
    Ticks time = logs.at(0, 20, 0);
    for (int i = 0; i < 900; ++i) {
        time += random.between(800, 2600) * kTicksPerMillisecond;
        Flow flow;
        flow.time = time;
        flow.source = Company::kInternalScanner;
        const bool db = i % 3 != 0; // the other third is the portal, whose group lets the network in
        flow.target = db ? "10.1.4.4" : "10.1.1.4";
        flow.group = db ? "db-nsg" : "app-nsg";
        flow.targetPort = db ? static_cast<int>(random.between(4000, 20000)) : static_cast<int>(random.between(1, 10000));
        flow.rule = db ? "UserRule_Deny-Vnet-In" : "DefaultRule_AllowVnetInBound";
        flow.allowed = !db;
        flow.seconds = 1;
        flow.sentPackets = 1;
        flow.sentBytes = 60;
        logs.flows.add(flow);
    }
    logs.decoys.push_back({std::string(Company::kInternalScanner), "The company's vulnerability scanner: 900 ports on Monday evening, most of them denied, named in the list of allowed scanners."});
}

void forgottenPassword(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Person& person = company.people[company.typist];
    Random random(logs.seed, "typist");
    SignIn attempt;
    attempt.person = company.typist;
    attempt.address = person.homeAddress;
    attempt.place = logs.entra.placeOf(company.typist);
    attempt.application = "Microsoft Teams";
    attempt.error = 50126;
    attempt.multiFactor = false;
    Ticks time = logs.at(1, 7, 12);
    for (int i = 0; i < 9; ++i) {
        logs.entra.signIn(jitter(random, time), attempt);
        time += random.between(9, 24) * kTicksPerSecond;
    }
    attempt.error = 0;
    attempt.multiFactor = true;
    logs.entra.signIn(jitter(random, time), attempt);

    LogonFacts failed;
    failed.session.account = person.account;
    failed.workstation = person.device;
    failed.process = "NtLmSsp ";
    failed.package = "NTLM";
    failed.address = person.workstationIp;
    for (int i = 0; i < 7; ++i)
        logs.windows.add(company.dc, logs.at(1, 8, 44, 7 * i), logonFailedEvent(company.dc, failed, 0xC000006A));
    logs.windows.logon(company.dc, logs.at(1, 8, 45, 2), failed);
    logs.decoys.push_back({person.upn, "Nine mistyped passwords in a row on Tuesday morning, then a success, from the person's home and own computer."});
}

void newStarter(CaseLogs& logs)
{
    const Company& company = logs.company;
    Session helpDesk;
    helpDesk.account = {"adm-lbrandt", std::string(Company::kDomain), std::string(Company::kDomainSid) + "-1603"};
    helpDesk.logonId = 0x2C11D8;
    const Account starter{"nsvart", std::string(Company::kDomain), std::string(Company::kDomainSid) + "-1655"};
    logs.windows.add(company.dc, logs.at(0, 9, 14, 6), accountCreatedEvent(company.dc, helpDesk, starter));
    logs.windows.add(company.dc, logs.at(0, 9, 14, 7), accountEnabledEvent(company.dc, helpDesk, starter));
    logs.decoys.push_back({"nsvart", "A new starter's domain account, made by the help desk in office hours; no rights beyond a user's."});
}

void nightlySaving(CaseLogs& logs)
{
    Caller automation;
    automation.appId = "7a8c0c63-1f0e-4f55-9a57-5b1f7d0f7c11";
    automation.objectId = "d7bd1a06-6bd6-4c27-8f25-5e0b8f1f0a44";
    automation.address = "192.0.2.200";
    for (int day = 0; day < 3; ++day) {
        logs.activity.operation(logs.at(day, 19, 0, 4), automation, "Microsoft.Compute/virtualMachines/deallocate/action",
                                Company::resourceId("Microsoft.Compute/virtualMachines/build-vm01"));
        logs.activity.operation(logs.at(day, 6, 0, 4), automation, "Microsoft.Compute/virtualMachines/start/action",
                                Company::resourceId("Microsoft.Compute/virtualMachines/build-vm01"));
    }
    logs.decoys.push_back({"build-vm01", "Automation deallocates one build machine each evening to save cost."});
}

} // namespace

void plantDecoys(CaseLogs& logs)
{
    nightlyBackup(logs);
    administratorsPowerShell(logs);
    vulnerabilityScanner(logs);
    forgottenPassword(logs);
    newStarter(logs);
    nightlySaving(logs);
}

} // namespace tocsin::samplecase
