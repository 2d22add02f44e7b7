// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Theme.h"

#include "common/Icon.h"
#include "common/Style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QGuiApplication>

namespace tocsin::widgets {

Theme::Theme(QObject* parent) : QObject(parent)
{
    // Qt 6.4 does not tell the system's colour scheme; its palette does, as long as nobody has replaced it.
    const QPalette system = QGuiApplication::palette();
    m_systemDark = system.color(QPalette::WindowText).lightness() > system.color(QPalette::Window).lightness();
    m_palette = &paletteOf(m_systemDark ? ThemeMode::Dark : ThemeMode::Light);

    const QFont general = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    const QStringList families = QFontDatabase::families();
    m_family = families.contains(QStringLiteral("Inter")) ? QStringLiteral("Inter") : general.family();
    m_points = general.pointSizeF() > 0 ? general.pointSizeF() : 10;
    m_monospaceFamily = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    // Without ligatures: `!=` must look like what it is.
    for (const auto& wanted : {QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Hack")}) {
        if (families.contains(wanted)) {
            m_monospaceFamily = wanted;
            break;
        }
    }
}

Theme::~Theme()
{
    // The style draws with this theme and must not outlive it.
    if (m_application)
        m_application->setStyle(QStringLiteral("Fusion"));
}

void Theme::install(QApplication& application)
{
    m_application = &application;
    application.setStyle(new Style(*this));
    apply();
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    const ThemeMode followed = m_systemDark ? ThemeMode::Dark : ThemeMode::Light;
    m_palette = &paletteOf(mode == ThemeMode::FollowSystem ? followed : mode);
    apply();
}

void Theme::setComfortable(bool comfortable)
{
    m_comfortable = comfortable;
    apply();
}

void Theme::setReducedMotion(bool reduced)
{
    m_reducedMotion = reduced;
    apply();
}

void Theme::apply()
{
    if (m_application) {
        m_application->setFont(font());
        m_application->setPalette(qtPalette());
    }
    Q_EMIT changed();
}

QPalette Theme::qtPalette() const
{
    QPalette p;
    const auto set = [&](QPalette::ColorRole role, ThemeColor which) { p.setColor(role, color(which)); };
    set(QPalette::Window, ThemeColor::Window);
    set(QPalette::WindowText, ThemeColor::Text);
    set(QPalette::Base, ThemeColor::Surface);
    set(QPalette::AlternateBase, ThemeColor::SurfaceAlternate);
    set(QPalette::Text, ThemeColor::Text);
    set(QPalette::Button, ThemeColor::Surface);
    set(QPalette::ButtonText, ThemeColor::Text);
    set(QPalette::BrightText, ThemeColor::Error);
    set(QPalette::Highlight, ThemeColor::Selection);
    set(QPalette::HighlightedText, ThemeColor::Text);
    set(QPalette::Link, ThemeColor::Accent);
    set(QPalette::LinkVisited, ThemeColor::Accent);
    set(QPalette::ToolTipBase, ThemeColor::Surface);
    set(QPalette::ToolTipText, ThemeColor::Text);
    set(QPalette::PlaceholderText, ThemeColor::TextQuiet);
    set(QPalette::Light, ThemeColor::SurfaceAlternate);
    set(QPalette::Midlight, ThemeColor::Hairline);
    set(QPalette::Mid, ThemeColor::Border);
    set(QPalette::Dark, ThemeColor::Border);
    set(QPalette::Shadow, ThemeColor::Border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, color(ThemeColor::TextQuiet));
    return p;
}

QPen Theme::seriesPen(std::size_t index) const
{
    QPen pen(seriesColor(index), 1);
    pen.setCosmetic(true);
    static constexpr std::array kStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine, Qt::DashDotDotLine};
    pen.setStyle(kStyles[index % kStyles.size()]);
    return pen;
}

QColor Theme::tint(ThemeColor which, qreal strength) const
{
    const QColor over = color(which);
    const QColor under = color(ThemeColor::Surface);
    const auto mix = [strength](int a, int b) { return static_cast<int>(b + (a - b) * strength); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()), mix(over.blue(), under.blue()));
}

QFont Theme::font() const
{
    QFont f(m_family);
    f.setPointSizeF(m_points);
    return f;
}

QFont Theme::smallFont() const
{
    QFont f = font();
    f.setPointSizeF(m_points * 0.85);
    return f;
}

QFont Theme::titleFont() const
{
    QFont f = font();
    f.setPointSizeF(m_points * 1.25);
    f.setWeight(QFont::DemiBold);
    return f;
}

QFont Theme::boldFont() const
{
    QFont f = font();
    f.setWeight(QFont::DemiBold);
    return f;
}

QFont Theme::monospaceFont() const
{
    QFont f(m_monospaceFamily);
    f.setPointSizeF(m_points);
    f.setStyleHint(QFont::Monospace);
    f.setFixedPitch(true);
    return f;
}

QIcon Theme::icon(const QString& name, ThemeColor color) const { return QIcon(new IconEngine(*this, name, color)); }

} // namespace tocsin::widgets
