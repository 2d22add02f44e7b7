// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/WindowsSchemas.h"

#include <algorithm>
#include <string_view>

namespace tocsin::ingest {

namespace {

// Names and types as Azure Monitor publishes them for its tables; a name without a type is a string. The columns that only the
// service itself can fill (billing, storage partitions, resource ids) are left out.
constexpr std::string_view kSecurityEvent =
    "TimeGenerated:datetime AccessMask Account AccountDomain AccountExpires AccountName AccountSessionIdentifier AccountType Activity "
    "AdditionalInfo AdditionalInfo2 AllowedToDelegateTo Attributes AuditPolicyChanges AuditsDiscarded:int AuthenticationLevel:int "
    "AuthenticationPackageName AuthenticationProvider AuthenticationServer AuthenticationService:int AuthenticationType CACertificateHash "
    "CalledStationID CallerProcessId CallerProcessName CallingStationID CAPublicKeyHash CategoryId CertificateDatabaseHash Channel "
    "ClassId ClassName ClientAddress ClientIPAddress ClientName CommandLine CompatibleIds Computer Correlation DCDNSName "
    "DeviceDescription DeviceId DisplayName Disposition DomainBehaviorVersion DomainName DomainPolicyChanged DomainSid EAPType "
    "ElevatedToken ErrorCode:int EventData EventID:int EventLevelName EventRecordId EventSourceName ExtendedQuarantineState FailureReason "
    "FileHash FilePath FilePathNoUser Filter ForceLogoff Fqbn FullyQualifiedSubjectMachineName FullyQualifiedSubjectUserName "
    "GroupMembership HandleId HardwareIds HomeDirectory HomePath InterfaceUuid IpAddress IpPort KeyLength:int Keywords Level "
    "LmPackageName LocationInformation LockoutDuration LockoutObservationWindow LockoutThreshold LoggingResult LogonGuid LogonHours "
    "LogonID LogonProcessName LogonType:int LogonTypeName MachineAccountQuota MachineInventory MachineLogon MandatoryLabel MaxPasswordAge "
    "MemberName MemberSid MinPasswordAge MinPasswordLength MixedDomainMode NASIdentifier NASIPv4Address NASIPv6Address NASPort "
    "NASPortType NetworkPolicyName NewDate NewMaxUsers NewProcessId NewProcessName NewRemark NewShareFlags NewTime NewUacValue NewValue "
    "NewValueType ObjectName ObjectServer ObjectType ObjectValueName OemInformation OldMaxUsers OldRemark OldShareFlags OldUacValue "
    "OldValue OldValueType Opcode OperationType PackageName ParentProcessName PasswordHistoryLength PasswordLastSet PasswordProperties "
    "PreviousDate PreviousTime PrimaryGroupId PrivateKeyUsageCount PrivilegeList Process ProcessId ProcessName ProfilePath Properties "
    "ProtocolSequence ProxyPolicyName QuarantineHelpURL QuarantineSessionID QuarantineSessionIdentifier QuarantineState "
    "QuarantineSystemHealthResult RelativeTargetName RemoteIpAddress RemotePort Requester RequestId RestrictedAdminMode RowsDeleted "
    "SamAccountName ScriptPath SecurityDescriptor ServiceAccount ServiceFileName ServiceName ServiceStartType:int ServiceType SessionName "
    "ShareLocalPath ShareName SidHistory SourceComputerId SourceSystem Status SubcategoryGuid SubcategoryId Subject SubjectAccount "
    "SubjectDomainName SubjectKeyIdentifier SubjectLogonId SubjectMachineName SubjectMachineSID SubjectUserName SubjectUserSid SubStatus "
    "SystemProcessId:int SystemThreadId:int SystemUserId TargetAccount TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid "
    "TargetLogonId TargetOutboundDomainName TargetOutboundUserName TargetServerName TargetSid TargetUser TargetUserName TargetUserSid "
    "Task:int TemplateContent TemplateDSObjectFQDN TemplateInternalName TemplateOID TemplateSchemaVersion TemplateVersion "
    "TokenElevationType TransmittedServices Type UserAccountControl UserParameters UserPrincipalName UserWorkstations VendorIds "
    "Version:int VirtualAccount Workstation WorkstationName EventOriginId MG:guid TimeCollected:datetime AccessList AccessReason "
    "ImpersonationLevel";

constexpr std::string_view kEvent =
    "TimeGenerated:datetime Computer EventCategory:int EventData EventID:int EventLevel:int EventLevelName EventLog Message ParameterXml "
    "RenderedDescription Source SourceSystem Type UserName MG:guid TimeCollected:datetime";

constexpr std::string_view kWindowsEvent =
    "TimeGenerated:datetime Channel Computer Correlation EventData:dynamic EventID:int EventLevel:int EventLevelName EventOriginId "
    "EventRecordId Keywords Opcode Provider SystemProcessId:int SystemThreadId:int SystemUserId Task:int Type Version:int SourceSystem";

catalog::TableSchema schema(std::string name, std::string_view columns)
{
    catalog::TableSchema table;
    table.name = std::move(name);
    while (!columns.empty()) {
        const std::size_t end = std::min(columns.find(' '), columns.size());
        const std::string_view column = columns.substr(0, end);
        columns.remove_prefix(std::min(end + 1, columns.size()));
        const std::size_t colon = column.find(':');
        catalog::ColumnSchema& added = table.columns.emplace_back();
        added.name = column.substr(0, colon);
        if (colon != std::string_view::npos)
            added.type = parseTypeName(column.substr(colon + 1)).value_or(DataType::String);
    }
    return table;
}

} // namespace

catalog::TableSchema securityEventSchema() { return schema("SecurityEvent", kSecurityEvent); }
catalog::TableSchema eventSchema() { return schema("Event", kEvent); }
catalog::TableSchema windowsEventSchema() { return schema("WindowsEvent", kWindowsEvent); }

} // namespace tocsin::ingest
