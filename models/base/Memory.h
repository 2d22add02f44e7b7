// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tocsin {

/// Has the allocator keep freed memory for the next query or import: pages fresh from the system cost more than most of the work done
/// in them. Call it once, before threads are made.
void keepFreedMemory();

} // namespace tocsin
