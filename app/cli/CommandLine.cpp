// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CommandLine.h"

#include "store/StoreErrors.h"

#include <unistd.h>

#include <cstdio>

namespace tocsin::app::cli {

void printError(const Error& error)
{
    std::fprintf(stderr, "tocsin: %s\n", errorMessage(error).c_str());
    if (const std::string advice = errorAdvice(error); !advice.empty())
        std::fprintf(stderr, "        %s\n", advice.c_str());
}

namespace {

/// With what is missing, or why it is not open.
std::unique_ptr<session::Session> reported(Result<std::unique_ptr<session::Session>> session)
{
    if (session) {
        for (const Error& missing : (*session)->missingRows())
            printError(missing);
        if (!(*session)->missingRows().empty())
            std::fputs("tocsin: the rows of that archive are left out\n", stderr);
        return std::move(*session);
    }
    printError(session.error());
    return nullptr;
}

} // namespace

std::unique_ptr<session::Session> openSession(CommandContext& context, const std::string& workspace, store::OpenOptions options)
{
    return reported(session::Session::open(workspace, options, context.app.services()));
}

std::unique_ptr<session::Session> openForReading(CommandContext& context, const std::string& workspace)
{
    auto session = session::Session::open(workspace, {.create = false, .readOnly = false}, context.app.services());
    if (!session && (session.error().kind == &store::kLocked || session.error().kind == &store::kReadOnlyMedium))
        session = session::Session::open(workspace, {.create = false, .readOnly = true}, context.app.services());
    return reported(std::move(session));
}

ProgressLine::ProgressLine() : m_terminal(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine()
{
    if (m_shown)
        std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(const std::string& text)
{
    constexpr Ticks kInterval = kTicksPerSecond / 10;
    if (!m_terminal)
        return;
    const Ticks now = SystemClock().now();
    if (now - m_last < kInterval)
        return;
    m_last = now;
    m_shown = true;
    std::fprintf(stderr, "\r\033[K%.100s", text.c_str());
    std::fflush(stderr);
}

} // namespace tocsin::app::cli
