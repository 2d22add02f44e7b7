// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::store {

inline constexpr ErrorKind kNotAWorkspace{"store.not_a_workspace", "{0} is not a Tocsin workspace", "Choose a workspace file, or create a new one under another name."};
inline constexpr ErrorKind kOtherDatabase{"store.other_database", "{0} is a database of another program", "Choose a workspace file, or create a new one under another name."};
inline constexpr ErrorKind kNewerWorkspace{"store.newer_workspace", "{0} was written by a newer version of Tocsin (format {1}; this version reads up to {2})", "Update Tocsin to open it. The file was not changed."};
inline constexpr ErrorKind kNewerTables{"store.newer_tables", "The {0} tables of this workspace were written by a newer version of Tocsin (version {1}; this one knows {2})", "Update Tocsin to open it. The file was not changed."};
inline constexpr ErrorKind kLocked{"store.locked", "{0} is being written by another program", "Close the other program, or open the workspace read-only."};
inline constexpr ErrorKind kReadOnlyMedium{"store.read_only_medium", "{0} cannot be written: the file or its medium is read-only", "Open it read-only, or copy it to a place that can be written."};
inline constexpr ErrorKind kOpenedReadOnly{"store.opened_read_only", "This workspace is open read-only", "Open it for writing to change it."};
inline constexpr ErrorKind kDiskFull{"store.disk_full", "There is no space left on the disk of {0}", "Free some space and try again. What was stored before is safe."};
inline constexpr ErrorKind kDamaged{"store.damaged", "{0} is damaged: {1}", "Run the workspace check to see what is affected, and restore the file from a backup."};
inline constexpr ErrorKind kCutOff{"store.cut_off", "{0} was cut off: {1} of its {2} bytes are there", "Restore the file from a backup, or run `tocsin doctor --repair` on it to read what is left."};
inline constexpr ErrorKind kDamagedColumn{"store.damaged_column", "Column {2} of segment {1} of table {0} is damaged: {3}", "Other segments and columns stay readable. Import the source again or restore the file from a backup."};
inline constexpr ErrorKind kDamagedSegment{"store.damaged_segment", "Segment {1} of table {0} is damaged: {2}", "Other segments stay readable. Import the source again or restore the file from a backup."};
inline constexpr ErrorKind kSegmentIndex{"store.segment_index", "The list of segments is damaged: it is not certain whether segment {0} counts", "Run the workspace check with repair, or restore the file from a backup."};
inline constexpr ErrorKind kSegmentGone{"store.segment_gone", "Segment {1} of table {0} was removed by another program while it was being read", "Run the query again."};
inline constexpr ErrorKind kReadFailed{"store.io", "Reading or writing {0} failed: {1}", "Check the disk and try again."};
inline constexpr ErrorKind kDatabase{"store.database", "The workspace database reports: {0}", ""};
inline constexpr ErrorKind kBadChunk{"store.bad_chunk", "{0}", ""};
inline constexpr ErrorKind kImportRunning{"store.import_running", "{0} is being imported already", "Wait for that import to end."};
inline constexpr ErrorKind kImportClosed{"store.import_closed", "The import of {0} is already finished", ""};
inline constexpr ErrorKind kTooManyColumns{"store.too_many_columns", "Table {0} would have more than {1} columns", "Import the source into another table, or map it to fewer columns."};

} // namespace tocsin::store
