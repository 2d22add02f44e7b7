// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "report/IncidentReport.h"

#include <QString>

#include <functional>
#include <stop_token>

namespace tocsin::report {

struct PdfOptions {
    std::size_t rowCap = 1000;  ///< rows printed of one query; a line says how many more there are
    std::string marking;        ///< printed on every page, for example `Confidential`; may be empty
    std::stop_token stop;
    std::function<void(int page, int pages)> progress; ///< called from the writing thread, after each page
};

/// What was written, to be shown and to be compared with a later report.
struct ReportFacts {
    int pages = 0;
    std::int64_t bytes = 0;
    std::string sha256;             ///< of the attached report.json, lower-case hexadecimal
    std::uint64_t rowsPrinted = 0;  ///< of all queries
    std::uint64_t rowsLeftOut = 0;
};

inline constexpr ErrorKind kPdfFailed{"report.pdf_failed", "The report could not be painted: {0}", "Try another folder; if it happens again, please report it."};

/// Writes the incident as an A4 document: light theme, embedded fonts, searchable text, and the data it shows attached as report.json.
/// The file appears only when it is complete (an existing file stays untouched until then). Needs a QGuiApplication (any platform
/// plugin, offscreen too), but may run in any thread. Errors: kFileUnwritable, kPdfFailed, kCancelled.
Result<ReportFacts> writeIncidentPdf(const IncidentReport& report, const QString& path, const PdfOptions& options = {});

/// The data of the report as JSON, in a fixed order: what the digest is computed over. At most `rowCap` rows of each query.
std::string reportJson(const IncidentReport& report, std::size_t rowCap);

} // namespace tocsin::report
