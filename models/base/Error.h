// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

/// A half-open range of bytes [start, start + length) in a text the user wrote (a query, a rule).
struct SourceSpan {
    std::size_t start = 0;
    std::size_t length = 0;

    std::size_t end() const { return start + length; }
    bool operator==(const SourceSpan&) const = default;
};

/// One kind of failure: a stable code, and English templates for what happened and what to do about it.
/// `{0}`, `{1}`, … stand for the arguments of the Error. Kinds are constants with static storage, declared beside the
/// code that raises them; sentences are rendered late (errorMessage() here, translated in items/ErrorText).
struct ErrorKind {
    std::string_view code;   ///< "module.what", for example "kql.unknown_column"; never changes once released
    std::string_view what;   ///< what happened
    std::string_view advice; ///< what the user can do; may be empty
};

/// Why an operation failed. Carries facts, not a finished sentence.
struct Error {
    const ErrorKind* kind = nullptr;
    std::vector<std::string> args;
    std::string where;                  ///< file, rule or table; empty when the span says enough
    std::optional<SourceSpan> span;     ///< position in the query text, when there is one
    std::shared_ptr<const Error> cause; ///< the failure below this one
    bool retryable = false;

    std::string_view code() const { return kind ? kind->code : std::string_view("unknown"); }
    Error& at(SourceSpan position) { span = position; return *this; }
    Error& in(std::string place) { where = std::move(place); return *this; }
    Error& because(Error below) { cause = std::make_shared<const Error>(std::move(below)); return *this; }
};

template <typename... Args>
Error makeError(const ErrorKind& kind, Args&&... args) { return Error{&kind, {std::string(std::forward<Args>(args))...}, {}, {}, {}, false}; }

/// Puts the arguments into a template of an ErrorKind; an index without an argument gives nothing.
std::string fillTemplate(std::string_view pattern, const std::vector<std::string>& args);
/// What happened, in English, with place and cause but without advice.
std::string errorMessage(const Error& error);
/// What to do, in English; empty if there is nothing to say.
std::string errorAdvice(const Error& error);

inline constexpr ErrorKind kCancelled{"base.cancelled", "Cancelled", ""};
inline constexpr ErrorKind kFileUnreadable{"base.file_unreadable", "Cannot read {0}: {1}", "Check that the file exists and that you may read it."};
inline constexpr ErrorKind kFileUnwritable{"base.file_unwritable", "Cannot write {0}: {1}", "Choose another place or free some space."};
inline constexpr ErrorKind kInternal{"base.internal", "Internal error: {0}", "Please report this with the query or file that caused it."};

} // namespace tocsin
