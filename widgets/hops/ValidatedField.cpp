// SPDX-License-Identifier: GPL-3.0-or-later
#include "hops/ValidatedField.h"

#include "base/IpAddress.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>

namespace tocsin::widgets {

ValidatedField::ValidatedField(const QString& name, Check check, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_check(std::move(check)), m_theme(theme), m_edit(new QLineEdit), m_mark(new QLabel)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.space());
    row->addWidget(m_edit, 1);
    row->addWidget(m_mark);
    m_mark->setFixedWidth(theme.iconSize());
    m_edit->setAccessibleName(name);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        validate();
        Q_EMIT changed();
    });
    connect(&theme, &Theme::changed, this, &ValidatedField::validate);
    validate();
}

QString ValidatedField::text() const { return m_edit->text().trimmed(); }
void ValidatedField::setText(const QString& text) { m_edit->setText(text); }
void ValidatedField::setPlaceholderText(const QString& text) { m_edit->setPlaceholderText(text); }

void ValidatedField::validate()
{
    m_problem = m_check(text());
    // An empty field that must be filled is not yet wrong: no mark, but not valid either.
    const bool untouched = m_problem && text().isEmpty();
    const QString icon = untouched ? QString() : m_problem ? QStringLiteral("cross") : QStringLiteral("tick");
    m_mark->setPixmap(icon.isEmpty() ? QPixmap() : m_theme.icon(icon, m_problem ? ThemeColor::Error : ThemeColor::Success).pixmap(QSize(m_theme.iconSize(), m_theme.iconSize()), devicePixelRatioF()));
    const QString words = m_problem ? *m_problem : tr("Valid");
    m_mark->setToolTip(untouched ? QString() : words);
    m_edit->setToolTip(m_problem && !untouched ? *m_problem : QString());
    m_edit->setAccessibleDescription(words);
}

ValidatedField::Check portCheck(bool optional)
{
    return [optional](const QString& text) -> std::optional<QString> {
        if (text.isEmpty() && optional)
            return std::nullopt;
        bool number = false;
        const int port = text.toInt(&number);
        if (number && port >= 1 && port <= 65535)
            return std::nullopt;
        return QCoreApplication::translate("tocsin::widgets::HopsPane", "A port is a number from 1 to 65535.");
    };
}

ValidatedField::Check addressCheck()
{
    return [](const QString& text) -> std::optional<QString> {
        if (parseIp(text.toStdString()))
            return std::nullopt;
        static const QRegularExpression numbers(QStringLiteral("^[0-9.]+$"));
        static const QRegularExpression name(QStringLiteral("^(https?://)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(/.*)?$"));
        if (!numbers.match(text).hasMatch() && name.match(text).hasMatch())
            return std::nullopt;
        return QCoreApplication::translate("tocsin::widgets::HopsPane", "Write an IP address, a host name or a URL.");
    };
}

} // namespace tocsin::widgets
