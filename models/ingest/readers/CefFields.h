// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tocsin::ingest {

/// The column of CommonSecurityLog that a key of a CEF extension fills; empty for keys of vendors' own.
std::string cefColumn(std::string_view key);

} // namespace tocsin::ingest
