// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/AzureRecord.h"

namespace tocsin::ingest {

/// Sign-in, audit, risk and provisioning records of Microsoft Entra ID in the form of diagnostic settings. Columns after the
/// references of SigninLogs, AuditLogs and their companions.
class EntraMapper final : public RecordMapper {
public:
    bool claims(const AzureRecord& record) const override;
    Result<void> map(const AzureRecord& record, RowSet& rows) override;

private:
    void mapCommon(const AzureRecord& record, TableBuilder& table);
    void mapSignIn(const AzureRecord& record, TableBuilder& table);
    void mapAudit(const AzureRecord& record, TableBuilder& table);
};

/// The table of an export category; empty if it is no category of Entra.
std::string_view entraTable(std::string_view category);

} // namespace tocsin::ingest
