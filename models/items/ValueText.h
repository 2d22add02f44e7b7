// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <QString>
#include <QVariant>

namespace tocsin::items {

class TimeDisplay;

inline QString toQString(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

/// How a cell is written in a grid. Numbers keep all their digits; real numbers have at most 15 significant ones.
QString cellText(const Vector& column, std::size_t row, const TimeDisplay& time);
/// The whole value for clipboard and CSV: datetimes in UTC with seven decimals, the rest as KQL's tostring().
QString wholeText(const Vector& column, std::size_t row);
/// A value of Qt that compares as KQL orders; invalid for a null.
QVariant rawValue(const Vector& column, std::size_t row);
/// The number in a cell, as double; nothing for nulls and other types.
std::optional<double> numberAt(const Vector& column, std::size_t row);
/// 12,345,678 by the screen's locale.
QString countText(qulonglong count);
/// `0.42 s`, `3 min 5 s`.
QString durationText(Ticks ticks);

} // namespace tocsin::items
