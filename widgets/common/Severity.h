// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

class QPainter;

namespace tocsin::widgets {

/// Draws the mark of a severity into a square: circle outline, half-filled circle, diamond, triangle, octagon with "!".
/// The shape alone tells the severity; the colour only helps.
void paintSeverity(QPainter* painter, const QRectF& rect, items::Severity severity, const Theme& theme);

} // namespace tocsin::widgets
