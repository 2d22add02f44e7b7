// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace tocsin {

/// Has the allocator keep freed memory for the next query or import: pages fresh from the system cost more than most of the work done
/// in them. Call it once, before threads are made.
void keepFreedMemory();

/// Has the system give the calling thread's heap its first `bytes` at once: page by page, as they are touched, costs more than what a
/// short command does with them. Does nothing where the system cannot.
void fillHeap(std::size_t bytes);

} // namespace tocsin
