// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/RowView.h"

#include "base/Utf8.h"
#include "detect/sigma/EventDataXml.h"
#include "detect/sigma/MapFiles.h"

#include <algorithm>
#include <charconv>

namespace tocsin::detect::sigma {
namespace {

using Kind = TableForm::Kind;

constexpr TableForm kForms[] = {
    {Kind::SecurityEvent, "SecurityEvent", {}}, {Kind::Event, "Event", {}}, {Kind::WindowsEvent, "WindowsEvent", {}}, {Kind::Syslog, "Syslog", {}},
    {Kind::Azure, "SigninLogs", "signinlogs"}, {Kind::Azure, "AuditLogs", "auditlogs"}, {Kind::Azure, "AzureActivity", "activitylogs"},
    {Kind::Azure, "AADUserRiskEvents", "riskdetection"}};

/// Columns alerts are made of, whatever rules ask for.
constexpr std::string_view kAlways[] = {
    "TimeGenerated", "Computer", "Channel", "EventLog", "EventID", "EventSourceName", "Source", "Provider", "EventData", "EventRecordId", "_ItemId", "HostName",
    "Facility", "ProcessName", "SyslogMessage", "UserPrincipalName", "UserId", "IPAddress", "Caller", "CallerIpAddress", "Identity", "ResourceId", "CorrelationId", "Id",
    "TargetUserName", "TargetDomainName", "SubjectUserName", "SubjectDomainName", "IpAddress", "NewProcessName", "CommandLine", "HostIP", "InitiatedBy"};

constexpr int kMaxDepth = 6;

bool isWindows(Kind kind)
{
    return kind == Kind::SecurityEvent || kind == Kind::Event || kind == Kind::WindowsEvent;
}

/// What the table itself adds to every row, which is no field of an event.
bool isTechnical(std::string_view column)
{
    return column.starts_with('_') || column == "TenantId" || column == "Type" || column == "MG" || column == "TimeCollected" || column == "TimeGenerated" || column == "EventData";
}

} // namespace

std::span<const TableForm> tableForms()
{
    return kForms;
}

RowView::RowView(const TableForm& form, std::vector<catalog::ColumnSchema> columns) : m_form(form), m_columns(std::move(columns))
{
    forEachMapRow("fields.tsv", 3, [&](const std::vector<std::string_view>& cells) {
        if (cells[0] == m_form.table)
            if (const auto column = find(cells[2]))
                m_aliases.push_back({std::string(cells[1]), *column});
    });
}

std::vector<std::string> RowView::wantedColumns(const TableForm& form, const std::vector<catalog::ColumnSchema>& columns, const SigmaRuleSet& set)
{
    std::vector<std::string> aliased;
    forEachMapRow("fields.tsv", 3, [&](const std::vector<std::string_view>& cells) {
        if (cells[0] == form.table && set.hasField(cells[1]))
            aliased.emplace_back(cells[2]);
    });
    std::vector<std::string> wanted;
    for (const catalog::ColumnSchema& column : columns) {
        const bool always = std::find(std::begin(kAlways), std::end(kAlways), column.name) != std::end(kAlways);
        const bool leaves = !isWindows(form.kind) && column.type == DataType::Dynamic && !isTechnical(column.name);
        const bool keywords = form.kind == Kind::Azure && set.hasKeywords() && column.type == DataType::String && !isTechnical(column.name);
        if (always || leaves || keywords || set.hasField(column.name) || std::find(aliased.begin(), aliased.end(), column.name) != aliased.end())
            wanted.push_back(column.name);
    }
    return wanted;
}

std::optional<std::size_t> RowView::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i].name == name)
            return i;
    return std::nullopt;
}

std::string_view RowView::cell(std::size_t column)
{
    const Vector& vector = m_batch->columns[column];
    if (vector.type() == DataType::String)
        return VectorReader<std::string_view>(vector)[m_row];
    if (vector.isNull(m_row))
        return {};
    return m_texts.emplace_back(vector.valueAt(m_row).toString());
}

std::string_view RowView::text(std::string_view column)
{
    const auto place = find(column);
    return place ? cell(*place) : std::string_view();
}

Ticks RowView::time() const
{
    const auto place = find("TimeGenerated");
    if (!place || m_columns[*place].type != DataType::DateTime || m_batch->columns[*place].isNull(m_row))
        return 0;
    return VectorReader<std::int64_t>(m_batch->columns[*place])[m_row];
}

const EventView& RowView::identify(std::size_t row)
{
    m_row = row;
    m_texts.clear();
    m_view.clear();
    if (isWindows(m_form.kind)) {
        m_view.product = "windows";
        m_view.channel = text(m_form.kind == Kind::Event ? "EventLog" : "Channel");
        m_view.provider = text(m_form.kind == Kind::Event ? "Source" : m_form.kind == Kind::SecurityEvent ? "EventSourceName" : "Provider");
        if (m_form.kind == Kind::SecurityEvent && m_view.channel.empty())
            m_view.channel = "Security";
        const std::string_view id = text("EventID");
        std::from_chars(id.data(), id.data() + id.size(), m_view.eventId);
    } else if (m_form.kind == Kind::Syslog) {
        m_view.product = "linux";
        m_view.services = {"syslog", m_texts.emplace_back(foldCase(text("ProcessName"))), m_texts.emplace_back(foldCase(text("Facility")))};
    } else {
        m_view.product = "azure";
        m_view.services[0] = m_form.service;
    }
    return m_view;
}

const EventView& RowView::complete()
{
    if (m_form.kind == Kind::Syslog) {
        m_view.message = text("SyslogMessage");
    }
    if (isWindows(m_form.kind)) {
        const std::string_view computer = text("Computer");
        m_view.fields.push_back({"EventID", text("EventID")});
        m_view.fields.push_back({"Provider_Name", m_view.provider});
        m_view.fields.push_back({"Channel", m_view.channel});
        m_view.fields.push_back({"Computer", computer});
        m_view.fields.push_back({"ComputerName", computer});
        const auto data = find("EventData");
        if (data && m_form.kind == Kind::WindowsEvent) {
            eventBag(*data);
            return m_view;
        }
        if (data && m_columns[*data].type == DataType::String) {
            const std::string_view xml = cell(*data);
            readEventData(xml, m_view.fields, m_texts);
            if (m_form.kind == Kind::Event || !xml.empty())
                return m_view;
        }
    }
    columnsAsFields();
    return m_view;
}

/// An empty cell of a table means that the event has no such field.
void RowView::columnsAsFields()
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (isTechnical(m_columns[i].name))
            continue;
        const Vector& vector = m_batch->columns[i];
        if (vector.type() == DataType::Dynamic && !vector.isNull(m_row))
            flatten(m_columns[i].name, DynamicView(VectorReader<std::string_view>(vector)[m_row]), 0);
        else if (const std::string_view value = cell(i); !value.empty())
            m_view.fields.push_back({m_columns[i].name, value});
    }
    for (const Alias& alias : m_aliases)
        if (const std::string_view value = cell(alias.column); !value.empty())
            m_view.fields.push_back({alias.field, value});
}

/// Items of lists go by the name of the list; leaves of objects by their path.
void RowView::flatten(const std::string& name, DynamicView value, int depth)
{
    if (value.isNull() || depth > kMaxDepth)
        return;
    if (depth == 0 || (!value.isArray() && !value.isObject())) {
        const std::string_view kept = m_texts.emplace_back(name);
        m_view.fields.push_back({kept, m_texts.emplace_back(value.toString())});
    }
    for (std::size_t i = 0; i < value.size(); ++i)
        flatten(value.isObject() ? name + '.' + std::string(value.key(i)) : name, value.item(i), depth + 1);
}

void RowView::eventBag(std::size_t column)
{
    const Vector& vector = m_batch->columns[column];
    if (vector.type() != DataType::Dynamic || vector.isNull(m_row))
        return;
    const DynamicView bag{VectorReader<std::string_view>(vector)[m_row]};
    if (!bag.isObject())
        return;
    for (std::size_t i = 0; i < bag.size(); ++i) {
        const DynamicView value = bag.item(i);
        if (!value.isArray()) {
            m_view.fields.push_back({bag.key(i), value.isString() ? value.asString() : m_texts.emplace_back(value.toString())});
            continue;
        }
        for (std::size_t k = 0; k < value.size(); ++k)
            m_view.fields.push_back({bag.key(i), m_texts.emplace_back(value.item(k).toString())});
    }
}

} // namespace tocsin::detect::sigma
