// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "engine/QueryEngine.h"

#include <QComboBox>

namespace tocsin::widgets {

/// Chooses the period a query looks at: some usual ones, or anything typed. "Set in query" leaves it to the text.
class TimeRangePicker final : public QComboBox {
    Q_OBJECT
public:
    explicit TimeRangePicker(const Clock& clock, QWidget* parent = nullptr);
    /// What is typed or chosen, resolved now.
    Result<std::optional<engine::TimeRange>> range() const;
    QString rangeText() const;
    void setRangeText(const QString& text);

private:
    const Clock& m_clock;
};

} // namespace tocsin::widgets
