// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <QModelIndexList>

namespace tocsin::items {

class ResultTableModel;

/// Sum, average, minimum and maximum of the numbers among some cells.
struct NumberSummary {
    qulonglong count = 0;
    double sum = 0;
    double minimum = 0;
    double maximum = 0;

    void add(double value);
    double average() const { return count ? sum / static_cast<double>(count) : 0; }
    /// `Sum 12   Avg 3   Min 1   Max 6`, empty without numbers.
    QString text() const;
};

NumberSummary summarize(const ResultTableModel& model, const QModelIndexList& cells);

} // namespace tocsin::items
