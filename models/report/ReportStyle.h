// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/IncidentReport.h"

#include <QColor>
#include <QFont>

class QPainter;
class QPointF;

namespace tocsin::report {

/// The unit of all lengths in this folder is the device's: a tenth of a point (720 to the inch).
inline constexpr int kResolution = 720;
inline constexpr qreal pt(qreal points) { return points * 10.0; }
inline constexpr qreal mm(qreal millimetres) { return millimetres * 720.0 / 25.4; }

/// Colours and type of the printed page: the light theme, three sizes and a document title.
struct ReportStyle {
    QColor text{0x1B, 0x1F, 0x24};
    QColor quiet{0x57, 0x60, 0x6A};
    QColor accent{0x0B, 0x5C, 0xAD};
    QColor hairline{0xD0, 0xD5, 0xDD};
    QColor border{0x8C, 0x95, 0x9F};
    QColor window{0xF5, 0xF6, 0xF8};
    QColor alternate{0xEE, 0xF0, 0xF3};
    QColor error{0xB4, 0x23, 0x18};
    QColor warning{0x8A, 0x5A, 0x00};
    QColor success{0x1A, 0x7F, 0x37};
    QColor kqlOperator{0x0B, 0x5C, 0xAD};
    QColor kqlFunction{0x05, 0x50, 0xAE};
    QColor kqlString{0xA0, 0x41, 0x0D};
    QColor kqlNumber{0x11, 0x63, 0x29};
    QColor kqlComment{0x6A, 0x73, 0x7D};
    QColor kqlKeyword{0x82, 0x50, 0xDF};

    QFont title;     ///< of the document
    QFont heading;   ///< of a section
    QFont normal;
    QFont strong;
    QFont small;
    QFont smallStrong;
    QFont mono;
    QFont smallMono;

    ReportStyle();
};

/// Draws the mark of a severity (shape and colour; ux: colour is never the only sign) with its centre at `centre`.
void drawSeverityMark(QPainter& painter, const QPointF& centre, qreal size, Severity severity);
QColor severityColour(Severity severity);
/// A tick or a cross, drawn, since not every font has them.
void drawVerdictMark(QPainter& painter, const QPointF& centre, qreal size, bool good, const ReportStyle& style);

} // namespace tocsin::report
