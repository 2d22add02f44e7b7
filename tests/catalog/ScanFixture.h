// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"
#include "column/ColumnFixture.h"

namespace tocsin::test {

/// What a scan gives, each batch followed by " ; ", the morsels' ordinals in brackets before them.
inline QByteArray scanned(const catalog::TableSource& table, const catalog::ScanRequest& request)
{
    const auto scan = table.scan(request);
    QByteArray text;
    for (auto morsel = (*scan)->nextMorsel({}); morsel && *morsel; morsel = (*scan)->nextMorsel({})) {
        text += '[' + QByteArray::number(static_cast<qulonglong>((*morsel)->ordinal())) + "] ";
        for (auto batch = (*morsel)->next(); batch && *batch; batch = (*morsel)->next())
            text += printed(**batch) + " ; ";
    }
    return text;
}

} // namespace tocsin::test
