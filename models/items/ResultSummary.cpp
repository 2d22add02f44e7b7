// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ResultSummary.h"

#include "items/ResultTableModel.h"
#include "items/ValueText.h"

#include <QCoreApplication>
#include <QLocale>

namespace tocsin::items {

void NumberSummary::add(double value)
{
    minimum = count ? std::min(minimum, value) : value;
    maximum = count ? std::max(maximum, value) : value;
    sum += value;
    ++count;
}

QString NumberSummary::text() const
{
    if (count == 0)
        return {};
    const QLocale locale;
    const auto number = [&](double value) { return locale.toString(value, 'g', 10); };
    return QCoreApplication::translate("tocsin::items::NumberSummary", "Sum %1   Avg %2   Min %3   Max %4").arg(number(sum), number(average()), number(minimum), number(maximum));
}

NumberSummary summarize(const ResultTableModel& model, const QModelIndexList& cells)
{
    NumberSummary out;
    for (const QModelIndex& cell : cells) {
        if (!isNumeric(model.schema().columns[static_cast<std::size_t>(cell.column())].type))
            continue;
        const RowPlace at = model.place(cell.row());
        if (const auto value = numberAt(model.column(at, cell.column()), at.row))
            out.add(*value);
    }
    return out;
}

} // namespace tocsin::items
