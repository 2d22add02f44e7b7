// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/TimeRangePicker.h"

#include "items/TimeRangeText.h"

#include <QLineEdit>

namespace tocsin::widgets {

TimeRangePicker::TimeRangePicker(const Clock& clock, QWidget* parent) : QComboBox(parent), m_clock(clock)
{
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setAccessibleName(tr("Time range"));
    setToolTip(tr("Time range. Also typed: last 6h, 2026-03-01..2026-03-02T12:00Z, today"));
    addItem(tr("Set in query"), QString());
    addItem(tr("Last 30 minutes"), QStringLiteral("30m"));
    addItem(tr("Last hour"), QStringLiteral("1h"));
    addItem(tr("Last 24 hours"), QStringLiteral("24h"));
    addItem(tr("Last 7 days"), QStringLiteral("7d"));
    addItem(tr("Last 30 days"), QStringLiteral("30d"));
    addItem(tr("Last 90 days"), QStringLiteral("90d"));
    setMinimumContentsLength(18);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
}

QString TimeRangePicker::rangeText() const
{
    const int known = findText(currentText());
    return known >= 0 ? itemData(known).toString() : currentText();
}

void TimeRangePicker::setRangeText(const QString& text)
{
    if (const int known = findData(text); known >= 0)
        setCurrentIndex(known);
    else
        setEditText(text);
}

Result<std::optional<engine::TimeRange>> TimeRangePicker::range() const { return items::parseTimeRange(rangeText(), m_clock.now()); }

} // namespace tocsin::widgets
