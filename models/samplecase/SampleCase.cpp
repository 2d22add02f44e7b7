// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/SampleCase.h"

#include "samplecase/CaseLogs.h"
#include "samplecase/Intrusion.h"

#include "base/Json.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <system_error>

namespace tocsin::samplecase {

namespace {

constexpr int kDays = 3;

std::string watchlistOfPeople(const Company& company)
{
    std::string out = "UserPrincipalName,DisplayName,Department,Office,Country,Workstation,WorkstationIp\r\n";
    for (const Person& person : company.people) {
        const Office& office = company.offices[person.office];
        for (const std::string_view cell : {std::string_view(person.upn), std::string_view(person.displayName), std::string_view(person.department), office.city, office.country,
                                            std::string_view(person.device)})
            (out += cell) += ',';
        (out += person.workstationIp) += "\r\n";
    }
    return out;
}

std::string watchlistOfScanners()
{
    return "Address,Name,Owner,Window\r\n" + std::string(Company::kInternalScanner) + ",scan-vm01,IT Operations,Monday 20:00-21:00 UTC\r\n";
}

struct Indicator {
    std::string_view name;
    std::string_view pattern;
    int confidence;
};

// The last one matches nothing in the case.
constexpr std::array kIndicators{
    Indicator{"Tidewatch relay", "[ipv4-addr:value = '203.0.113.91']", 90},
    Indicator{"Tidewatch password spraying", "[ipv4-addr:value = '203.0.113.77']", 75},
    Indicator{"Tidewatch delivery domain", "[domain-name:value = 'cdn.tidewatch.example']", 90},
    Indicator{"Unrelated command server", "[ipv4-addr:value = '203.0.113.200']", 60}};

/// What the company's sector group had published a week before, as a STIX 2.1 bundle.
std::string indicators(const CaseLogs& logs)
{
    Random random(logs.seed, "indicators");
    const std::string created = formatDateTime(logs.start - 7 * kTicksPerDay).substr(0, 19) + ".000Z";
    const std::string expires = formatDateTime(logs.start + 90 * kTicksPerDay).substr(0, 19) + ".000Z";
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("type").string("bundle").key("id").string("bundle--" + random.guidText()).key("objects").beginArray();
    for (const Indicator& indicator : kIndicators) {
        json.beginObject().key("type").string("indicator").key("spec_version").string("2.1").key("id").string("indicator--" + random.guidText());
        json.key("created").string(created).key("modified").string(created).key("name").string(indicator.name);
        json.key("indicator_types").beginArray().string("malicious-activity").endArray();
        json.key("pattern").string(indicator.pattern).key("pattern_type").string("stix").key("valid_from").string(created);
        json.key("valid_until").string(expires).key("confidence").number(indicator.confidence).endObject();
    }
    json.endArray().endObject();
    out += '\n';
    return out;
}

std::string readme(const CaseLogs& logs)
{
    std::string out = std::string(Company::kName) + ": the demo case\n\n";
    out += "A fictional ferry company with offices in Harwich, Esbjerg and Dublin runs its order portal in one Azure subscription.\n"
           "These are its logs of three days, from " + formatDateTime(logs.start).substr(0, 10) + " 00:00 UTC. On the third morning all production\n"
           "machines were found switched off. Nobody at the company had done it.\n\n";
    out += "Your questions\n"
           "  1. How did the intruder come in, when, and with whose account?\n"
           "  2. Which machines and which accounts are affected?\n"
           "  3. How were the rights gained that made the rest possible?\n"
           "  4. What left the company, how much, and to which address?\n"
           "  5. Which traces were to be hidden, and what was meant to distract?\n\n";
    out += "What is here\n"
           "  identity/    Entra sign-in and audit logs            SigninLogs, AADServicePrincipalSignInLogs, AuditLogs\n"
           "  azure/       Activity Log of the subscription         AzureActivity\n"
           "  hosts/       Windows event logs of five machines      SecurityEvent, Event\n"
           "  network/     NSG flow logs                            AzureNetworkAnalytics_CL\n"
           "  storage/     resource logs of nwfinancedata           StorageBlobLogs\n"
           "  syslog/      two Linux machines                       Syslog\n"
           "  threatintel/ indicators of the sector group (STIX)    ThreatIntelIndicators\n"
           "  watchlists/  people, and scanners that may scan\n\n";
    out += "Machines\n"
           "  app-vm01 10.1.1.4 order portal (Windows)      db-vm01 10.1.4.4 database (Windows)\n"
           "  mgmt-vm01 10.1.5.4 administration (Windows)   dc-01 10.1.6.4 domain controller (Windows)\n"
           "  wks-0231 10.1.10.31 Finance (Windows)         scan-vm01 10.1.5.20 vulnerability scanner (Linux)\n"
           "  fw-vm01 10.1.2.4 firewall (Linux)             au-vm01 10.1.3.4 audit appliance (Linux)\n"
           "  storage account nwfinancedata, reached through a private endpoint\n\n";
    out += "Not everything that looks bad is: backups read much, administrators use PowerShell, scanners scan, people mistype.\n"
           "People, names, addresses and events are invented. Public addresses come from the blocks reserved for documentation\n"
           "and benchmarks (RFC 5737, RFC 2544).\n";
    return out;
}

Result<void> prepare(const std::filesystem::path& folder, const CaseOptions& options)
{
    if (options.scale < 1 || options.scale > 20)
        return fail(kBadOptions, "scale " + std::to_string(options.scale));
    if (options.start < ticksFromCivil({1971, 1, 1}) || options.start > ticksFromCivil({2400, 1, 1}))
        return fail(kBadOptions, "the start is out of range");
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return fail(kFileUnwritable, folder.string(), failure.message());
    const bool empty = std::filesystem::is_empty(folder, failure);
    if (failure)
        return fail(kFileUnwritable, folder.string(), failure.message());
    if (!empty)
        return fail(kFolderNotEmpty, folder.string());
    return {};
}

} // namespace

std::uint64_t CaseSummary::events() const
{
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0}, [](std::uint64_t sum, const CaseFile& file) { return sum + file.events; });
}

std::uint64_t CaseSummary::bytes() const
{
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0}, [](std::uint64_t sum, const CaseFile& file) { return sum + file.bytes; });
}

std::string encodedCommand(std::string_view script)
{
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::string bytes = utf16Bytes(script);
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t block = 0;
        for (std::size_t j = 0; j < 3; ++j)
            block = (block << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= bytes.size() ? kAlphabet[(block >> (18 - 6 * j)) & 63U] : '=';
    }
    return out;
}

void CaseLogs::applyOutage()
{
    const Ticks off = at(2, 2, 26);
    const Ticks on = at(2, 6, 44);
    windows.switchOff(company.mgmt, off, on);
    windows.switchOff(company.db, off, on);
    windows.switchOff(company.app, off, on);
    for (const std::string_view host : {"au-vm01", "fw-vm01"})
        syslog.switchOff(host, off, on);
    for (const std::string_view group : {"au-nsg", "mgmt-nsg"})
        flows.silence(group, off, on);
    for (const std::string_view group : {"app-nsg", "db-nsg"})
        flows.silence(group, at(2, 2, 12, 20), at(2, 6, 51));
}

std::string telemetryAppId(std::uint64_t seed) { return Random(seed, "telemetry application").guidText(); }
std::string telemetryObjectId(std::uint64_t seed) { return Random(seed, "telemetry principal").guidText(); }

void plantIntrusion(CaseLogs& logs)
{
    plantReconnaissance(logs);
    plantSpray(logs);
    plantPersistence(logs);
    plantWorkstation(logs);
    plantLateralMovement(logs);
    plantCloudPrivileges(logs);
    plantApplicationServer(logs);
    plantDatabaseServer(logs);
    plantLinuxServer(logs);
    plantCloudConcealment(logs);
    plantFlood(logs);
    plantBlobTheft(logs);
    plantHostConcealment(logs);
    plantShutdown(logs);
}

Result<CaseSummary> writeSampleCase(const std::filesystem::path& folder, const CaseOptions& options)
{
    TOCSIN_TRY(prepare(folder, options));
    const Company company(options.seed);
    CaseLogs logs(company, options);
    logs.applyOutage();
    plantIntrusion(logs);
    plantDecoys(logs);
    addCloudNoise(logs);
    addHostNoise(logs);
    addNetworkNoise(logs);

    FileSet files(folder);
    TOCSIN_TRY(logs.windows.write(files));
    TOCSIN_TRY(logs.entra.write(files));
    TOCSIN_TRY(logs.activity.write(files));
    TOCSIN_TRY(logs.flows.write(files));
    TOCSIN_TRY(logs.storage.write(files));
    TOCSIN_TRY(logs.syslog.write(files));
    TOCSIN_TRY(files.write("threatintel/indicators.json", "STIX", kIndicators.size(), indicators(logs)));
    TOCSIN_TRY(files.write("watchlists/people.csv", "CSV", company.people.size(), watchlistOfPeople(company)));
    TOCSIN_TRY(files.write("watchlists/allowed-scanners.csv", "CSV", 1, watchlistOfScanners()));
    TOCSIN_TRY(files.write("README.txt", "Text", 0, readme(logs)));

    CaseSummary summary;
    summary.folder = folder;
    summary.begin = options.start;
    summary.end = options.start + kDays * kTicksPerDay;
    summary.files = files.files();
    std::sort(summary.files.begin(), summary.files.end(), [](const CaseFile& a, const CaseFile& b) { return a.path < b.path; });
    for (const CaseFile& file : summary.files)
        summary.eventsByFormat[file.format] += file.events;
    summary.story = std::move(logs.story);
    std::stable_sort(summary.story.begin(), summary.story.end(), [](const PlantedEvent& a, const PlantedEvent& b) { return a.time < b.time; });
    summary.decoys = std::move(logs.decoys);
    return summary;
}

} // namespace tocsin::samplecase
