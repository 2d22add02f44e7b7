// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <QString>

namespace tocsin::items {

/// What happened, with the place and the cause, for the screen.
QString errorText(const Error& error);
/// What to do about it; may be empty.
QString errorAdviceText(const Error& error);
/// All of it, for the clipboard: what, where, what to do, and the stable code.
QString errorReport(const Error& error);
/// Line and column (from 1, in characters) of a byte offset in UTF-8 text.
std::pair<int, int> lineAndColumn(std::string_view text, std::size_t offset);

} // namespace tocsin::items
