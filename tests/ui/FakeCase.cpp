// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FakeCase.h"

#include "column/Dynamic.h"

#include <chrono>
#include <cmath>
#include <thread>

namespace tocsin::test {

namespace {

const Ticks kStart = ticksFromCivil({2026, 3, 2, 6, 12, 0, 0});

Value text(std::string_view words) { return Value::string(std::string(words)); }
Value json(std::string_view words) { return Value::dynamic(dynamicFromJson(words).value_or(std::string())); }
Value at(double hours) { return Value::dateTime(kStart + static_cast<Ticks>(hours * kTicksPerHour)); }

struct AlertFacts {
    const char* id;
    const char* name;
    const char* severity;
    const char* tactics;
    const char* techniques;
    double start, hours;
    const char* entity;
    const char* entities;
};

constexpr AlertFacts kAlerts[] = {
    {"a-01", "Port scan against published addresses", "Low", "Reconnaissance", "T1595", 0, 0.4, "fw-edge-01", R"([{"Type":"ip","Address":"203.0.113.77"},{"Type":"host","HostName":"fw-edge-01"}])"},
    {"a-02", "Password spray against many accounts", "Medium", "InitialAccess,CredentialAccess", "T1110.003", 3.1, 1.2, "contoso-ferries.example", R"([{"Type":"ip","Address":"203.0.113.77"},{"Type":"account","Name":"m.okafor","UPNSuffix":"contoso-ferries.example"}])"},
    {"a-03", "Sign-in from an unknown country after failures", "High", "InitialAccess", "T1078", 4.6, 0, "m.okafor", R"([{"Type":"account","Name":"m.okafor","UPNSuffix":"contoso-ferries.example"},{"Type":"ip","Address":"203.0.113.77"}])"},
    {"a-04", "Office program started a script interpreter", "High", "Execution", "T1059.001", 5.2, 0, "WS-FIN-014", R"([{"Type":"host","HostName":"WS-FIN-014","DnsDomain":"ferries.local"},{"Type":"process","CommandLine":"powershell.exe -nop -w hidden -enc SQBFAFgA"},{"Type":"account","Name":"m.okafor","NTDomain":"FERRIES"}])"},
    {"a-05", "New service runs from a temporary folder", "Medium", "Persistence", "T1543.003", 5.9, 0, "WS-FIN-014", R"([{"Type":"host","HostName":"WS-FIN-014"},{"Type":"file","Directory":"C:\\Users\\Public","Name":"svchelper.exe"}])"},
    {"a-06", "Memory of the security process was read", "Critical", "CredentialAccess", "T1003.001", 8.3, 0, "WS-FIN-014", R"([{"Type":"host","HostName":"WS-FIN-014"},{"Type":"process","CommandLine":"rundll32.exe comsvcs.dll, MiniDump 712 C:\\Windows\\Temp\\d.bin full"}])"},
    {"a-07", "Account added to a privileged group", "High", "PrivilegeEscalation", "T1098", 9.0, 0, "DC-01", R"([{"Type":"account","Name":"svc-backup"},{"Type":"host","HostName":"DC-01"}])"},
    {"a-08", "Remote service created on several machines", "High", "LateralMovement", "T1021.002", 10.4, 2.5, "SRV-APP-02", R"([{"Type":"host","HostName":"SRV-APP-02"},{"Type":"host","HostName":"SRV-DB-01"},{"Type":"account","Name":"svc-backup"}])"},
    {"a-09", "Security log was cleared", "High", "DefenseEvasion", "T1070.001", 13.1, 0, "SRV-DB-01", R"([{"Type":"host","HostName":"SRV-DB-01"}])"},
    {"a-10", "Unusual volume sent to one address", "Critical", "Exfiltration", "T1048", 14.0, 3.4, "SRV-DB-01", R"([{"Type":"host","HostName":"SRV-DB-01"},{"Type":"ip","Address":"198.51.100.23"}])"},
    {"a-11", "Many backups deleted in a short time", "Critical", "Impact", "T1490", 18.2, 0.5, "SRV-BKP-01", R"([{"Type":"host","HostName":"SRV-BKP-01"}])"},
    {"a-12", "Rare user agent", "Informational", "Discovery", "T1087", 2.2, 0, "web-01", R"([{"Type":"host","HostName":"web-01"}])"},
    {"a-13", "Mailbox rule forwards to the outside", "Medium", "Collection", "T1114.003", 30.5, 0, "j.lindqvist", R"([{"Type":"mailbox","MailboxPrimaryAddress":"j.lindqvist@contoso-ferries.example"}])"},
};

engine::QueryResult alerts()
{
    using enum DataType;
    std::vector<std::vector<Value>> rows;
    for (const AlertFacts& a : kAlerts)
        rows.push_back({at(a.start + 0.2), text(a.id), text(a.name), text("What was seen, and why the rule thinks it matters. The rows behind it are one click away."), text(a.severity), text("New"),
                        text(a.tactics), text(a.techniques), at(a.start), at(a.start + a.hours), text("Tocsin"), text(a.entity), text(a.entities),
                        text(R"({"Query":"SigninLogs\n| where ResultType != 0\n| summarize Failures = count() by UserPrincipalName, IPAddress"})"), text("Confirm with the owner of the account; reset its sessions.")});
    return makeResult({{"TimeGenerated", DateTime, ""}, {"SystemAlertId", String, ""}, {"AlertName", String, ""}, {"Description", String, ""}, {"AlertSeverity", String, ""},
                       {"Status", String, ""}, {"Tactics", String, ""}, {"Techniques", String, ""}, {"StartTime", DateTime, ""}, {"EndTime", DateTime, ""},
                       {"ProductName", String, ""}, {"CompromisedEntity", String, ""}, {"Entities", String, ""}, {"ExtendedProperties", String, ""}, {"RemediationSteps", String, ""}},
                      rows);
}

engine::QueryResult incidents()
{
    using enum DataType;
    const std::vector<std::vector<Value>> rows{
        {Value::int32(14), at(19), text("Possible multistage attack: Intrusion to Exfiltration on SRV-DB-01"), text("Eleven alerts of eleven rules that share accounts, machines and addresses."), text("High"), text("New"),
         json(R"({"assignedTo":""})"), text(""), json(R"(["a-01","a-02","a-03","a-04","a-05","a-06","a-07","a-08","a-09","a-10","a-11"])"), json(R"([{"message":"Isolated WS-FIN-014 from the network.","author":{"name":"A. Berg"},"createdTimeUtc":"2026-03-02T15:20:00Z"},{"message":"The address 203.0.113.77 is also in the proxy log of the day before.","author":{"name":"R. Castellanos"},"createdTimeUtc":"2026-03-02T16:02:00Z"}])"), at(0), at(18.7)},
        {Value::int32(13), at(31), text("Mailbox rule forwards to the outside"), text(""), text("Medium"), text("Active"), json(R"({"assignedTo":"r.castellanos"})"), text(""), json(R"(["a-13"])"), json("[]"), at(30.5), at(30.5)},
        {Value::int32(12), at(4), text("Rare user agent on web-01"), text(""), text("Informational"), text("Closed"), json(R"({"assignedTo":"a.berg"})"), text("BenignPositive"), json(R"(["a-12"])"), json("[]"), at(2.2), at(2.2)},
        {Value::int32(11), at(-20), text("Backup job failed three times"), text(""), text("Low"), text("Active"), json(R"({"assignedTo":"a.berg"})"), text(""), json("[]"), json("[]"), at(-26), at(-21)},
    };
    return makeResult({{"IncidentNumber", Int, ""}, {"TimeGenerated", DateTime, ""}, {"Title", String, ""}, {"Description", String, ""}, {"Severity", String, ""}, {"Status", String, ""},
                       {"Owner", Dynamic, ""}, {"Classification", String, ""}, {"AlertIds", Dynamic, ""}, {"Comments", Dynamic, ""}, {"FirstActivityTime", DateTime, ""}, {"LastActivityTime", DateTime, ""}},
                      rows);
}

engine::QueryResult signins()
{
    using enum DataType;
    std::vector<std::vector<Value>> rows;
    const char* users[] = {"m.okafor@contoso-ferries.example", "j.lindqvist@contoso-ferries.example", "a.berg@contoso-ferries.example", "svc-backup@contoso-ferries.example"};
    for (int i = 0; i < 5200; ++i)
        rows.push_back({at(i * 0.004), text(users[i * 7 % 4]), text(i % 9 ? "10.1.1." + std::to_string(4 + i % 200) : "203.0.113.77"), Value::int32(i % 9 ? 0 : 50126), i % 31 ? Value::real(std::round(100 * (0.5 + 0.45 * std::sin(i / 40.0))) / 100) : Value::null(Real),
                        Value::timeSpan((i % 900 + 12) * kTicksPerMillisecond), json(i % 9 ? R"({"city":"Turku","countryOrRegion":"FI"})" : R"({"city":"","countryOrRegion":"??","reason":"anonymous proxy"})")});
    return makeResult({{"TimeGenerated", DateTime, ""}, {"UserPrincipalName", String, ""}, {"IPAddress", String, ""}, {"ResultType", Int, ""}, {"RiskScore", Real, ""}, {"Duration", TimeSpan, ""}, {"LocationDetails", Dynamic, ""}}, rows);
}

engine::QueryResult perHour(const char* kind)
{
    using enum DataType;
    std::vector<std::vector<Value>> rows;
    const char* names[] = {"SigninLogs", "SecurityEvent", "CommonSecurityLog"};
    for (int hour = 0; hour < 48; ++hour)
        for (int s = 0; s < 3; ++s)
            rows.push_back({at(std::floor(hour)), text(names[s]), Value::int64(static_cast<std::int64_t>(200 + 120 * s + 90 * std::sin(hour / (3.0 + s)) + (hour == 14 && s == 2 ? 900 : 0)))});
    engine::QueryResult out = makeResult({{"TimeGenerated", DateTime, ""}, {"Table", String, ""}, {"Rows", Long, ""}}, rows);
    out.schema.visualization = {kind, {{"title", "Rows per hour"}}};
    return out;
}

engine::QueryResult perUser(const char* kind)
{
    using enum DataType;
    engine::QueryResult out = makeResult({{"User", String, ""}, {"Failures", Long, ""}},
                                         {{text("m.okafor"), Value::int64(612)}, {text("j.lindqvist"), Value::int64(203)}, {text("a.berg"), Value::int64(41)}, {text("svc-backup"), Value::int64(388)}, {text("r.castellanos"), Value::int64(17)}});
    out.schema.visualization = {kind, {{"title", "Failed sign-ins by account"}}};
    return out;
}

constexpr ErrorKind kUnknownColumn{"kql.unknown_column", "There is no column named {0} here", "Did you mean {1}?"};

} // namespace

void fillEngine(FakeEngine& engine)
{
    engine.answer("SecurityIncident", {.result = incidents()});
    engine.answer("SecurityAlert", {.result = alerts()});
    engine.answer("SigninLogs", {.result = signins()});
    engine.answer("SigninLogs | where Nmae", {.errors = {makeError(kUnknownColumn, "Nmae", "Name").at({19, 4})}});
    engine.answer("union", {.result = perHour("timechart")});
    engine.answer("union area", {.result = perHour("areachart")});
    engine.answer("bar", {.result = perUser("barchart")});
    engine.answer("column", {.result = perUser("columnchart")});
    engine.answer("pie", {.result = perUser("piechart")});
    engine.answer("card", {.result = perUser("card")});
    engine.answer("hang", {.result = signins(), .hangs = true});
}

catalog::MemoryCatalog exampleCatalog()
{
    catalog::MemoryCatalog catalog("ferries");
    for (const engine::QueryResult& result : {incidents(), alerts(), signins()}) {
        catalog::TableSchema schema;
        schema.name = result.schema.columns[0].name == "IncidentNumber" ? "SecurityIncident" : result.schema.columns[1].name == "SystemAlertId" ? "SecurityAlert" : "SigninLogs";
        schema.columns = result.schema.columns;
        catalog.add(std::make_shared<catalog::MemoryTable>(schema, result.batches));
    }
    for (const char* name : {"AuditLogs", "AzureActivity", "CommonSecurityLog", "SecurityEvent", "Syslog", "W3CIISLog"}) {
        catalog::TableSchema schema;
        schema.name = name;
        schema.columns = {{"TimeGenerated", DataType::DateTime, "When it happened"}, {"Computer", DataType::String, ""}, {"EventID", DataType::Int, ""}};
        catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::vector<Batch>()));
    }
    catalog.add(catalog::StoredFunction{"RareSignins", "days:int", "SigninLogs", "Sign-ins from addresses not seen before"});
    return catalog;
}

QList<items::Task*> FakeCaseActions::importPaths(const QStringList& paths)
{
    QList<items::Task*> out;
    for (const QString& path : paths) {
        calls << QStringLiteral("import %1").arg(path);
        out << m_tasks.start(QStringLiteral("Import %1").arg(path.section(QLatin1Char('/'), -1)), [path](items::TaskControl& control) -> items::TaskList::Outcome {
            for (int i = 1; i <= 4; ++i) {
                if (control.isCancelled())
                    return fail(kCancelled);
                control.setProgress(static_cast<std::uint64_t>(i) * 25, 100);
                if (path.endsWith(QLatin1String(".log")))
                    control.addNote(QStringLiteral("line %1: no time in the record").arg(i * 17));
            }
            if (path.endsWith(QLatin1String(".bin")))
                return fail(kFileUnreadable, path.toStdString(), "the format is not known");
            return QStringLiteral("12,400 rows into SecurityEvent");
        }, true);
    }
    return out;
}

items::Task* FakeCaseActions::runRules(const engine::TimeRange&)
{
    calls << QStringLiteral("rules");
    return m_tasks.start(QStringLiteral("Run rules"), [](items::TaskControl&) -> items::TaskList::Outcome { return QStringLiteral("38 rules, 13 alerts, 4 incidents"); }, true);
}

items::Task* FakeCaseActions::writeReport(int incident, const QString& path)
{
    calls << QStringLiteral("report %1 %2").arg(incident).arg(path);
    return m_tasks.start(QStringLiteral("Report of incident %1").arg(incident), [](items::TaskControl&) -> items::TaskList::Outcome { return QStringLiteral("8 pages"); });
}

items::Task* FakeCaseActions::openDemoCase()
{
    calls << QStringLiteral("demo");
    return m_tasks.start(QStringLiteral("Open demo case"), [](items::TaskControl&) -> items::TaskList::Outcome { return QStringLiteral("24 tables"); }, true);
}

QString FakeCaseActions::setReadableFolders(const QStringList& chosen)
{
    for (const QString& folder : chosen)
        if (folder.contains(QLatin1String("missing")))
            return QStringLiteral("%1 is not a folder").arg(folder);
    folders = chosen;
    return {};
}

items::TopologyGraph multiTierTopology()
{
    using enum items::TopologyKind;
    items::TopologyGraph g;
    g.nodes = {{"vnet", "", VirtualNetwork, "appVnet", "10.1.0.0/16", {"Location: westeurope"}}};
    const struct {
        const char *subnet, *prefix, *nic, *address, *vm;
        items::TopologyKind kind;
    } tiers[] = {{"appSubnet", "10.1.1.0/24", "appNic0", "10.1.1.4", "MultiTierApp0", VirtualMachine}, {"fwSubnet", "10.1.2.0/24", "fwNic", "10.1.2.4", "FwAppliance", Firewall},
                 {"auSubnet", "10.1.3.0/24", "auNic", "10.1.3.4", "AuAppliance", Firewall}, {"dbSubnet", "10.1.4.0/24", "dbNic0", "10.1.4.4", "Database0", VirtualMachine}};
    for (const auto& tier : tiers) {
        const QString subnet = QLatin1String(tier.subnet), nic = QLatin1String(tier.nic), vm = QLatin1String(tier.vm);
        g.nodes.push_back({subnet, "vnet", Subnet, subnet, QLatin1String(tier.prefix), {"Route table: " + subnet + "-routes"}});
        g.nodes.push_back({nic, subnet, NetworkInterface, nic, QLatin1String(tier.address), {"Network security group: " + subnet + "-nsg", "IP forwarding: enabled"}});
        g.nodes.push_back({vm, subnet, tier.kind, vm, {}, {"Size: Standard_B2s", "Operating system: Linux"}});
        g.edges.push_back({vm, nic, {}, false, false});
    }
    for (const auto& [from, to] : {std::pair("appNic0", "fwNic"), std::pair("fwNic", "auNic"), std::pair("auNic", "dbNic0")})
        g.edges.push_back({QLatin1String(from), QLatin1String(to), {}, true, true});
    g.nodes.push_back({"internet", "", Internet, "Internet", {}, {}});
    g.nodes.push_back({"pip", "", PublicIp, "app-pip", "198.51.100.10", {}});
    g.edges.push_back({"internet", "pip", {}, false, false});
    g.edges.push_back({"pip", "appNic0", {}, false, false});
    return g;
}

void FakeNetworkActions::loadTopology(std::function<void(Result<std::shared_ptr<const items::TopologyGraph>>)> done)
{
    done(std::make_shared<const items::TopologyGraph>(empty ? items::TopologyGraph() : multiTierTopology()));
}

void FakeNetworkActions::loadMachines(std::function<void(Result<QList<items::NetworkMachine>>)> done)
{
    QList<items::NetworkMachine> out;
    if (!empty)
        for (const char* name : {"MultiTierApp0", "FwAppliance", "AuAppliance", "Database0"})
            out << items::NetworkMachine{QStringLiteral("PercipioStreamGeneratorProduction"), QStringLiteral("Connectivity-Demo"), QLatin1String(name), QLatin1String(name)};
    done(out);
}

std::function<void()> FakeNetworkActions::checkConnectivity(const items::ConnectivityRequest& request, std::function<void(Result<items::ConnectivityResult>)> done)
{
    requests.push_back(request);
    if (hangs)
        return [done] { done(fail(kCancelled)); };
    items::ConnectivityResult r;
    r.status = reachable ? QStringLiteral("Reachable") : QStringLiteral("Unreachable");
    if (reachable) {
        r.averageLatency = 2;
        r.minimumLatency = 1;
        r.maximumLatency = 10;
    }
    r.probesSent = 100;
    r.probesFailed = reachable ? 0 : 100;
    r.hops = {{"1", "appNic0", "10.1.1.4", "Source", "appNic0", {"2"}, {}, true}, {"2", "fwNic", "10.1.2.4", "VirtualAppliance", "fwNic", {"3"}, {}, true},
              {"3", "auNic", "10.1.3.4", "VirtualAppliance", "auNic", {"4"}, {}, true}, {"4", "dbNic0", "10.1.4.4", "VirtualMachine", "dbNic0", {}, {}, reachable}};
    if (!reachable)
        r.hops.back().issues = {{"Inbound", "Error", "NetworkSecurityRule", "dbSubnet-nsg / DenyRdp (priority 200)"}};
    r.basis = QStringLiteral("Computed from the imported configuration; latency from the demo measurement.");
    done(r);
    return [] {};
}

} // namespace tocsin::test
