// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Style.h"

#include <QPainter>
#include <QStyleOption>
#include <QTabBar>
#include <QWidget>

namespace tocsin::widgets {

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case CE_TabBarTabShape: drawTab(option, painter); return;
    case CE_HeaderSection: drawHeaderSection(option, painter); return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, m_theme.color(ThemeColor::Window));
        painter->setPen(m_theme.hairline());
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        return;
    case CE_ProgressBarGroove: return;
    case CE_ProgressBarContents: drawProgress(option, painter); return;
    case CE_Splitter:
        painter->fillRect(option->rect, m_theme.color(ThemeColor::Window));
        return;
    case CE_ToolBar: return;
    case CE_ShapedFrame:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
            painter->setPen(m_theme.hairline());
            const QRect r = option->rect;
            if (frame->frameShape == QFrame::HLine)
                painter->drawLine(r.left(), r.center().y(), r.right(), r.center().y());
            else
                painter->drawLine(r.center().x(), r.top(), r.center().x(), r.bottom());
            return;
        }
        break;
    case CE_MenuBarEmptyArea: painter->fillRect(option->rect, m_theme.color(ThemeColor::Window)); return;
    case CE_MenuBarItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        if (!item)
            break;
        painter->fillRect(option->rect, m_theme.color(option->state & (State_Selected | State_Sunken) ? ThemeColor::Selection : ThemeColor::Window));
        drawItemText(painter, option->rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextDontClip | Qt::TextSingleLine, item->palette,
                     option->state & State_Enabled, item->text, QPalette::WindowText);
        return;
    }
    case CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option); button && widget && widget->property("primary").toBool()) {
            QStyleOptionButton copy = *button;
            copy.palette.setColor(QPalette::Active, QPalette::ButtonText, m_theme.color(ThemeColor::AccentText));
            copy.palette.setColor(QPalette::Inactive, QPalette::ButtonText, m_theme.color(ThemeColor::AccentText));
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_ComboBoxLabel:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option); combo && !combo->editable && combo->currentIcon.isNull()) {
            const QRect field = subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget).adjusted(2, 0, -2, 0);
            drawItemText(painter, field, Qt::AlignLeft | Qt::AlignVCenter, combo->palette, combo->state & State_Enabled,
                         combo->fontMetrics.elidedText(combo->currentText, Qt::ElideMiddle, field.width()), QPalette::ButtonText);
            return;
        }
        break;
    case CE_DockWidgetTitle: return;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawTab(const QStyleOption* option, QPainter* painter) const
{
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    if (!tab)
        return;
    const bool selected = tab->state & State_Selected;
    const bool hover = tab->state & State_MouseOver;
    painter->fillRect(tab->rect, m_theme.color(selected ? ThemeColor::Surface : hover ? ThemeColor::SurfaceAlternate : ThemeColor::Window));
    const bool south = tab->shape == QTabBar::RoundedSouth || tab->shape == QTabBar::TriangularSouth;
    if (selected) {
        const int y = south ? tab->rect.bottom() - 1 : tab->rect.top();
        painter->fillRect(QRect(tab->rect.left(), y, tab->rect.width(), 2), m_theme.color(ThemeColor::Accent));
    }
    painter->setPen(m_theme.hairline());
    painter->drawLine(tab->rect.right(), tab->rect.top() + 6, tab->rect.right(), tab->rect.bottom() - 6);
    if (tab->state & State_HasFocus) {
        QStyleOptionFocusRect focus;
        focus.rect = tab->rect.adjusted(3, 4, -3, -3);
        drawPrimitive(PE_FrameFocusRect, &focus, painter, nullptr);
    }
}

void Style::drawHeaderSection(const QStyleOption* option, QPainter* painter) const
{
    const bool hover = option->state & State_MouseOver && option->state & State_Enabled;
    painter->fillRect(option->rect, m_theme.color(hover ? ThemeColor::SurfaceAlternate : ThemeColor::Window));
    painter->setPen(m_theme.hairline());
    painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
    painter->drawLine(option->rect.right(), option->rect.top() + 4, option->rect.right(), option->rect.bottom() - 4);
}

void Style::drawProgress(const QStyleOption* option, QPainter* painter) const
{
    const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
    if (!bar)
        return;
    const QRect r = bar->rect;
    const QRect groove(r.left(), r.center().y() - 2, r.width(), 4);
    painter->fillRect(groove, m_theme.color(ThemeColor::Hairline));
    const bool busy = bar->minimum == 0 && bar->maximum == 0;
    const double share = busy ? 0.3 : bar->maximum > bar->minimum ? double(bar->progress - bar->minimum) / (bar->maximum - bar->minimum) : 0;
    const int left = busy ? groove.left() + groove.width() / 3 : groove.left();
    painter->fillRect(QRect(left, groove.top(), static_cast<int>(groove.width() * std::clamp(share, 0.0, 1.0)), groove.height()), m_theme.color(ThemeColor::Accent));
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    switch (control) {
    case CC_ScrollBar: drawScrollBar(option, painter, widget); return;
    case CC_ComboBox: drawComboBox(option, painter, widget); return;
    case CC_SpinBox: drawSpinBox(option, painter, widget); return;
    default: QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

void Style::drawScrollBar(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (!bar)
        return;
    painter->fillRect(option->rect, m_theme.color(ThemeColor::Window));
    if (bar->minimum == bar->maximum)
        return;
    QRect slider = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
    slider = bar->orientation == Qt::Horizontal ? slider.adjusted(1, 3, -1, -3) : slider.adjusted(3, 1, -3, -1);
    const bool active = option->activeSubControls & SC_ScrollBarSlider && option->state & (State_MouseOver | State_Sunken);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.color(active ? ThemeColor::TextQuiet : ThemeColor::Border));
    painter->drawRoundedRect(slider, 3, 3);
    painter->restore();
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub, const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        // Without arrow buttons: the slider has the whole length.
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (!bar)
            return {};
        const QRect r = bar->rect;
        const bool horizontal = bar->orientation == Qt::Horizontal;
        const int length = horizontal ? r.width() : r.height();
        const int range = bar->maximum - bar->minimum;
        int slider = length;
        if (range > 0)
            slider = std::clamp(static_cast<int>(qint64(length) * bar->pageStep / (qint64(range) + std::max(1, bar->pageStep))), std::min(length, 28), length);
        const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - slider, bar->upsideDown);
        const auto piece = [&](int from, int size) {
            return visualRect(bar->direction, r, horizontal ? QRect(r.left() + from, r.top(), size, r.height()) : QRect(r.left(), r.top() + from, r.width(), size));
        };
        switch (sub) {
        case SC_ScrollBarSlider: return piece(start, slider);
        case SC_ScrollBarGroove: return r;
        case SC_ScrollBarSubPage: return piece(0, start);
        case SC_ScrollBarAddPage: return piece(start + slider, length - start - slider);
        default: return {};
        }
    }
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

void Style::drawComboBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (!combo)
        return;
    const bool enabled = option->state & State_Enabled;
    const bool focus = option->state & State_HasFocus;
    if (combo->frame) {
        const bool hover = enabled && option->state & State_MouseOver && !combo->editable;
        drawBox(painter, option->rect, m_theme.color(!enabled ? ThemeColor::Window : hover ? ThemeColor::SurfaceAlternate : ThemeColor::Surface),
                m_theme.color(focus ? ThemeColor::Accent : enabled ? ThemeColor::Border : ThemeColor::Hairline));
    }
    const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    drawArrow(painter, arrow, Qt::DownArrow, m_theme.color(enabled ? ThemeColor::Text : ThemeColor::TextQuiet));
}

void Style::drawSpinBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (!spin)
        return;
    const bool enabled = option->state & State_Enabled;
    if (spin->frame)
        drawBox(painter, option->rect, m_theme.color(enabled ? ThemeColor::Surface : ThemeColor::Window),
                m_theme.color(option->state & State_HasFocus ? ThemeColor::Accent : enabled ? ThemeColor::Border : ThemeColor::Hairline));
    if (spin->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const QColor color = m_theme.color(enabled ? ThemeColor::Text : ThemeColor::TextQuiet);
    drawArrow(painter, subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget), Qt::UpArrow, color);
    drawArrow(painter, subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget), Qt::DownArrow, color);
}

} // namespace tocsin::widgets
