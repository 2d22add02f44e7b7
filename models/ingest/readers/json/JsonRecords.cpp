// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonRecords.h"

#include "ingest/readers/json/JsonWalker.h"

namespace tocsin::ingest {

Result<void> walkJsonRecords(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop)
{
    return JsonWalker(source, handler, std::move(stop)).run();
}

} // namespace tocsin::ingest
