// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/Company.h"
#include "samplecase/RecordList.h"

#include <optional>

namespace tocsin::samplecase {

/// Who calls Azure Resource Manager: a person or an application.
struct Caller {
    std::optional<std::size_t> person;
    std::string appId;
    std::string objectId;
    std::string address;
    std::string_view role = "Contributor";
};

/// The subscription's Activity Log as a diagnostic setting exports it.
class ActivityLog {
public:
    static constexpr std::string_view kFile = "azure/activitylog.json";

    ActivityLog(const Company& company, std::uint64_t seed) : m_company(company), m_random(seed, "activity") {}

    /// Writes the start and the end of an operation, as Resource Manager does. `resource` is an ARM id, `operation` like
    /// `Microsoft.Compute/virtualMachines/deallocate/action`, `body` the JSON text of a request body (may be empty).
    void operation(Ticks time, const Caller& caller, std::string_view operation, std::string_view resource, std::string_view body = {},
                   bool success = true);
    Result<void> write(FileSet& files);

private:
    std::string record(Ticks time, const Caller& caller, std::string_view operation, std::string_view resource, std::string_view body,
                       std::string_view correlation, std::string_view status, std::string_view signature);
    const Company& m_company;
    Random m_random;
    RecordList m_records;
};

} // namespace tocsin::samplecase
