// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QWidget>

#include <functional>
#include <optional>

class QLabel;
class QLineEdit;

namespace tocsin::widgets {

/// A line of text with a tick when it is valid, and a cross and the reason when it is not.
class ValidatedField final : public QWidget {
    Q_OBJECT
public:
    /// `check` gives the reason why a text is wrong, or nothing.
    using Check = std::function<std::optional<QString>(const QString&)>;
    ValidatedField(const QString& name, Check check, const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);
    void setPlaceholderText(const QString& text);
    bool isValid() const { return !m_problem; }
    QString problem() const { return m_problem.value_or(QString()); }
    QLineEdit* edit() const { return m_edit; }
    void validate();

Q_SIGNALS:
    void changed();

private:
    Check m_check;
    const Theme& m_theme;
    QLineEdit* m_edit;
    QLabel* m_mark;
    std::optional<QString> m_problem;
};

/// A port from 1 to 65535; empty is valid where `optional` is true.
ValidatedField::Check portCheck(bool optional);
/// An IP address or a host name.
ValidatedField::Check addressCheck();

} // namespace tocsin::widgets
