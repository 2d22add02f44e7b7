// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an incident report says, as plain data: whoever has an incident, query results and a connectivity check fills this in.
/// All text is UTF-8 and may hold anything a log held; times are UTC ticks.
namespace tocsin::report {

enum class Severity { Informational, Low, Medium, High, Critical };

struct ReportStage {
    std::string name;            ///< of the kill chain, in its order
    std::optional<Ticks> first;  ///< nothing: not reached, unless an alert belongs to it
    std::optional<Ticks> last;
};

struct ReportAlert {
    Ticks time = 0;
    std::string name;
    Severity severity = Severity::Medium;
    std::string tactics;               ///< as the alert has them: `InitialAccess, CredentialAccess`
    std::vector<std::size_t> stages;   ///< indexes into IncidentReport::stages
    std::vector<std::string> entities; ///< names, as in the table of entities
    std::string description;
};

struct ReportEntity {
    std::string kind;            ///< Account, Host, IP, …
    std::string name;
    std::string detail;          ///< what is known about it; may be empty
    std::optional<Ticks> first;
    std::optional<Ticks> last;
    std::uint64_t alerts = 0;
};

struct ReportColumn {
    std::string name;
    bool numeric = false;   ///< set to the right
    bool monospace = false; ///< identifiers, addresses, times, hashes
};

/// A query and what it gave. `rows` may hold more than is printed; `totalRows` counts all rows of the result.
struct ReportQuery {
    std::string title;
    std::string note;       ///< the analyst's remark; may be empty
    std::string kql;
    std::vector<ReportColumn> columns;
    std::vector<std::vector<std::string>> rows;
    std::uint64_t totalRows = 0;
    bool truncated = false; ///< the engine itself stopped at a limit, so totalRows is a lower bound
};

struct ReportHop {
    std::string name;       ///< machine, gateway, `Internet`
    std::string address;
    std::string kind;       ///< `VirtualMachine`, `VirtualAppliance`, …
    std::string nextHop;    ///< next hop type and address
    std::string decision;   ///< `Allow`, `Deny`, or empty
    std::string reason;     ///< rule or route that decided, issues found
};

struct ReportConnectivity {
    std::string question;   ///< `TCP 10.1.10.31 to 10.1.5.4 port 3389`
    bool reachable = false;
    std::string verdict;    ///< one sentence
    std::vector<ReportHop> hops;
};

struct IncidentReport {
    std::string number;
    std::string title;
    Severity severity = Severity::Medium;
    std::string status;          ///< New, Active, Closed
    std::string classification;  ///< may be empty
    std::string owner;           ///< may be empty
    std::optional<Ticks> first;  ///< first and last activity
    std::optional<Ticks> last;
    std::string summary;         ///< paragraphs separated by an empty line

    std::vector<ReportStage> stages;
    std::vector<ReportAlert> alerts;
    std::vector<ReportEntity> entities;
    std::vector<ReportQuery> queries;
    std::optional<ReportConnectivity> connectivity;

    std::string workspace;       ///< file name of the workspace
    std::string organisation;    ///< may be empty
    std::string toolVersion;     ///< `0.1.0`
    Ticks generated = 0;
    std::vector<std::string> rules; ///< names of the rules that raised the alerts
    std::vector<std::string> notes; ///< further remarks for the closing page
};

/// The stage with its times widened to its alerts, so that table and figure cannot contradict the alerts.
ReportStage stageWithAlerts(const IncidentReport& report, std::size_t index);

} // namespace tocsin::report
