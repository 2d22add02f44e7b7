// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <stop_token>
#include <string>

namespace tocsin::ingest {

/// SHA-256 of a whole source, lower-case hexadecimal.
Result<std::string> digestOf(ByteSource& source, std::stop_token stop);

} // namespace tocsin::ingest
