// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"

#include <string_view>

namespace tocsin::kql {

/// Writes XML as a dynamic value: an element is a bag of its attributes (`@name`), its child elements (an array where a name
/// repeats) and its text (`#text`); an element with nothing but text is that text, an empty one null. No external entities, no DTD.
/// False (and nothing written) for text that is not well-formed or nested deeper than 100.
bool xmlToDynamic(std::string_view xml, DynamicBuilder& out);

} // namespace tocsin::kql
