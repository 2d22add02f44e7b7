// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "kql/services/Classification.h"
#include "kql/services/Completion.h"

namespace tocsin::widgets {

/// The colour of a piece of a query, and of what stands for it in a list of completions.
ThemeColor colorOf(kql::services::TextClass kind);
ThemeColor colorOf(kql::services::CompletionKind kind);

} // namespace tocsin::widgets
