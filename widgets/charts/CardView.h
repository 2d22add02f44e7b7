// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QWidget>

namespace tocsin::widgets {

/// The values of one row, large, each with its name below.
class CardView final : public QWidget {
    Q_OBJECT
public:
    explicit CardView(const Theme& theme, QWidget* parent = nullptr);
    /// "name\tvalue" each.
    void setCards(const QStringList& cards);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QStringList m_cards;
};

} // namespace tocsin::widgets
