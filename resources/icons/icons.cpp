// SPDX-License-Identifier: GPL-3.0-or-later
// The library holds resources only; a translation unit gives it a linker language.
namespace tocsin { extern const int kIconSizePixels; const int kIconSizePixels = 16; }
