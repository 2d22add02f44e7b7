// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace spdlog { class logger; }

namespace tocsin {

enum class LogLevel { Trace, Debug, Info, Warn, Error };

/// A named channel of the program's own log, handed to a class by reference. Levels: error = the user lost something,
/// warn = degraded, info = one state change, debug = per query, trace = per batch. Never pass row values, query literals or
/// secrets: this log may be sent to somebody.
class Log {
public:
    /// A log that keeps nothing.
    Log();
    explicit Log(std::shared_ptr<spdlog::logger> sink);

    template <typename... Args> void error(fmt::format_string<Args...> text, Args&&... args) { write(LogLevel::Error, fmt::format(text, std::forward<Args>(args)...)); }
    template <typename... Args> void warn(fmt::format_string<Args...> text, Args&&... args) { write(LogLevel::Warn, fmt::format(text, std::forward<Args>(args)...)); }
    template <typename... Args> void info(fmt::format_string<Args...> text, Args&&... args) { write(LogLevel::Info, fmt::format(text, std::forward<Args>(args)...)); }
    template <typename... Args> void debug(fmt::format_string<Args...> text, Args&&... args) { if (enabled(LogLevel::Debug)) write(LogLevel::Debug, fmt::format(text, std::forward<Args>(args)...)); }
    template <typename... Args> void trace(fmt::format_string<Args...> text, Args&&... args) { if (enabled(LogLevel::Trace)) write(LogLevel::Trace, fmt::format(text, std::forward<Args>(args)...)); }

    bool enabled(LogLevel level) const;

private:
    void write(LogLevel level, std::string_view text);
    std::shared_ptr<spdlog::logger> m_sink;
};

/// Makes a channel that writes to a rotating file (5 files of 2 MB) and, for warnings and worse, to standard error.
/// An unwritable folder leaves standard error only.
Log openLog(std::string_view name, const std::string& folder);

} // namespace tocsin
