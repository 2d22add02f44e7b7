// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace tocsin::widgets {

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, relative luminance).
double contrastRatio(const QColor& a, const QColor& b);

} // namespace tocsin::widgets
