// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Log.h"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <filesystem>

namespace tocsin {
namespace {

spdlog::level::level_enum spdlogLevel(LogLevel level)
{
    switch (level) {
    case LogLevel::Trace: return spdlog::level::trace;
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warn: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

constexpr std::size_t kLogFileBytes = 2 * 1024 * 1024;
constexpr std::size_t kLogFiles = 5;

} // namespace

Log::Log() : m_sink(std::make_shared<spdlog::logger>("null", std::make_shared<spdlog::sinks::null_sink_mt>())) { m_sink->set_level(spdlog::level::off); }
Log::Log(std::shared_ptr<spdlog::logger> sink) : m_sink(std::move(sink)) {}

bool Log::enabled(LogLevel level) const { return m_sink->should_log(spdlogLevel(level)); }

void Log::write(LogLevel level, std::string_view text)
{
    m_sink->log(spdlogLevel(level), spdlog::string_view_t(text.data(), text.size()));
}

Log openLog(std::string_view name, const std::string& folder)
{
    auto console = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    console->set_level(spdlog::level::warn);
    std::vector<spdlog::sink_ptr> sinks{console};
    try {
        std::filesystem::create_directories(folder);
        sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(folder + "/tocsin.log", kLogFileBytes, kLogFiles));
    } catch (const std::exception& failure) {
        console->log(spdlog::details::log_msg("log", spdlog::level::warn, failure.what()));
    }
    auto logger = std::make_shared<spdlog::logger>(std::string(name), sinks.begin(), sinks.end());
    logger->set_level(spdlog::level::info);
    logger->flush_on(spdlog::level::warn);
    return Log(std::move(logger));
}

} // namespace tocsin
