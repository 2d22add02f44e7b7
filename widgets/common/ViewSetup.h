// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractItemModel;
class QLineEdit;
class QString;
class QTableView;
class QTreeView;

namespace tocsin::widgets {

class Theme;

/// Fixed row height, no grid, alternate rows, whole-row selection, our delegate; follows the theme.
void setUpTable(QTableView* view, const Theme& theme);
void setUpTree(QTreeView* view, const Theme& theme);
/// A box to filter a list: its words when empty, a button that clears it, and names for both.
void setUpFilter(QLineEdit* edit, const QString& words);
/// Widths from the header and the first rows, bounded, so that nothing important is cut and nothing scrolls sideways for no reason.
void fitColumns(QTableView* view, int maximumWidth = 320);
/// Copies the selected cells as tab-separated text with a header; false if nothing is selected.
bool copySelection(const QTableView* view);

} // namespace tocsin::widgets
