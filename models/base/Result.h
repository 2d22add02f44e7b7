// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <expected>

namespace tocsin {

/// A value or the reason there is none. No exception leaves a folder; this does.
template <typename T>
using Result = std::expected<T, Error>;

/// Shorthand for `return std::unexpected(makeError(kind, …))`.
template <typename... Args>
std::unexpected<Error> fail(const ErrorKind& kind, Args&&... args)
{
    return std::unexpected(makeError(kind, std::forward<Args>(args)...));
}

} // namespace tocsin

/// Evaluates a Result expression; on failure returns its error from the enclosing function, else yields nothing.
#define TOCSIN_TRY(expression)                                                                                         \
    do {                                                                                                               \
        if (auto tocsinResult = (expression); !tocsinResult)                                                           \
            return std::unexpected(std::move(tocsinResult).error());                                                   \
    } while (false)
#define TOCSIN_CONCAT_INNER(a, b) a##b
#define TOCSIN_CONCAT(a, b) TOCSIN_CONCAT_INNER(a, b)
/// `TOCSIN_TRY_ASSIGN(auto x, mayFail())`: declares x with the value, or returns the error.
#define TOCSIN_TRY_ASSIGN(declaration, expression)                                                                     \
    auto TOCSIN_CONCAT(tocsinResult, __LINE__) = (expression);                                                         \
    if (!TOCSIN_CONCAT(tocsinResult, __LINE__))                                                                        \
        return std::unexpected(std::move(TOCSIN_CONCAT(tocsinResult, __LINE__)).error());                              \
    declaration = std::move(*TOCSIN_CONCAT(tocsinResult, __LINE__))
