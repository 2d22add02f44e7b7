// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::kql {

/// What queries may read besides tables (externaldata, infer_storage_schema). Whoever makes one decides what that is. Any thread.
class ExternalSource {
public:
    virtual ~ExternalSource() = default;
    /// The content behind an address, unpacked.
    virtual Result<std::string> read(const std::string& address) const = 0;

    struct Item {
        std::string address; ///< for read()
        std::string name;    ///< without its folder
        std::int64_t written = 0; ///< the later the greater
    };
    /// The files at or below an address, by address.
    virtual Result<std::vector<Item>> list(const std::string& address) const = 0;
};

} // namespace tocsin::kql
