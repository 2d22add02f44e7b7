// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Error.h"

namespace tocsin {

std::string fillTemplate(std::string_view pattern, const std::vector<std::string>& args)
{
    std::string text;
    text.reserve(pattern.size() + 32);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool placeholder = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}'
            && pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
        if (!placeholder) {
            text += pattern[i];
            continue;
        }
        const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
        if (index < args.size())
            text += args[index];
        i += 2;
    }
    return text;
}

std::string errorMessage(const Error& error)
{
    std::string text;
    if (!error.where.empty())
        text = error.where + ": ";
    text += error.kind ? fillTemplate(error.kind->what, error.args) : std::string("Unknown error");
    if (error.cause)
        text += " (" + errorMessage(*error.cause) + ")";
    return text;
}

std::string errorAdvice(const Error& error)
{
    return error.kind ? fillTemplate(error.kind->advice, error.args) : std::string();
}

} // namespace tocsin
