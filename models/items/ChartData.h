// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tocsin::items {

enum class ChartKind { Line, Area, Bar, Column, Pie, Scatter, Card };

struct ChartSeries {
    QString name;
    std::vector<double> x; ///< numbers, or seconds since 1970 for times, or places in `categories`
    std::vector<double> y; ///< NaN for a gap
};

/// What a chart draws, made from a result and its `render`.
struct ChartData {
    ChartKind kind = ChartKind::Line;
    bool stacked = false;
    bool timeAxis = false;
    QStringList categories; ///< not empty: x is a place in this list
    std::vector<ChartSeries> series;
    QString title, xTitle, yTitle;
    std::optional<double> yMinimum, yMaximum;
    bool logarithmic = false;
    bool showLegend = true;
    QStringList cards;  ///< for Card: "name\tvalue"
    QString notes;      ///< what was left out or reduced; empty if nothing
    QString problem;    ///< why there is no chart; empty if there is one
    bool isEmpty() const { return series.empty() && cards.isEmpty(); }
};

/// The kinds that can be drawn, by the names of `render`.
std::optional<ChartKind> chartKind(std::string_view renderName);
/// Builds a chart; never more points than can be seen. Any thread.
ChartData buildChart(const engine::ResultSchema& schema, const std::vector<Batch>& batches);

} // namespace tocsin::items
