// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Style.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>
#include <QWidget>

namespace tocsin::widgets {

void setPrimary(QWidget* button) { button->setProperty("primary", true); }

Style::Style(const Theme& theme) : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(theme) {}

void Style::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (widget->inherits("QAbstractButton") || widget->inherits("QTabBar") || widget->inherits("QHeaderView") || widget->inherits("QComboBox"))
        widget->setAttribute(Qt::WA_Hover);
}

void Style::drawBox(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& border) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(border, 1));
    painter->setBrush(fill);
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), m_theme.radius() - 1, m_theme.radius() - 1);
    painter->restore();
}

void Style::drawArrow(QPainter* painter, const QRect& rect, Qt::ArrowType direction, const QColor& color) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->translate(QRectF(rect).center());
    painter->rotate(direction == Qt::UpArrow ? 180 : direction == Qt::LeftArrow ? 90 : direction == Qt::RightArrow ? -90 : 0);
    painter->drawPolyline(QPolygonF({{-3.5, -1.75}, {0, 1.75}, {3.5, -1.75}}));
    painter->restore();
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const bool enabled = option->state & State_Enabled;
    const bool focus = option->state & State_HasFocus;
    const QColor text = m_theme.color(enabled ? ThemeColor::Text : ThemeColor::TextQuiet);
    switch (element) {
    case PE_PanelLineEdit:
        painter->fillRect(option->rect, Qt::transparent);
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option); frame && frame->lineWidth == 0) {
            painter->fillRect(option->rect, m_theme.color(ThemeColor::Surface));
            return;
        }
        drawBox(painter, option->rect, m_theme.color(enabled ? ThemeColor::Surface : ThemeColor::Window),
                m_theme.color(focus ? ThemeColor::Accent : enabled ? ThemeColor::Border : ThemeColor::Hairline));
        return;
    case PE_FrameLineEdit:
        return;
    case PE_Frame: {
        // Lists inside panes touch the pane's own edges; other frames are hairlines.
        painter->save();
        painter->setPen(m_theme.hairline());
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    }
    case PE_FrameFocusRect: {
        if (qobject_cast<const QAbstractItemView*>(widget)) {
            painter->save();
            painter->setPen(QPen(m_theme.color(ThemeColor::Accent), 1));
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            painter->restore();
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(ThemeColor::Accent), 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter->restore();
        return;
    }
    case PE_PanelButtonCommand: drawButton(option, painter, widget); return;
    case PE_FrameDefaultButton: return;
    case PE_PanelButtonTool: drawToolButton(option, painter); return;
    case PE_IndicatorCheckBox: drawCheck(option, painter, false); return;
    case PE_IndicatorItemViewItemCheck: drawCheck(option, painter, false); return;
    case PE_IndicatorRadioButton: drawCheck(option, painter, true); return;
    case PE_IndicatorArrowDown: drawArrow(painter, option->rect, Qt::DownArrow, text); return;
    case PE_IndicatorArrowUp: drawArrow(painter, option->rect, Qt::UpArrow, text); return;
    case PE_IndicatorArrowLeft: drawArrow(painter, option->rect, Qt::LeftArrow, text); return;
    case PE_IndicatorArrowRight: drawArrow(painter, option->rect, Qt::RightArrow, text); return;
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            drawArrow(painter, option->rect, option->state & State_Open ? Qt::DownArrow : Qt::RightArrow, m_theme.color(ThemeColor::TextQuiet));
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option); header && header->sortIndicator != QStyleOptionHeader::None)
            drawArrow(painter, option->rect, header->sortIndicator == QStyleOptionHeader::SortUp ? Qt::DownArrow : Qt::UpArrow, m_theme.color(ThemeColor::Accent));
        return;
    case PE_FrameGroupBox:
        painter->setPen(m_theme.hairline());
        painter->drawLine(option->rect.topLeft(), option->rect.topRight());
        return;
    case PE_FrameTabWidget:
    case PE_FrameTabBarBase:
    case PE_FrameDockWidget:
    case PE_FrameStatusBarItem: return;
    case PE_PanelTipLabel:
    case PE_FrameMenu:
        painter->save();
        painter->setPen(QPen(m_theme.color(ThemeColor::Border), 1));
        painter->setBrush(element == PE_FrameMenu ? QBrush(Qt::NoBrush) : QBrush(m_theme.color(ThemeColor::Surface)));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_PanelMenu: painter->fillRect(option->rect, m_theme.color(ThemeColor::Surface)); return;
    case PE_IndicatorDockWidgetResizeHandle: {
        painter->fillRect(option->rect, m_theme.color(ThemeColor::Window));
        const bool upright = option->rect.width() < option->rect.height();
        painter->setPen(m_theme.hairline());
        painter->drawLine(upright ? QPoint(option->rect.center().x(), option->rect.top()) : QPoint(option->rect.left(), option->rect.center().y()),
                          upright ? QPoint(option->rect.center().x(), option->rect.bottom()) : QPoint(option->rect.right(), option->rect.center().y()));
        return;
    }
    case PE_PanelScrollAreaCorner: painter->fillRect(option->rect, m_theme.color(ThemeColor::Window)); return;
    case PE_IndicatorTabClose: {
        const bool near = option->state & (State_MouseOver | State_Raised | State_Sunken) && option->state & State_MouseOver;
        if (near)
            drawBox(painter, option->rect, m_theme.color(ThemeColor::SurfaceAlternate), m_theme.color(ThemeColor::Hairline));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(near ? ThemeColor::Text : ThemeColor::TextQuiet), 1.2, Qt::SolidLine, Qt::RoundCap));
        const QPointF c = QRectF(option->rect).center();
        painter->drawLine(c + QPointF(-3, -3), c + QPointF(3, 3));
        painter->drawLine(c + QPointF(3, -3), c + QPointF(-3, 3));
        painter->restore();
        return;
    }
    case PE_IndicatorToolBarSeparator: {
        painter->setPen(m_theme.hairline());
        const QRect r = option->rect;
        painter->drawLine(r.center().x(), r.top() + 4, r.center().x(), r.bottom() - 4);
        return;
    }
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawButton(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const bool enabled = option->state & State_Enabled;
    const bool primary = enabled && widget && widget->property("primary").toBool();
    const bool down = option->state & (State_Sunken | State_On);
    const bool hover = enabled && option->state & State_MouseOver;
    QColor fill = m_theme.color(primary ? ThemeColor::Accent : enabled ? ThemeColor::Surface : ThemeColor::Window);
    if (primary && (down || hover))
        fill = m_theme.tint(ThemeColor::Accent, down ? 0.78 : 0.88);
    else if (down)
        fill = m_theme.color(ThemeColor::Selection);
    else if (hover)
        fill = m_theme.color(ThemeColor::SurfaceAlternate);
    drawBox(painter, option->rect, fill, primary ? fill : m_theme.color(enabled ? ThemeColor::Border : ThemeColor::Hairline));
}

void Style::drawToolButton(const QStyleOption* option, QPainter* painter) const
{
    if (!(option->state & State_Enabled))
        return;
    const bool on = option->state & (State_On | State_Sunken);
    if (on || option->state & State_MouseOver)
        drawBox(painter, option->rect, m_theme.color(on ? ThemeColor::Selection : ThemeColor::SurfaceAlternate),
                m_theme.color(on ? ThemeColor::Selection : ThemeColor::Hairline));
}

void Style::drawCheck(const QStyleOption* option, QPainter* painter, bool radio) const
{
    const bool enabled = option->state & State_Enabled;
    const bool on = option->state & State_On;
    const int side = std::min({option->rect.width(), option->rect.height(), 14});
    const QPointF centre = QRectF(option->rect).center();
    const QRectF r(centre.x() - side / 2.0 + 0.5, centre.y() - side / 2.0 + 0.5, side - 1, side - 1);
    const QColor accent = m_theme.color(enabled ? ThemeColor::Accent : ThemeColor::TextQuiet);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(on ? accent : m_theme.color(ThemeColor::Border), 1));
    painter->setBrush(on && !radio ? accent : m_theme.color(ThemeColor::Surface));
    if (radio) {
        painter->drawEllipse(r);
        if (on) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(accent);
            painter->drawEllipse(r.adjusted(3.5, 3.5, -3.5, -3.5));
        }
    } else {
        painter->drawRoundedRect(r, 2, 2);
        painter->setPen(QPen(m_theme.color(ThemeColor::AccentText), 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (on)
            painter->drawPolyline(QPolygonF({{r.left() + 3, r.center().y()}, {r.center().x() - 1, r.bottom() - 3.5}, {r.right() - 2.5, r.top() + 3.5}}));
        else if (option->state & State_NoChange) {
            painter->setPen(QPen(accent, 1.6));
            painter->drawLine(QPointF(r.left() + 3, r.center().y()), QPointF(r.right() - 3, r.center().y()));
        }
    }
    painter->restore();
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ToolBarIconSize:
    case PM_ButtonIconSize:
    case PM_TabBarIconSize:
    case PM_ListViewIconSize:
    case PM_DockWidgetTitleBarButtonMargin: return metric == PM_DockWidgetTitleBarButtonMargin ? 2 : m_theme.iconSize();
    case PM_ScrollBarExtent: return 12;
    case PM_ScrollBarSliderMin: return 28;
    case PM_SplitterWidth: return 5;
    case PM_DockWidgetSeparatorExtent: return 5;
    case PM_DockWidgetFrameWidth: return 0;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return 14;
    case PM_ToolBarItemSpacing: return 2;
    case PM_ToolBarItemMargin: return 2;
    case PM_ToolBarFrameWidth: return 2;
    case PM_TabBarTabHSpace: return 20;
    case PM_TabBarTabVSpace: return 10;
    case PM_TabBarBaseOverlap: return 0;
    case PM_HeaderMargin: return 6;
    case PM_FocusFrameHMargin: return 5;
    case PM_TabCloseIndicatorWidth:
    case PM_TabCloseIndicatorHeight: return 16;
    case PM_TreeViewIndentation: return 16;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin: return 8;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return 8;
    case PM_MenuButtonIndicator: return 14;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* result) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons: return 0;
    case SH_UnderlineShortcut: return 1;
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_ComboBox_Popup: return 0;
    case SH_Widget_Animation_Duration: return 0;
    case SH_TabBar_ElideMode: return Qt::ElideMiddle;
    default: return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize out = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: out.setHeight(std::max(out.height(), 26)); out.setWidth(std::max(size.width() + 24, 72)); break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox: out.setHeight(std::max(size.height() + 6, 26)); break;
    case CT_TabBarTab: out.setHeight(m_theme.titleHeight()); break;
    case CT_HeaderSection: out.setHeight(std::max(24, m_theme.rowHeight())); break;
    case CT_MenuItem: out.setHeight(std::max(out.height(), size.height() == 0 ? 0 : out.height())); break;
    default: break;
    }
    return out;
}

} // namespace tocsin::widgets
