// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Importer.h"

#include "base/Utf8.h"
#include "ingest/Archives.h"
#include "ingest/ByteSources.h"
#include "ingest/Digest.h"
#include "ingest/Errors.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kShownNotes = 100;
/// More rejects of one file than this are counted but not stored one by one.
constexpr std::uint64_t kStoredRejects = 10'000;

FileResult failed(std::string path, Error error)
{
    FileResult result;
    result.path = std::move(path);
    result.state = error.kind == &kCancelled ? FileResult::State::Cancelled : FileResult::State::Failed;
    result.error = std::move(error);
    return result;
}

Result<std::string> headOf(ByteSource& source)
{
    std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), kProbeBytes)), '\0');
    TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(0, std::as_writable_bytes(std::span(head.data(), head.size()))));
    head.resize(got);
    return head;
}

/// Windows programs write text as UTF-16 with a mark; the readers want UTF-8. Offsets of rejects are then those of the UTF-8 text.
Result<std::unique_ptr<ByteSource>> decodeUtf16(ByteSource& source)
{
    if (source.size() > kMaxUnpacked)
        return fail(kBadArchive, source.name(), "UTF-16 text of more than 1 GiB; convert it to UTF-8 first");
    std::string bytes(static_cast<std::size_t>(source.size()), '\0');
    TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(0, std::as_writable_bytes(std::span(bytes.data(), bytes.size()))));
    std::string text = utf8FromUtf16Le(reinterpret_cast<const std::uint8_t*>(bytes.data()) + 2, (got - 2) / 2 * 2);
    return std::make_unique<MemoryByteSource>(source.name(), std::move(text));
}

} // namespace

/// What the threads of one import share.
struct Importer::Job {
    const ImportOptions& options;
    const ProgressCallback& progress;
    std::stop_token stop;
    const std::vector<FoundFile>& files;

    std::mutex mutex; ///< guards all below
    std::condition_variable idle;
    std::size_t next = 0;
    std::size_t active = 0; ///< helper tasks that have started
    bool closed = false;    ///< a helper that starts now has nothing to do
    std::set<std::string> digests; ///< being read or done: two equal files of one import must not meet
    std::vector<std::vector<FileResult>> results;

    void report(const ImportProgress& state)
    {
        if (!progress)
            return;
        const std::lock_guard lock(mutex);
        progress(state);
    }
    void reject(const std::string& file, const Reject& reject)
    {
        if (!options.onReject)
            return;
        const std::lock_guard lock(mutex);
        options.onReject(file, reject);
    }
};

namespace {

/// Puts a reader's rows into the workspace and keeps count.
class StoringSink final : public RowSink {
public:
    StoringSink(store::ImportWriter& writer, FileResult& result, const ImportOptions& options, const Clock& clock, std::function<void(std::uint64_t)> progress, std::function<void(const Reject&)> rejected)
        : m_writer(writer), m_result(result), m_options(options), m_clock(clock), m_progress(std::move(progress)), m_rejected(std::move(rejected)), m_lastCommit(clock.now())
    {
    }

    Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t records) override
    {
        const std::uint64_t count = batch.rows();
        if (Result<void> stored = m_writer.append(schema, batch, records); !stored)
            return std::unexpected(wrap(std::move(stored).error()));
        m_result.rows += count;
        m_result.records += records;
        if (count > 0)
            m_result.rowsByTable[schema.name] += count;
        m_sinceCommit += count;
        if (m_sinceCommit >= m_options.commitRows || m_clock.now() - m_lastCommit >= m_options.commitInterval) {
            if (Result<void> committed = m_writer.commit(); !committed)
                return std::unexpected(wrap(std::move(committed).error()));
            m_sinceCommit = 0;
            m_lastCommit = m_clock.now();
        }
        m_progress(m_bytes);
        return {};
    }
    void reject(Reject reject) override
    {
        if (reject.offset >= m_alreadyTold)
            m_rejected(reject);
        m_told = std::max(m_told, reject.offset + 1);
        if (m_result.rejected++ < kStoredRejects)
            m_writer.addReject({reject.offset, reject.line, std::string(reject.reason.code()), errorMessage(reject.reason)});
        if (m_result.firstRejects.size() < kShownNotes)
            m_result.firstRejects.push_back(std::move(reject));
    }
    void warning(Reject note) override
    {
        ++m_result.warnings;
        if (m_result.firstWarnings.size() < kShownNotes)
            m_result.firstWarnings.push_back(std::move(note));
    }
    Result<void> restart() override
    {
        if (Result<void> restarted = m_writer.restart(); !restarted)
            return std::unexpected(wrap(std::move(restarted).error()));
        m_result.rows = m_result.records = m_result.rejected = m_result.warnings = 0;
        m_result.rowsByTable.clear();
        m_result.firstRejects.clear();
        m_result.firstWarnings.clear();
        m_sinceCommit = 0;
        m_alreadyTold = m_told;
        return {};
    }
    void progress(std::uint64_t bytes) override
    {
        m_bytes = bytes;
        m_progress(bytes);
    }

private:
    Error wrap(Error cause) const
    {
        Error error = makeError(kCannotStore, m_result.path);
        error.because(std::move(cause));
        return error;
    }

    store::ImportWriter& m_writer;
    FileResult& m_result;
    const ImportOptions& m_options;
    const Clock& m_clock;
    std::function<void(std::uint64_t)> m_progress;
    std::function<void(const Reject&)> m_rejected;
    Ticks m_lastCommit;
    std::uint64_t m_sinceCommit = 0;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_told = 0;        ///< offset behind the last reject that was reported
    std::uint64_t m_alreadyTold = 0; ///< the same before the restart: those come again
};

} // namespace

Importer::Importer(store::Workspace& workspace, const ReaderRegistry& readers, Executor& executor, const Clock& clock)
    : m_workspace(workspace), m_readers(readers), m_executor(executor), m_clock(clock)
{
}

ImportSummary Importer::run(const std::vector<std::filesystem::path>& paths, const ImportOptions& options, const ProgressCallback& progress, std::stop_token stop)
{
    const std::vector<FoundFile> files = findFiles(paths);
    ImportOptions complete = options;
    if (complete.read.importTime == 0)
        complete.read.importTime = m_clock.now();
    complete.read.executor = &m_executor;
    // Helpers may start after this call has returned; they then find the job closed, so it is shared.
    struct Shared {
        ImportOptions options;
        ProgressCallback progress;
        std::vector<FoundFile> files;
        Job job;
        Shared(ImportOptions o, ProgressCallback p, std::vector<FoundFile> f, std::stop_token s)
            : options(std::move(o)), progress(std::move(p)), files(std::move(f)), job{options, progress, std::move(s), files, {}, {}, 0, 0, false, {}, {}}
        {
            job.results.resize(files.size());
        }
    };
    const auto shared = std::make_shared<Shared>(std::move(complete), progress, files, stop);
    Job& job = shared->job;
    const auto work = [this, &job] {
        while (true) {
            std::size_t index = 0;
            {
                const std::lock_guard lock(job.mutex);
                if (job.next >= job.files.size())
                    return;
                index = job.next++;
            }
            importFile(job.files[index], index, job);
        }
    };
    // The calling thread works too: an executor whose threads are all busy makes this slower, never stuck.
    const std::size_t helpers = files.empty() ? 0 : std::min<std::size_t>(m_executor.concurrency(), files.size()) - 1;
    for (std::size_t i = 0; i < helpers; ++i)
        m_executor.post([shared, work] {
            {
                const std::lock_guard lock(shared->job.mutex);
                if (shared->job.closed)
                    return;
                ++shared->job.active;
            }
            work();
            const std::lock_guard lock(shared->job.mutex);
            --shared->job.active;
            shared->job.idle.notify_all();
        }, TaskPriority::Background);
    work();
    std::unique_lock lock(job.mutex);
    job.closed = true;
    job.idle.wait(lock, [&job] { return job.active == 0; });

    ImportSummary summary;
    summary.cancelled = stop.stop_requested();
    for (std::vector<FileResult>& results : job.results)
        for (FileResult& result : results) {
            summary.rows += result.rows;
            summary.records += result.records;
            summary.rejected += result.rejected;
            summary.files.push_back(std::move(result));
        }
    return summary;
}

void Importer::importFile(const FoundFile& found, std::size_t index, Job& job)
{
    const std::filesystem::path& path = found.path;
    std::vector<FileResult>& results = job.results[index];
    if (!found.named && isPlainlyNoLog(path)) {
        results.push_back(failed(path.string(), makeError(kNotALog, path.string())));
        results.back().state = FileResult::State::Skipped;
        return;
    }
    if (job.stop.stop_requested()) {
        results.push_back(failed(path.string(), makeError(kCancelled)));
        return;
    }
    auto file = FileByteSource::open(path.string());
    if (!file) {
        results.push_back(failed(path.string(), std::move(file).error()));
        return;
    }
    ByteSource& source = **file;
    const auto head = headOf(source);
    const Packing packing = head ? packingOf(*head) : Packing::None;
    if (packing == Packing::None) {
        results.push_back(importSource(source, index, job));
        return;
    }
    const Result<void> unpacked = unpack(source, packing,
        [&](const std::string& name, Result<std::unique_ptr<ByteSource>> member) {
            results.push_back(member ? importSource(**member, index, job) : failed(name, std::move(member).error()));
            return !job.stop.stop_requested();
        },
        job.stop);
    if (!unpacked)
        results.push_back(failed(path.string(), unpacked.error()));
}

FileResult Importer::importSource(ByteSource& source, std::size_t index, Job& job)
{
    if (source.size() == 0)
        return failed(source.name(), makeError(kEmptySource, source.name()));
    const auto head = headOf(source);
    if (!head)
        return failed(source.name(), head.error());
    if (head->starts_with("\xFF\xFE") && head->size() > 2) {
        const auto decoded = decodeUtf16(source);
        return decoded ? importSource(**decoded, index, job) : failed(source.name(), decoded.error());
    }
    const LogReader* reader = nullptr;
    if (job.options.format) {
        reader = m_readers.find(*job.options.format);
        if (!reader)
            return failed(source.name(), makeError(kNoSuchFormat, *job.options.format, m_readers.ids()));
    } else {
        const auto detected = m_readers.detect(*head, source.name(), source.size());
        if (!detected)
            return failed(source.name(), detected.error());
        reader = *detected;
    }
    auto digest = digestOf(source, job.stop);
    if (!digest)
        return failed(source.name(), std::move(digest).error());
    FileResult duplicate;
    duplicate.path = source.name();
    duplicate.state = FileResult::State::Duplicate;
    duplicate.format = reader->id();
    duplicate.bytes = source.size();
    {
        const std::lock_guard lock(job.mutex);
        if (!job.digests.insert(*digest).second)
            return duplicate;
    }
    const auto stored = m_workspace.findImport(*digest);
    if (!stored)
        return failed(source.name(), stored.error());
    if (*stored && (*stored)->complete)
        return duplicate;
    return store(source, *reader, std::move(*digest), index, job);
}

FileResult Importer::store(ByteSource& source, const LogReader& reader, std::string digest, std::size_t index, Job& job)
{
    FileResult result;
    result.path = source.name();
    result.format = reader.id();
    result.bytes = source.size();
    auto writer = m_workspace.beginImport({source.name(), result.format, source.size(), std::move(digest)});
    if (!writer) {
        result.state = writer.error().kind == &store::kAlreadyImported ? FileResult::State::Duplicate : FileResult::State::Failed;
        if (result.state == FileResult::State::Failed)
            result.error = std::move(writer).error();
        return result;
    }
    StoringSink sink(**writer, result, job.options, m_clock, [&](std::uint64_t bytes) {
        job.report({result.path, index, job.files.size(), bytes, result.bytes, result.rows});
    }, [&](const Reject& reject) { job.reject(result.path, reject); });
    const Result<void> read = reader.read(source, job.options.read, sink, job.stop);
    if (read) {
        const auto finished = (*writer)->finish();
        result.state = finished ? FileResult::State::Imported : FileResult::State::Failed;
        if (!finished)
            result.error = finished.error();
    } else {
        result.error = read.error();
        result.state = read.error().kind == &kCancelled ? FileResult::State::Cancelled : FileResult::State::Failed;
        // What was read before a damaged place is worth keeping; the import stays incomplete. After a cancel nothing more is written.
        if (result.state == FileResult::State::Failed && read.error().kind != &kCannotStore)
            static_cast<void>((*writer)->commit());
    }
    job.report({result.path, index, job.files.size(), result.bytes, result.bytes, result.rows});
    return result;
}

} // namespace tocsin::ingest
