// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace tocsin::items {

/// Roles that our models give beside Qt's own; the delegate of the window reads them.
enum Role {
    RawRole = Qt::UserRole + 1, ///< the value in its natural type
    SortRole,                   ///< something that compares in the right order
    NullRole,                   ///< true for a null
    SeverityRole,               ///< int of Severity; drawn as a shape before the word
    IconNameRole,               ///< name of a line drawing before the word
    ToneRole,                   ///< int of Tone, for the drawing
    MonospaceRole,              ///< true for ids, addresses, hashes and times
    MiddleElideRole,            ///< true where both ends of the value matter
    EmphasisRole,               ///< true for what is new or selected
    QuietRole,                  ///< true for what matters less
    CopyRole,                   ///< the whole text for the clipboard, where the shown one is shortened
    IdRole,                     ///< the row's identity
};

enum class Tone { Neutral, Good, Warn, Bad };

} // namespace tocsin::items
