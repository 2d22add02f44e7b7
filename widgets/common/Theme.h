// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/Severity.h"

#include <QApplication>
#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QPointer>
#include <QPen>

#include <array>

namespace tocsin::widgets {

enum class ThemeMode { FollowSystem, Light, Dark, HighContrast };

enum class ThemeColor {
    Window, Surface, SurfaceAlternate, Border, Hairline, Text, TextQuiet, Accent, AccentText, Selection, Error, Warning, Success,
    KqlKeyword, KqlOperator, KqlTable, KqlColumn, KqlFunction, KqlString, KqlNumber, KqlComment, KqlPlugin,
};
inline constexpr std::size_t kThemeColorCount = 22;
inline constexpr std::size_t kSeriesCount = 8;

/// The colours of one appearance.
struct ThemePalette {
    bool dark = false;
    std::array<QColor, kThemeColorCount> colors;
    std::array<QColor, items::kSeverityCount> severities;
    std::array<QColor, kSeriesCount> series;
};
const ThemePalette& paletteOf(ThemeMode appearance); ///< not FollowSystem

/// Holds every colour and size of the window. Whoever paints reads it and repaints on changed().
class Theme final : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject* parent = nullptr);
    ~Theme() override;

    /// Makes the application use the style, palette and font of this theme, now and after each change.
    void install(QApplication& application);

    ThemeMode mode() const { return m_mode; }
    void setMode(ThemeMode mode);
    bool comfortable() const { return m_comfortable; }
    void setComfortable(bool comfortable);
    bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced);

    bool isDark() const { return m_palette->dark; }
    QColor color(ThemeColor which) const { return m_palette->colors[static_cast<std::size_t>(which)]; }
    QColor severityColor(items::Severity severity) const { return m_palette->severities[static_cast<std::size_t>(severity)]; }
    /// Okabe-Ito order; comes round again after kSeriesCount.
    QColor seriesColor(std::size_t index) const { return m_palette->series[index % kSeriesCount]; }
    /// One pixel wide, with the dash pattern that tells series apart without colour.
    QPen seriesPen(std::size_t index) const;
    /// A colour at part strength over the surface, for areas that must not hide what is below.
    QColor tint(ThemeColor which, qreal strength) const;
    QPen hairline() const { return QPen(color(ThemeColor::Hairline), 1); }
    QPalette qtPalette() const;

    QFont font() const;
    QFont smallFont() const;
    QFont titleFont() const;
    QFont boldFont() const;
    QFont monospaceFont() const;

    /// Steps of 4 pixels.
    int space(int steps = 1) const { return 4 * steps; }
    int rowHeight() const { return m_comfortable ? 28 : 22; }
    int titleHeight() const { return 28; }
    int iconSize() const { return 16; }
    int radius() const { return 4; }

    /// A line drawing that takes the colour at the time it is painted.
    QIcon icon(const QString& name, ThemeColor color = ThemeColor::Text) const;

Q_SIGNALS:
    void changed();

private:
    void apply();

    ThemeMode m_mode = ThemeMode::FollowSystem;
    bool m_systemDark = false;
    bool m_comfortable = false;
    bool m_reducedMotion = false;
    const ThemePalette* m_palette;
    QPointer<QApplication> m_application;
    QString m_family;
    QString m_monospaceFamily;
    qreal m_points = 10;
};

} // namespace tocsin::widgets
