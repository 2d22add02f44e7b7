// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>

namespace tocsin {

/// Has the allocator keep freed memory for the next query or import: pages fresh from the system cost more than most of the work done
/// in them. Call it once, before threads are made.
inline void keepFreedMemory()
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // the largest that is allowed
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
}

} // namespace tocsin
