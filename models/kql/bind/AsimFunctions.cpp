// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/AsimFunctions.h"

#include <span>
#include <string>
#include <utility>

namespace tocsin::kql {

namespace {

/// How a parameter of a parser filters.
enum class Filter {
    Equals,  ///< a text; '*' lets everything pass
    Number,  ///< a number; null lets everything pass
    HasAny,  ///< an array of terms; an empty one lets everything pass
    HasAll,
    In,      ///< an array of whole values
    Prefix,  ///< an array of beginnings of IPv4 addresses
    HasIp,   ///< one IPv4 address somewhere in a text; '*' lets everything pass
};

struct AsimParameter {
    std::string_view name;
    Filter filter = Filter::Equals;
    std::string_view column; ///< or several with commas: one of them is enough
};

struct AsimSchema {
    std::string_view name;  ///< behind `_Im_`
    std::string_view table;
    std::span<const AsimParameter> parameters;
    std::string_view condition; ///< what else must hold, if anything
    std::string_view aliases;   ///< other names of columns, as the schema gives them
    std::string_view columns;   ///< in the parser's order, if it does not give all of the table
};

constexpr AsimParameter kDns[] = {{"srcipaddr", Filter::Equals, "SrcIpAddr"}, {"domain_has_any", Filter::HasAny, "DnsQuery"}, {"responsecodename", Filter::Equals, "EventResultDetails"},
                                  {"response_has_ipv4", Filter::HasIp, "DnsResponseName"}, {"response_has_any_prefix", Filter::Prefix, "DnsResponseName"}, {"eventtype", Filter::Equals, "EventType"}};
constexpr AsimParameter kNetwork[] = {{"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"dstipaddr_has_any_prefix", Filter::Prefix, "DstIpAddr"},
                                      {"ipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr,DstIpAddr"}, {"dstportnumber", Filter::Number, "DstPortNumber"},
                                      {"hostname_has_any", Filter::HasAny, "SrcHostname,DstHostname"}, {"dvcaction", Filter::In, "DvcAction"}, {"eventresult", Filter::Equals, "EventResult"}};
constexpr AsimParameter kWeb[] = {{"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"ipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr,DstIpAddr"}, {"url_has_any", Filter::HasAny, "Url"},
                                  {"httpuseragent_has_any", Filter::HasAny, "HttpUserAgent"}, {"eventresultdetails_in", Filter::In, "EventResultDetails"},
                                  {"eventresultdetails_has_any", Filter::HasAny, "EventResultDetails"}, {"eventresult", Filter::Equals, "EventResult"}};
constexpr AsimParameter kAuthentication[] = {{"username_has_any", Filter::HasAny, "ActorUsername,TargetUsername"}, {"targetappname_has_any", Filter::HasAny, "TargetAppName"},
                                             {"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"srchostname_has_any", Filter::HasAny, "SrcHostname"}, {"eventtype_in", Filter::In, "EventType"},
                                             {"eventresultdetails_in", Filter::In, "EventResultDetails"}, {"eventresult", Filter::Equals, "EventResult"},
                                             {"targetusername_has_any", Filter::HasAny, "TargetUsername"}, {"actorusername_has_any", Filter::HasAny, "ActorUsername"}};
constexpr AsimParameter kProcess[] = {{"commandline_has_any", Filter::HasAny, "TargetProcessCommandLine"}, {"commandline_has_all", Filter::HasAll, "TargetProcessCommandLine"},
                                      {"commandline_has_any_ip_prefix", Filter::Prefix, "TargetProcessCommandLine"}, {"actingprocess_has_any", Filter::HasAny, "ActingProcessName"},
                                      {"targetprocess_has_any", Filter::HasAny, "TargetProcessName"}, {"parentprocess_has_any", Filter::HasAny, "ParentProcessName"},
                                      {"targetusername_has", Filter::Equals, "TargetUsername"}, {"actorusername_has", Filter::Equals, "ActorUsername"},
                                      {"dvcipaddr_has_any_prefix", Filter::Prefix, "DvcIpAddr"}, {"dvchostname_has_any", Filter::HasAny, "DvcHostname"}, {"eventtype", Filter::Equals, "EventType"},
                                      {"hashes_has_any", Filter::HasAny, "TargetProcessMD5,TargetProcessSHA1,TargetProcessSHA256"}};
constexpr AsimParameter kFile[] = {{"eventtype_in", Filter::In, "EventType"}, {"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"actorusername_has_any", Filter::HasAny, "ActorUsername"},
                                   {"targetfilepath_has_any", Filter::HasAny, "TargetFilePath"}, {"srcfilepath_has_any", Filter::HasAny, "SrcFilePath"},
                                   {"hashes_has_any", Filter::HasAny, "TargetFileMD5,TargetFileSHA1,TargetFileSHA256"}, {"dvchostname_has_any", Filter::HasAny, "DvcHostname"}};
constexpr AsimParameter kRegistry[] = {{"eventtype_in", Filter::In, "EventType"}, {"actorusername_has_any", Filter::HasAny, "ActorUsername"}, {"registrykey_has_any", Filter::HasAny, "RegistryKey"},
                                       {"registryvalue_has_any", Filter::HasAny, "RegistryValue"}, {"registrydata_has_any", Filter::HasAny, "RegistryValueData"}, {"dvchostname_has_any", Filter::HasAny, "DvcHostname"}};
constexpr AsimParameter kAudit[] = {{"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"eventtype_in", Filter::In, "EventType"}, {"eventresult", Filter::Equals, "EventResult"},
                                    {"actorusername_has_any", Filter::HasAny, "ActorUsername"}, {"operation_has_any", Filter::HasAny, "Operation"}, {"object_has_any", Filter::HasAny, "Object"},
                                    {"newvalue_has_any", Filter::HasAny, "NewValue"}};
constexpr AsimParameter kUsers[] = {{"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"targetusername_has_any", Filter::HasAny, "TargetUsername"},
                                    {"actorusername_has_any", Filter::HasAny, "ActorUsername"}, {"eventtype_in", Filter::In, "EventType"}};
constexpr AsimParameter kDhcp[] = {{"srcipaddr_has_any_prefix", Filter::Prefix, "SrcIpAddr"}, {"srchostname_has_any", Filter::HasAny, "SrcHostname"}, {"srcusername_has_any", Filter::HasAny, "SrcUsername"},
                                   {"eventresult", Filter::Equals, "EventResult"}};
constexpr AsimParameter kAlert[] = {{"ipaddr_has_any_prefix", Filter::Prefix, "DvcIpAddr"}, {"hostname_has_any", Filter::HasAny, "DvcHostname"}, {"username_has_any", Filter::HasAny, "Username"},
                                    {"attacktactics_has_any", Filter::HasAny, "AttackTactics"}, {"attacktechniques_has_any", Filter::HasAny, "AttackTechniques"},
                                    {"threatcategory_has_any", Filter::HasAny, "ThreatCategory"}, {"alertverdict_has_any", Filter::HasAny, "AlertVerdict"}, {"eventseverity_has_any", Filter::HasAny, "EventSeverity"}};

constexpr std::string_view kDevice = "Dvc = coalesce(DvcFQDN, DvcHostname, DvcIpAddr, DvcId)";
constexpr std::string_view kDnsAliases =
    "EventSchema = 'Dns', Hostname = SrcHostname, User = SrcUsername, SrcUserDomain = '', Process = SrcProcessName, DnsResponseCodeName = EventResultDetails, Duration = DnsNetworkDuration, "
    "SessionId = DnsSessionId, DomainCategory = UrlCategory, IpAddr = SrcIpAddr, Domain = DnsQuery, Query = DnsQuery, QueryType = DnsQueryType, QueryTypeName = DnsQueryTypeName, "
    "QueryClass = DnsQueryClass, QueryClassName = DnsQueryClassName, ResponseCode = DnsResponseCode, ResponseName = DnsResponseName, ResponseCodeName = EventResultDetails, Flags = DnsFlags, "
    "Src = coalesce(SrcFQDN, SrcHostname, SrcIpAddr), Dst = coalesce(DstFQDN, DstHostname, DstIpAddr)";
constexpr std::string_view kDnsColumns =
    "TimeGenerated, _ResourceId, Type, EventCount, EventStartTime, EventType, EventResult, EventResultDetails, EventProduct, EventVendor, EventSchema, EventSchemaVersion, Dvc, EventMessage, "
    "EventSeverity, EventOriginalUid, EventReportUrl, TenantId, DvcHostname, EventProductVersion, DvcIpAddr, DvcAction, Src, SrcIpAddr, SrcPortNumber, SrcGeoCountry, SrcGeoRegion, SrcGeoCity, "
    "SrcGeoLatitude, SrcGeoLongitude, SrcRiskLevel, SrcHostname, Hostname, SrcDomain, SrcDomainType, SrcFQDN, SrcDvcId, SrcDvcIdType, SrcDeviceType, SrcUserId, SrcUserIdType, SrcUsername, User, "
    "SrcUsernameType, SrcUserType, SrcOriginalUserType, SrcUserDomain, SrcProcessName, Process, SrcProcessId, SrcProcessGuid, Dst, DstIpAddr, DstPortNumber, DstGeoCountry, DstGeoRegion, DstGeoCity, "
    "DstGeoLatitude, DstGeoLongitude, DstRiskLevel, DstHostname, DstDomain, DstDomainType, DstFQDN, DstDvcId, DstDvcIdType, DstDeviceType, EventSubType, DnsQuery, DnsQueryType, DnsQueryTypeName, "
    "DnsQueryClass, DnsQueryClassName, DnsResponseCode, DnsResponseName, DnsResponseCodeName, DnsFlags, NetworkProtocol, UrlCategory, ThreatCategory, DnsNetworkDuration, Duration, "
    "DnsFlagsAuthoritative, DnsFlagsCheckingDisabled, DnsFlagsRecursionAvailable, DnsFlagsRecursionDesired, DnsFlagsTruncates, DnsFlagsZ, DnsSessionId, SessionId, EventEndTime, DomainCategory, "
    "IpAddr, Domain, TransactionIdHex, DvcId, EventOriginalType, AdditionalFields, Query, QueryType, QueryTypeName, QueryClass, QueryClassName, ResponseCode, ResponseName, ResponseCodeName, Flags";
constexpr std::string_view kSessionAliases =
    "Hostname = DstHostname, User = DstUsername, IpAddr = SrcIpAddr, Duration = NetworkDuration, SessionId = NetworkSessionId, Src = coalesce(SrcFQDN, SrcHostname, SrcIpAddr), "
    "Dst = coalesce(DstFQDN, DstHostname, DstIpAddr)";
constexpr std::string_view kWebAliases =
    "Hostname = DstHostname, User = SrcUsername, IpAddr = SrcIpAddr, Duration = NetworkDuration, SessionId = NetworkSessionId, UserAgent = HttpUserAgent, HttpStatusCode = EventResultDetails, "
    "Src = coalesce(SrcFQDN, SrcHostname, SrcIpAddr), Dst = coalesce(DstFQDN, DstHostname, DstIpAddr)";
constexpr std::string_view kProcessAliases = "User = ActorUsername, Process = TargetProcessName, CommandLine = TargetProcessCommandLine, Hash = coalesce(TargetProcessSHA256, TargetProcessSHA1, TargetProcessMD5)";
constexpr std::string_view kFileAliases = "User = ActorUsername, Process = ActingProcessName, FilePath = TargetFilePath, Hash = coalesce(TargetFileSHA256, TargetFileSHA1, TargetFileMD5)";

constexpr AsimSchema kSchemas[] = {
    {"Dns", "ASimDnsActivityLogs", kDns, {}, kDnsAliases, kDnsColumns},
    {"NetworkSession", "ASimNetworkSessionLogs", kNetwork, {}, kSessionAliases, {}},
    {"WebSession", "ASimWebSessionLogs", kWeb, {}, kWebAliases, {}},
    {"Authentication", "ASimAuthenticationEventLogs", kAuthentication, {}, "User = TargetUsername, LogonTarget = coalesce(TargetHostname, TargetAppName, TargetUrl)", {}},
    {"ProcessEvent", "ASimProcessEventLogs", kProcess, {}, kProcessAliases, {}},
    {"ProcessCreate", "ASimProcessEventLogs", kProcess, "EventType == 'ProcessCreated'", kProcessAliases, {}},
    {"ProcessTerminate", "ASimProcessEventLogs", kProcess, "EventType == 'ProcessTerminated'", kProcessAliases, {}},
    {"FileEvent", "ASimFileEventLogs", kFile, {}, kFileAliases, {}},
    {"RegistryEvent", "ASimRegistryEventLogs", kRegistry, {}, "User = ActorUsername, Process = ActingProcessName", {}},
    {"AuditEvent", "ASimAuditEventLogs", kAudit, {}, "User = ActorUsername, IpAddr = SrcIpAddr, Value = NewValue", {}},
    {"UserManagement", "ASimUserManagementActivityLogs", kUsers, {}, "User = ActorUsername, IpAddr = SrcIpAddr", {}},
    {"DhcpEvent", "ASimDhcpEventLogs", kDhcp, {}, "User = SrcUsername, IpAddr = SrcIpAddr, Hostname = SrcHostname", {}},
    {"AlertEvent", "ASimAlertEventLogs", kAlert, {}, "IpAddr = DvcIpAddr, Hostname = DvcHostname", {}},
};

std::string declaration(const AsimParameter& parameter)
{
    switch (parameter.filter) {
    case Filter::Equals: case Filter::HasIp: return std::string(parameter.name) + ":string = '*'";
    case Filter::Number: return std::string(parameter.name) + ":int = int(null)";
    default: return std::string(parameter.name) + ":dynamic = dynamic([])";
    }
}

std::string test(const AsimParameter& parameter, std::string_view column)
{
    const std::string name(parameter.name), of(column);
    switch (parameter.filter) {
    case Filter::Equals: return parameter.name.ends_with("_has") ? of + " has " + name : of + " =~ " + name;
    case Filter::Number: return of + " == " + name;
    case Filter::HasAny: return of + " has_any (" + name + ")";
    case Filter::HasAll: return of + " has_all (" + name + ")";
    case Filter::In: return of + " in~ (" + name + ")";
    case Filter::Prefix: return "has_any_ipv4_prefix(" + of + ", " + name + ")";
    case Filter::HasIp: return "has_ipv4(" + of + ", " + name + ")";
    }
    return "true";
}

std::string condition(const AsimParameter& parameter)
{
    const std::string name(parameter.name);
    std::string out = parameter.filter == Filter::Equals || parameter.filter == Filter::HasIp ? name + " == '*'" : parameter.filter == Filter::Number ? "isnull(" + name + ")" : "array_length(" + name + ") == 0";
    for (std::string_view rest = parameter.column; !rest.empty();) {
        const std::size_t comma = rest.find(',');
        out += " or " + test(parameter, rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return out;
}

bool hasColumn(const catalog::TableSchema& table, std::string_view name) { return table.indexOf(name).has_value(); }

catalog::StoredFunction made(std::string_view name, const AsimSchema& schema, const catalog::TableSchema& table)
{
    catalog::StoredFunction function;
    function.name = name;
    function.parameters = "starttime:datetime = datetime(null), endtime:datetime = datetime(null)";
    function.body = std::string(schema.table) + " | where (isnull(starttime) or TimeGenerated >= starttime) and (isnull(endtime) or TimeGenerated <= endtime)";
    for (const AsimParameter& parameter : schema.parameters) {
        function.parameters += ", " + declaration(parameter);
        function.body += "\n| where " + condition(parameter);
    }
    function.parameters += ", pack:bool = false";
    if (!schema.condition.empty())
        function.body += "\n| where " + std::string(schema.condition);
    if (!hasColumn(table, "Dvc") && hasColumn(table, "DvcFQDN"))
        function.body += "\n| extend " + std::string(kDevice);
    function.body += "\n| extend " + std::string(schema.aliases);
    if (!schema.columns.empty())
        function.body += "\n| project " + std::string(schema.columns);
    return function;
}

} // namespace

std::optional<catalog::StoredFunction> asimFunction(std::string_view name, const catalog::Snapshot& snapshot)
{
    std::string_view rest = name;
    for (const std::string_view prefix : {"_Im_", "_ASim_", "ASim", "im"})
        if (rest.starts_with(prefix)) {
            rest.remove_prefix(prefix.size());
            for (const AsimSchema& schema : kSchemas)
                if (schema.name == rest)
                    if (const auto table = snapshot.findTable(schema.table))
                        return made(name, schema, table->schema());
            return std::nullopt;
        }
    return std::nullopt;
}

} // namespace tocsin::kql
