// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

namespace tocsin::kql {

/// A cursor that makes what it gives from ordinals it takes up itself, and so can tell a watch of each.
class WatchedCursor : public Cursor {
public:
    std::uint64_t ordinal() const final { return m_ordinal; }
    void follow(Watch& watch, std::uint64_t base) final
    {
        m_watch = &watch;
        m_base = base;
    }

protected:
    /// Takes the ordinal up. False: nothing from here on is wanted.
    bool reach(std::uint64_t ordinal)
    {
        m_ordinal = ordinal;
        return !m_watch || m_watch->reached(m_base + ordinal);
    }

private:
    std::uint64_t m_ordinal = 0;
    Watch* m_watch = nullptr;
    std::uint64_t m_base = 0;
};

} // namespace tocsin::kql
