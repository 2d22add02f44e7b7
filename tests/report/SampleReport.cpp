// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/SampleReport.h"

using namespace tocsin;
using namespace tocsin::report;

namespace {

Ticks at(int day, int hour, int minute, int second = 0) { return ticksFromCivil({2026, 3, day, hour, minute, second, 0}); }

ReportAlert alert(Ticks time, std::string name, Severity severity, std::string tactics, std::vector<std::size_t> stages, std::vector<std::string> entities,
                  std::string description)
{
    return {time, std::move(name), severity, std::move(tactics), std::move(stages), std::move(entities), std::move(description)};
}

void addAlerts(IncidentReport& report)
{
    report.alerts = {
        alert(at(2, 22, 5), "Port scan of the perimeter", Severity::Low, "Reconnaissance", {0}, {"198.51.100.23", "fw-vm01"}, "720 denied ports from one address within 30 minutes."),
        alert(at(3, 2, 0), "Password spray against many accounts", Severity::Medium, "CredentialAccess, InitialAccess", {1, 3}, {"203.0.113.77"}, "40 accounts failed with ResultType 50126 from one address; three rounds within 50 minutes."),
        alert(at(3, 2, 58, 14), "Sign-in from an unusual country after failures", Severity::High, "InitialAccess", {1}, {"maya.lindqvist@northwharf.example", "203.0.113.77"}, "First sign-in from NL for this account; the address had just failed for 40 others."),
        alert(at(3, 3, 12, 9), "Consent to an unknown application", Severity::Medium, "Persistence", {2}, {"maya.lindqvist@northwharf.example", "Invoice Sync Helper"}, "Mail.Read, Files.Read.All and offline_access were granted."),
        alert(at(3, 8, 32, 7), "Encoded PowerShell started by an Office program", Severity::High, "Execution", {2}, {"wks-0231", "maya.lindqvist@northwharf.example"}, "WINWORD.EXE started powershell.exe with -EncodedCommand and a hidden window."),
        alert(at(3, 8, 36, 30), "Hidden scheduled task", Severity::Medium, "Persistence", {2}, {"wks-0231"}, "A task outside the list of known ones runs PowerShell every 15 minutes."),
        alert(at(3, 9, 10, 26), "Memory of lsass.exe read", Severity::Critical, "CredentialAccess", {3}, {"wks-0231"}, "procdump64.exe opened lsass.exe with full access (0x1fffff)."),
        alert(at(3, 10, 2, 3), "Remote Desktop to a management host from a workstation", Severity::High, "LateralMovement", {4}, {"adm-treyer", "wks-0231", "mgmt-vm01"}, "Logon type 10 from an address that never used it."),
        alert(at(3, 10, 20, 12), "New local administrator", Severity::High, "PrivilegeEscalation, Persistence", {3, 2}, {"svc_update", "mgmt-vm01"}, "Account made and put into Administrators within 30 seconds."),
        alert(at(3, 10, 31, 3), "Service installed by PsExec", Severity::High, "LateralMovement, Execution", {4, 2}, {"db-vm01", "mgmt-vm01", "adm-treyer"}, "PSEXESVC installed after a network logon."),
        alert(at(3, 22, 15, 2), "Real-time protection switched off", Severity::High, "DefenseEvasion", {5}, {"db-vm01"}, "Microsoft Defender event 5001."),
        alert(at(3, 23, 0), "SYN flood", Severity::Medium, "Impact", {6}, {"app-vm01"}, "2,600 sources in 20 minutes."),
        alert(at(3, 23, 12), "Mass download of blobs from a new address", Severity::High, "Exfiltration, Collection", {7}, {"nwfinancedata", "203.0.113.91"}, "1,640 blobs with the account key."),
        alert(at(4, 1, 18, 43), "Large outbound transfer", Severity::High, "Exfiltration", {7}, {"db-vm01", "203.0.113.91"}, "9.4 GB to one address on port 443."),
        alert(at(4, 2, 8, 6), "Security log cleared", Severity::High, "DefenseEvasion", {5}, {"db-vm01", "mgmt-vm01"}, "Events 1102 on two machines within half a minute."),
        alert(at(4, 2, 25, 8), "Many machines deallocated", Severity::High, "Impact", {6}, {"rg-prod", "Fleet Telemetry Connector"}, "Five machines within a minute."),
    };
}

void addQueries(IncidentReport& report)
{
    ReportQuery signIns;
    signIns.title = "Who signed in from the spraying address?";
    signIns.note = "One success among 121 attempts: the account whose password was guessed.";
    signIns.kql = "// Attempts by result, then the successes\nSigninLogs\n| where TimeGenerated between (datetime(2026-03-02) .. datetime(2026-03-05))\n| where IPAddress == \"203.0.113.77\"\n"
                  "| summarize Attempts = count(), Accounts = dcount(UserPrincipalName), First = min(TimeGenerated) by ResultType, Location\n| order by Attempts desc";
    signIns.columns = {{"ResultType", false, true}, {"Location"}, {"Attempts", true}, {"Accounts", true}, {"First", false, true}};
    signIns.rows = {{"50126", "NL", "116", "40", "2026-03-03T02:00:24.1180023Z"}, {"50053", "NL", "4", "4", "2026-03-03T02:33:10.0410022Z"}, {"0", "NL", "1", "1", "2026-03-03T02:58:14.0000000Z"}};
    signIns.totalRows = 3;
    report.queries.push_back(signIns);

    ReportQuery blobs;
    blobs.title = "What was read from the storage account?";
    blobs.kql = "StorageBlobLogs\n| where OperationName == 'GetBlob' and CallerIpAddress startswith '203.0.113.91'\n| project TimeGenerated, ObjectKey, ResponseBodySize, CallerIpAddress, UserAgentHeader";
    blobs.columns = {{"TimeGenerated", false, true}, {"ObjectKey"}, {"ResponseBodySize", true}, {"CallerIpAddress", false, true}, {"UserAgentHeader"}};
    for (int i = 0; i < 120; ++i)
        blobs.rows.push_back({formatDateTime(at(3, 23, 12) + i * 3 * kTicksPerSecond), "/nwfinancedata/payroll/2025/payslips-" + std::to_string(100000 + i) + ".pdf",
                              std::to_string(4'000'000 + i * 77'777), "203.0.113.91:" + std::to_string(50000 + i), "AzCopy/10.27.1 Azure-Storage/1.0.0 (go1.23; linux)"});
    blobs.totalRows = 120;
    report.queries.push_back(blobs);
}

} // namespace

IncidentReport sampleReport()
{
    IncidentReport report;
    report.number = "42";
    report.title = "Multistage attack on North Wharf Ferries: from a guessed password to stolen payroll data";
    report.severity = Severity::High;
    report.status = "Active";
    report.classification = "True positive";
    report.owner = "Ines Almeida";
    report.organisation = "North Wharf Ferries";
    report.summary = "On the night of 3 March an intruder guessed the password of a finance controller, registered a second factor and prepared a way back through an application. "
                     "In the morning a document opened on wks-0231 gave control of that workstation; credentials of an administrator who had worked on it led to the management server, "
                     "the database server and the domain controller.\n\n"
                     "In the following night 1,640 files of payroll, contracts and ledger and a packed copy of the booking database (9.4 GB) left the company for one address, "
                     "203.0.113.91, while a flood of connections kept the team busy. Logs were then cleared and all production machines switched off.\n\n"
                     "All affected accounts are disabled, the application's credential is revoked and the machines run again. The personal data in the payroll files makes a notification necessary.";
    static constexpr const char* kNames[8] = {"Reconnaissance", "Intrusion", "Exploitation", "Privilege Escalation", "Lateral Movement", "Obfuscation / Anti-forensics", "Denial of Service", "Exfiltration"};
    for (const char* const name : kNames)
        report.stages.push_back({name, {}, {}});
    addAlerts(report);
    for (const ReportAlert& alert : report.alerts) {
        for (const std::size_t stage : alert.stages) {
            ReportStage& entry = report.stages[stage];
            entry.first = std::min(entry.first.value_or(alert.time), alert.time);
            entry.last = std::max(entry.last.value_or(alert.time), alert.time);
        }
    }
    report.first = report.alerts.front().time;
    report.last = report.alerts.back().time;
    report.entities = {{"Account", "maya.lindqvist@northwharf.example", "Finance controller; password guessed", at(3, 2, 0), at(3, 11, 2), 4},
                       {"Account", "NORTHWHARF\\adm-treyer", "Privileged account of the cloud administrator", at(3, 10, 2), at(4, 2, 8), 3},
                       {"Host", "wks-0231", "Workstation in Finance, 10.1.10.31", at(3, 8, 31), at(4, 1, 55), 5},
                       {"Host", "mgmt-vm01", "Management server, 10.1.5.4", at(3, 10, 2), at(4, 2, 25), 4},
                       {"Host", "db-vm01", "Database server, 10.1.4.4", at(3, 10, 31), at(4, 2, 25), 4},
                       {"IP", "203.0.113.77", "NL, hosting; password spray", at(3, 2, 0), at(3, 2, 58), 2},
                       {"IP", "203.0.113.91", "NL, hosting; relay and destination of the data", at(3, 3, 1), at(4, 1, 50), 3},
                       {"AzureResource", "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/nwfinancedata", "", at(3, 23, 5), at(4, 2, 12), 1}};
    report.connectivity = ReportConnectivity{"TCP 10.1.10.31 to 10.1.5.4 port 3389", true,
        "Every workstation can open Remote Desktop to the management server: the rule allow-rdp-from-clients names the whole client subnet.",
        {{"wks-0231", "10.1.10.31", "Workstation", "VirtualNetworkGateway", "Allow", "nsg-clients: DefaultRule_AllowVnetOutBound (priority 65000)"},
         {"fw-vm01", "10.1.2.4", "VirtualAppliance", "VnetLocal", "Allow", "rt-clients: 10.1.5.0/24 to VirtualAppliance 10.1.2.4"},
         {"mgmt-vm01", "10.1.5.4", "VirtualMachine", "", "Allow", "nsg-mgmt: UserRule_allow-rdp-from-clients (priority 210)"}}};
    addQueries(report);
    report.workspace = "northwharf.tocsin";
    report.toolVersion = "0.1.0";
    report.generated = at(5, 9, 12, 44);
    for (const ReportAlert& alert : report.alerts)
        report.rules.push_back(alert.name);
    return report;
}
