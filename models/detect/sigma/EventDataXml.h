// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/EventView.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

/// Reads the values out of an event's data as tables keep it: `<EventData><Data Name="Image">…</Data>…`, also inside a `<DataItem>`, or
/// UserData, whose leaves go by their element's name. Appends them to `fields`; texts with references are kept in `texts`, which must not
/// lose elements while the fields are used. Takes any text: what is no XML gives fewer fields.
void readEventData(std::string_view xml, std::vector<EventField>& fields, std::deque<std::string>& texts);

} // namespace tocsin::detect::sigma
