// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "items/ChartData.h"

#include <qcustomplot.h>

namespace tocsin::widgets {

/// A pie over the axis rect, with a legend that names each share.
class PieLayerable final : public QCPLayerable {
public:
    PieLayerable(QCustomPlot* plot, const Theme& theme, const items::ChartData& data);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    const Theme& m_theme;
    const items::ChartData& m_data;
};

} // namespace tocsin::widgets
