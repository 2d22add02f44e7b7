// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::ingest {

inline constexpr ErrorKind kBadSchemaFile{"ingest.bad_schema_file", "{0} is not a table schema: {1}", "Correct or remove the file."};
inline constexpr ErrorKind kUnknownFormat{"ingest.unknown_format", "The format of {0} was not recognised",
    "Choose the format in the import window or with --format. Known formats: {1}."};
inline constexpr ErrorKind kNotALog{"ingest.not_a_log", "{0} is not a log", "To import it all the same, name the file itself."};
inline constexpr ErrorKind kNoSuchFormat{"ingest.no_such_format", "There is no format named {0}", "Known formats: {1}."};
inline constexpr ErrorKind kEmptySource{"ingest.empty_source", "{0} is empty", "Nothing was imported; check that the export has finished."};
inline constexpr ErrorKind kBadArchive{"ingest.bad_archive", "{0} cannot be unpacked: {1}", "Copy the file again, or unpack it with another program."};
inline constexpr ErrorKind kDigestFailed{"ingest.digest_failed", "The checksum of {0} cannot be computed: {1}", ""};
inline constexpr ErrorKind kCannotStore{"ingest.cannot_store", "The rows of {0} could not be stored", "Check the free space of the disk that holds the workspace."};

inline constexpr ErrorKind kJsonTruncated{"ingest.json_truncated", "The record ends in the middle", "The export was cut off; get the rest of the file."};
inline constexpr ErrorKind kJsonBroken{"ingest.json_broken", "The record is not valid JSON: {0}", ""};
inline constexpr ErrorKind kJsonNoObject{"ingest.json_no_object", "The record is no JSON object", ""};
inline constexpr ErrorKind kJsonTooLong{"ingest.json_too_long", "The record is longer than {0} bytes", ""};
inline constexpr ErrorKind kJsonStrayText{"ingest.json_stray_text", "There is text between the records that is not JSON", ""};
inline constexpr ErrorKind kJsonRepaired{"ingest.json_repaired", "The record was not valid JSON and was mended: {0}", ""};
inline constexpr ErrorKind kNoTime{"ingest.no_time", "The record has no readable time", "The row got the time of the import."};
inline constexpr ErrorKind kUnknownRecord{"ingest.unknown_record", "The record is of no known kind", "Import it as plain JSON into a table of your own."};
inline constexpr ErrorKind kMissingField{"ingest.missing_field", "The record has no {0}", ""};
inline constexpr ErrorKind kBadFlowTuple{"ingest.bad_flow_tuple", "A flow tuple cannot be read ({0})", ""};
inline constexpr ErrorKind kBadLine{"ingest.bad_line", "The line is not in the format {0}", ""};
inline constexpr ErrorKind kLineTooLong{"ingest.line_too_long", "The line is longer than {0} bytes", ""};
inline constexpr ErrorKind kWrongFieldCount{"ingest.wrong_field_count", "The line has {0} fields where {1} are declared", ""};
inline constexpr ErrorKind kNoHeader{"ingest.no_header", "{0} has no line that names its fields", ""};
inline constexpr ErrorKind kYearGuessed{"ingest.year_guessed", "The times carry no year; {0} was taken for the first line", ""};
inline constexpr ErrorKind kCutQuote{"ingest.cut_quote", "A quotation mark is not closed", ""};

} // namespace tocsin::ingest
