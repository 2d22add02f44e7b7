// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"
#include "items/Task.h"

namespace tocsin::items {

inline constexpr ErrorKind kExportFailed{"items.export_failed", "Cannot write {0}: {1}", "Choose another place or free some space."};

/// Writes rows as CSV (RFC 4180, UTF-8, CRLF, datetimes in UTC). The file appears only when it is whole. Any thread.
TaskList::Outcome writeCsv(const QString& path, const engine::ResultSchema& schema, const std::vector<Batch>& batches, TaskControl& control);
/// One field, quoted where it must be.
void appendCsvField(QByteArray& out, const QString& text);

} // namespace tocsin::items
