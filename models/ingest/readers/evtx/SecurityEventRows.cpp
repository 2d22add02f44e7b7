// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/SecurityEventRows.h"

#include "ingest/readers/evtx/EventDataText.h"
#include "ingest/readers/evtx/SecurityActivities.h"
#include "ingest/readers/evtx/WindowsIdentity.h"
#include "ingest/readers/evtx/WindowsSchemas.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tocsin::ingest {

namespace {

std::optional<std::int32_t> integer(std::string_view text)
{
    int base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::int32_t> narrowed(std::optional<std::int64_t> value)
{
    if (!value || *value < std::numeric_limits<std::int32_t>::min() || *value > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
    return static_cast<std::int32_t>(*value);
}

std::string_view fileName(std::string_view path)
{
    const std::size_t slash = path.find_last_of('\\');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view logonTypeName(std::string_view type)
{
    static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"0", "0 - System"}, {"2", "2 - Interactive"}, {"3", "3 - Network"}, {"4", "4 - Batch"}, {"5", "5 - Service"}, {"7", "7 - Unlock"},
        {"8", "8 - NetworkCleartext"}, {"9", "9 - NewCredentials"}, {"10", "10 - RemoteInteractive"}, {"11", "11 - CachedInteractive"},
        {"12", "12 - CachedRemoteInteractive"}, {"13", "13 - CachedUnlock"},
    };
    for (const auto& [number, name] : kNames) {
        if (number == type)
            return name;
    }
    return {};
}

/// Events whose acting account is the one that logs on, not the one that reports it.
bool isTargetsOwn(std::uint32_t eventId)
{
    switch (eventId) {
    case 4624: case 4625: case 4634: case 4647: case 4768: case 4769: case 4770: case 4771: return true;
    default: return false;
    }
}

} // namespace

struct SecurityEventRows::Names {
    std::optional<std::string_view> subjectUser, subjectDomain, targetUserName, targetDomain, logonType, newProcessName, processName, filePath, targetUser;

    static Names of(std::span<const EvtxField> fields)
    {
        Names names;
        const std::pair<std::string_view, std::optional<std::string_view>*> wanted[] = {
            {"SubjectUserName", &names.subjectUser}, {"SubjectDomainName", &names.subjectDomain}, {"TargetUserName", &names.targetUserName},
            {"TargetDomainName", &names.targetDomain}, {"LogonType", &names.logonType}, {"NewProcessName", &names.newProcessName},
            {"ProcessName", &names.processName}, {"FilePath", &names.filePath}, {"TargetUser", &names.targetUser},
        };
        for (const EvtxField& field : fields) {
            for (const auto& [name, to] : wanted) {
                if (field.name == name && !*to)
                    *to = field.text;
            }
        }
        return names;
    }
};

SecurityEventRows::SecurityEventRows(const ReadOptions& options)
    : m_importTime(options.importTime), m_rows(securityEventSchema()),
      m_column{at("TimeGenerated"), at("TimeCollected"), at("Type"), at("SourceSystem"), at("Computer"), at("Channel"), at("EventID"), at("EventSourceName"),
               at("Task"), at("Level"), at("EventLevelName"), at("Activity"), at("EventOriginId"), at("SourceComputerId"), at("MG"), at("EventRecordId"),
               at("Keywords"), at("Opcode"), at("Version"), at("SystemProcessId"), at("SystemThreadId"), at("SystemUserId"), at("Correlation"), at("Account"),
               at("AccountType"), at("SubjectAccount"), at("TargetAccount"), at("LogonTypeName"), at("Process"), at("EventData")}
{
    // A field may not write what the table says about the event itself.
    const std::size_t reserved[] = {
        m_column.timeGenerated, m_column.timeCollected, m_column.type, m_column.sourceSystem, m_column.computer, m_column.channel, m_column.eventId,
        m_column.eventSourceName, m_column.task, m_column.level, m_column.eventLevelName, m_column.activity, m_column.eventOriginId,
        m_column.sourceComputerId, m_column.mg, m_column.eventRecordId, m_column.keywords, m_column.opcode, m_column.version,
        m_column.systemProcessId, m_column.systemThreadId, m_column.systemUserId, m_column.correlation, m_column.account, m_column.accountType,
        m_column.subjectAccount, m_column.targetAccount, m_column.logonTypeName, m_column.process, m_column.eventData};
    const auto& columns = m_rows.schema().columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string_view name = columns[i].name;
        Promotion how = columns[i].type == DataType::Int ? Promotion::Number : Promotion::Text;
        if (name == "PrivilegeList" || name == "AccessList" || name == "Properties" || name == "AccessReason")
            how = Promotion::WithoutLineBreaks;
        else if (name == "LogonGuid" || name == "TargetLogonGuid")
            how = Promotion::WithoutBraces;
        if (std::find(std::begin(reserved), std::end(reserved), i) == std::end(reserved))
            m_promoted.emplace(name, Promoted{i, how});
    }
}

void SecurityEventRows::add(const EvtxEvent& event)
{
    system(event);
    derive(event, Names::of(event.fields));
    for (const EvtxField& field : event.fields)
        promote(field);
    m_scratch.clear();
    appendEventDataXml(m_scratch, event, XmlLayout::Indented);
    m_rows.text(m_column.eventData, m_scratch);
    m_rows.endRow();
}

void SecurityEventRows::system(const EvtxEvent& event)
{
    m_rows.dateTime(m_column.timeGenerated, event.time);
    m_rows.dateTime(m_column.timeCollected, m_importTime);
    m_rows.text(m_column.type, "SecurityEvent");
    m_rows.text(m_column.sourceSystem, "OpsManager");
    m_rows.text(m_column.computer, event.computer);
    m_rows.text(m_column.channel, event.channel);
    m_rows.integer(m_column.eventId, static_cast<std::int32_t>(event.eventId));
    m_rows.text(m_column.eventSourceName, event.provider);
    m_rows.integer(m_column.task, event.task);
    if (event.keywordBits & kAuditSuccess)
        m_rows.text(m_column.level, "8");
    else if (event.keywordBits & kAuditFailure)
        m_rows.text(m_column.level, "16");
    else if (event.level)
        m_rows.text(m_column.level, std::to_string(*event.level));
    if (event.level)
        m_rows.text(m_column.eventLevelName, levelName(*event.level));
    m_rows.text(m_column.activity, activityText(event.eventId, event.provider));
    m_rows.text(m_column.eventOriginId, formatGuid(originGuid(event)));
    m_rows.text(m_column.sourceComputerId, formatGuid(computerGuid(event.computer)));
    m_rows.guid(m_column.mg, kManagementGroup);
    m_rows.text(m_column.eventRecordId, std::to_string(event.recordId));
    m_rows.text(m_column.keywords, event.keywords);
    if (event.opcode)
        m_rows.text(m_column.opcode, std::to_string(*event.opcode));
    m_rows.integer(m_column.version, event.version);
    m_rows.integer(m_column.systemProcessId, narrowed(event.processId));
    m_rows.integer(m_column.systemThreadId, narrowed(event.threadId));
    m_rows.text(m_column.systemUserId, event.userSid);
    m_rows.text(m_column.correlation, event.activityId);
}

void SecurityEventRows::promote(const EvtxField& field)
{
    const auto found = m_promoted.find(field.name);
    if (found == m_promoted.end())
        return;
    const auto [column, how] = found->second;
    switch (how) {
    case Promotion::Text: m_rows.text(column, field.text); break;
    case Promotion::Number: m_rows.integer(column, integer(field.text)); break;
    case Promotion::WithoutBraces:
        m_rows.text(column, field.text.size() > 2 && field.text.front() == '{' && field.text.back() == '}' ? field.text.substr(1, field.text.size() - 2) : field.text);
        break;
    case Promotion::WithoutLineBreaks:
        m_scratch.clear();
        for (const char c : field.text) {
            if (c != '\r' && c != '\n')
                m_scratch += c;
        }
        m_rows.text(column, m_scratch);
        break;
    }
}

void SecurityEventRows::account(std::size_t column, std::string_view account)
{
    m_rows.text(column, account);
    if (column == m_column.account && !account.empty())
        m_rows.text(m_column.accountType, isMachineAccount(account) ? "Machine" : "User");
}

void SecurityEventRows::derive(const EvtxEvent& event, const Names& names)
{
    const auto joined = [this](std::optional<std::string_view> domain, std::string_view user) -> std::string_view {
        if (!domain || domain->empty())
            return user;
        m_scratch.assign(*domain);
        m_scratch += '\\';
        m_scratch += user;
        return m_scratch;
    };
    if (names.targetUserName && !names.targetUserName->empty()) {
        const std::string_view target = joined(names.targetDomain, *names.targetUserName);
        m_rows.text(m_column.targetAccount, target);
        if (isTargetsOwn(event.eventId))
            account(m_column.account, target);
    }
    if (names.subjectUser && !names.subjectUser->empty()) {
        const std::string_view subject = joined(names.subjectDomain, *names.subjectUser);
        m_rows.text(m_column.subjectAccount, subject);
        if (!isTargetsOwn(event.eventId))
            account(m_column.account, subject);
    } else if (names.targetUser && event.eventId >= 8001 && event.eventId <= 8007) {
        account(m_column.account, accountOfSid(*names.targetUser));
    }
    if (names.logonType)
        m_rows.text(m_column.logonTypeName, logonTypeName(*names.logonType));
    for (const auto& path : {names.newProcessName, names.processName, names.filePath}) {
        if (path && !path->empty()) {
            m_rows.text(m_column.process, fileName(*path));
            break;
        }
    }
}

} // namespace tocsin::ingest
