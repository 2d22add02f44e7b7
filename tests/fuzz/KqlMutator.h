// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace tocsin::fuzz {

/// Changes a text token by token: drops, doubles, swaps, replaces, inserts words of the language, nests and repeats. The same seed gives the same text.
std::string mutateKql(std::string_view text, std::minstd_rand& random);

} // namespace tocsin::fuzz
