// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/LanguageServices.h"
#include "kql/services/TextEdit.h"

namespace tocsin::kql::services {

/// What is wrong, or could be better, at a place of a document.
struct Diagnostic {
    enum class Severity : unsigned char {
        Error,
        Warning, ///< runs, but probably not as meant
        Advice,  ///< costs more than it has to, or has a newer name
    };
    Severity severity = Severity::Error;
    Error error;                 ///< its span is a place of the document
    std::optional<TextEdit> fix; ///< what sets it right, where there is one way
};

/// Checks each block of a document as a run would: syntax, names, types; then advice where there are no errors. In order of place. A block of
/// definitions alone is no error. Linear in the document; const and safe from any thread.
std::vector<Diagnostic> diagnose(const LanguageServices& language, std::string_view document);

} // namespace tocsin::kql::services
