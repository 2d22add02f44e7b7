// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/XmlTape.h"

#include <string>

namespace tocsin::ingest {

inline constexpr std::string_view kEventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event";

enum class XmlLayout {
    OneLine,
    Indented, ///< line ends CR LF, two blanks a level; text stays in the line of its element
};

/// Appends `text` with & < > (and in attributes the quotation mark) escaped. Characters XML forbids become U+FFFD.
void appendXmlEscaped(std::string& out, std::string_view text, bool inAttribute);
/// Appends the element that opens at `tape[element]`. With `defaultNamespace` an outermost element without an xmlns of its own gets it.
void appendXmlElement(std::string& out, std::span<const XmlToken> tape, std::size_t element, XmlLayout layout, std::string_view defaultNamespace = {});

} // namespace tocsin::ingest
