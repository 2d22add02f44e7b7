// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Theme.h"

namespace tocsin::widgets {

namespace {

QColor rgb(unsigned value) { return QColor::fromRgb(0xFF000000u | value); }

std::array<QColor, kThemeColorCount> colors(const std::array<unsigned, kThemeColorCount>& values)
{
    std::array<QColor, kThemeColorCount> out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = rgb(values[i]);
    return out;
}

ThemePalette lightPalette()
{
    ThemePalette p;
    p.dark = false;
    // In the order of ThemeColor.
    p.colors = colors({0xF5F6F8, 0xFFFFFF, 0xEEF0F3, 0x8C959F, 0xD0D5DD, 0x1B1F24, 0x57606A, 0x0B5CAD, 0xFFFFFF, 0xCFE3F8, 0xB42318, 0x8A5A00,
                       0x1A7F37, 0x8250DF, 0x0B5CAD, 0x1A7F37, 0x1B1F24, 0x0550AE, 0xA0410D, 0x116329, 0x6A737D, 0x953800});
    p.severities = {rgb(0x7B818B), rgb(0x3A96D9), rgb(0xB68D04), rgb(0x9D0704), rgb(0x5B0852)};
    // Okabe and Ito's order; orange, sky blue and yellow are darkened to stand out on white (3:1).
    p.series = {rgb(0x0072B2), rgb(0xB87300), rgb(0x008A65), rgb(0xD55E00), rgb(0xB25E8B), rgb(0x2A8FCB), rgb(0x8F8500), rgb(0x1B1F24)};
    return p;
}

ThemePalette darkPalette()
{
    ThemePalette p;
    p.dark = true;
    p.colors = colors({0x16191D, 0x1E2227, 0x262B31, 0x6B7580, 0x3A4149, 0xE6E9ED, 0x9BA4AF, 0x58A6FF, 0x16191D, 0x1F3A5F, 0xFF7B72, 0xE3B341,
                       0x56D364, 0xD2A8FF, 0x79C0FF, 0x7EE787, 0xE6E9ED, 0xA5D6FF, 0xFFA657, 0x56D364, 0x8B949E, 0xFFB77C});
    p.severities = {rgb(0x9FA1AB), rgb(0x449EDE), rgb(0xF7EF38), rgb(0xE09E41), rgb(0xC82E4C)};
    p.series = {rgb(0x3F9FDB), rgb(0xE69F00), rgb(0x1DB98A), rgb(0xE8743B), rgb(0xCC79A7), rgb(0x56B4E9), rgb(0xF0E442), rgb(0xE6E9ED)};
    return p;
}

ThemePalette highContrastPalette()
{
    ThemePalette p;
    p.dark = true;
    p.colors = colors({0x000000, 0x000000, 0x101010, 0xFFFFFF, 0x8A8A8A, 0xFFFFFF, 0xE0E0E0, 0xFFD400, 0x000000, 0x003C78, 0xFF8A80, 0xFFD400,
                       0x7CFF9B, 0xE2C4FF, 0x9AD1FF, 0x9CFFA8, 0xFFFFFF, 0xBFE2FF, 0xFFC07A, 0x7CFF9B, 0xC8C8C8, 0xFFC999});
    p.severities = {rgb(0xC8C8C8), rgb(0x5CB8FF), rgb(0xF7EF38), rgb(0xFFB347), rgb(0xFF5C78)};
    p.series = {rgb(0x5CB8FF), rgb(0xFFB000), rgb(0x2EE0A8), rgb(0xFF8A50), rgb(0xFF9AD0), rgb(0x8CD3FF), rgb(0xF7EF38), rgb(0xFFFFFF)};
    return p;
}

} // namespace

const ThemePalette& paletteOf(ThemeMode appearance)
{
    static const ThemePalette light = lightPalette();
    static const ThemePalette dark = darkPalette();
    static const ThemePalette highContrast = highContrastPalette();
    switch (appearance) {
    case ThemeMode::Dark: return dark;
    case ThemeMode::HighContrast: return highContrast;
    default: return light;
    }
}

} // namespace tocsin::widgets
