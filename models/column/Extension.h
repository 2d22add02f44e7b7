// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

namespace tocsin {

/// Whether `longer` certainly begins with the values of `shorter`: a dictionary that grows stays where it is in memory while it has room
/// there, so that what has been computed of the shorter one holds for the longer one. Both are flat and held by the caller.
inline bool extends(const Vector& longer, const Vector& shorter)
{
    return longer.type() == shorter.type() && longer.data() == shorter.data() && longer.size() >= shorter.size() && shorter.size() > 0 && !longer.nullMask()
        && !shorter.nullMask();
}

} // namespace tocsin
