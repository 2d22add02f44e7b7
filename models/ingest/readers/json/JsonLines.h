// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/OrderedTasks.h"
#include "ingest/readers/json/JsonWalker.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// Whole lines of a source, and how they end.
class LineChunks {
public:
    LineChunks(ByteSource& source, std::uint64_t offset) : m_source(source), m_offset(offset) {}
    /// The next lines, about kBytes of them, with kJsonPadding bytes behind `size()`; empty at the end. Text without any line end in
    /// reach comes as it is, cut anywhere: it is not made of lines.
    Result<std::string> next();
    static constexpr std::size_t kBytes = 2u << 20;
    /// Gives memory back for further chunks.
    void reuse(std::string&& memory) { m_free.push_back(std::move(memory)); }

private:
    ByteSource& m_source;
    std::uint64_t m_offset;
    std::vector<std::string> m_free;
};

/// A place in a text of lines.
struct LinePosition {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
};

/// The text of a line that may be one record: without blanks around it and a comma behind. Empty if it cannot be an object on its own.
std::string_view recordInLine(std::string_view line);

/// Calls take(record, whole line's bytes) for the lines of a chunk; it returns false for a line it does not take. Blank lines are passed.
/// Returns how many bytes of the chunk were taken, and counts their lines.
template <typename Take>
std::size_t forEachLine(std::string_view chunk, std::uint64_t& lines, Take take)
{
    std::size_t at = 0;
    while (at < chunk.size()) {
        const std::size_t feed = chunk.find('\n', at);
        const std::size_t end = feed == std::string_view::npos ? chunk.size() : feed;
        const std::string_view line = chunk.substr(at, end - at);
        const std::string_view record = recordInLine(line);
        if (record.empty() ? line.find_first_not_of(" \t\r") != std::string_view::npos : !take(record))
            return at;
        at = std::min(end + 1, chunk.size());
        lines += feed != std::string_view::npos;
    }
    return at;
}

/// Reads the records of a JSON file like walkJsonRecords(), but parses those that stand one a line on several threads at once.
///
/// `Parser` is made for each thread; it has a type `Output`, `bool parse(std::string_view record, Output& out)`, which returns false,
/// having done nothing, for a record it leaves to `others`, and `void endChunk(Output& out)`. Outputs are delivered in the order of the
/// file, between the records that go to `others`.
template <typename Parser>
class JsonLineReader {
public:
    using Make = std::function<std::unique_ptr<Parser>()>;
    using Deliver = std::function<Result<void>(typename Parser::Output)>;
    /// Begins at `start`, which is the start of a record.
    JsonLineReader(ByteSource& source, Executor* executor, JsonRecordHandler& others, std::stop_token stop, Make make, Deliver deliver, LinePosition start = {})
        : m_source(source), m_executor(executor), m_others(others), m_stop(std::move(stop)), m_make(std::move(make)), m_deliver(std::move(deliver)), m_at(start)
    {
    }

    /// How far the records were delivered; of a run that failed, the first that were not.
    LinePosition position() const { return m_at; }

    Result<void> run()
    {
        for (int restarts = 0;; ++restarts) {
            TOCSIN_TRY_ASSIGN(const bool done, readLines());
            if (done)
                return {};
            JsonWalker walker(m_source, m_others, m_stop, m_at.offset, m_at.line);
            // Many records that are no lines: the file is of another build.
            if (restarts > kPatience + static_cast<int>(m_at.offset / LineChunks::kBytes))
                return walker.run();
            TOCSIN_TRY_ASSIGN(const bool more, walker.step());
            if (!more)
                return {};
            m_at = {walker.position(), walker.line()};
        }
    }

private:
    static constexpr int kPatience = 16;

    struct Chunk {
        std::string text;
        typename Parser::Output output;
        std::size_t taken = 0;
        std::uint64_t lines = 0;
    };

    /// True at the end of the file, false in front of a record that is not simply a line.
    Result<bool> readLines()
    {
        LineChunks chunks(m_source, m_at.offset);
        OrderedTasks<Chunk> tasks(m_executor);
        const std::size_t window = m_executor ? 2 * m_executor->concurrency() : 1;
        for (bool atEnd = false;;) {
            while (!atEnd && tasks.size() < window) {
                TOCSIN_TRY_ASSIGN(std::string text, chunks.next());
                atEnd = text.empty();
                if (!atEnd)
                    tasks.add([this, shared = std::make_shared<std::string>(std::move(text))] { return parse(std::move(*shared)); });
            }
            if (tasks.size() == 0)
                return true;
            Chunk chunk = tasks.take();
            if (m_stop.stop_requested())
                return fail(kCancelled);
            m_others.progress(m_at.offset + chunk.taken);
            TOCSIN_TRY(m_deliver(std::move(chunk.output)));
            m_at.offset += chunk.taken;
            m_at.line += chunk.lines;
            if (chunk.taken < chunk.text.size())
                return false;
            chunks.reuse(std::move(chunk.text));
        }
    }

    Chunk parse(std::string text)
    {
        Chunk chunk;
        chunk.text = std::move(text);
        std::unique_ptr<Parser> parser = borrow();
        chunk.taken = forEachLine(chunk.text, chunk.lines, [&](std::string_view record) { return parser->parse(record, chunk.output); });
        parser->endChunk(chunk.output);
        const std::lock_guard lock(m_mutex);
        m_parsers.push_back(std::move(parser));
        return chunk;
    }
    std::unique_ptr<Parser> borrow()
    {
        const std::lock_guard lock(m_mutex);
        if (m_parsers.empty())
            return m_make();
        std::unique_ptr<Parser> parser = std::move(m_parsers.back());
        m_parsers.pop_back();
        return parser;
    }

    ByteSource& m_source;
    Executor* m_executor;
    JsonRecordHandler& m_others;
    std::stop_token m_stop;
    Make m_make;
    Deliver m_deliver;
    LinePosition m_at;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Parser>> m_parsers; ///< not in use
};

} // namespace tocsin::ingest
