// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/NetworkActions.h"

#include <QAbstractTableModel>

namespace tocsin::items {

/// The hops of a connectivity check.
class HopModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, IpAddress, Status, NextHop, Issues, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setHops(std::vector<Hop> hops);
    const std::vector<Hop>& hops() const { return m_hops; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString nameOf(const QString& id) const;
    std::vector<Hop> m_hops;
};

/// `2 ms`, or that it was not measured.
QString latencyText(const std::optional<int>& milliseconds);
QString issueText(const HopIssue& issue);

} // namespace tocsin::items
