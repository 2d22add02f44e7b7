// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <memory>
#include <string>
#include <vector>

namespace tocsin::ingest {

/// A regular file, read in place. The size is the one at opening: what is appended later is not seen. Any thread may read.
class FileByteSource final : public ByteSource {
public:
    /// kFileUnreadable for a file that is missing, forbidden, or no regular file.
    static Result<std::unique_ptr<FileByteSource>> open(const std::string& path);
    ~FileByteSource() override;
    FileByteSource(const FileByteSource&) = delete;
    FileByteSource& operator=(const FileByteSource&) = delete;

    std::uint64_t size() const override { return m_size; }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override;
    const std::string& name() const override { return m_path; }

private:
    FileByteSource(std::string path, int descriptor, std::uint64_t size) : m_path(std::move(path)), m_descriptor(descriptor), m_size(size) {}

    std::string m_path;
    int m_descriptor;
    std::uint64_t m_size;
};

/// Bytes held in memory: an unpacked archive member, a buffer of a test.
class MemoryByteSource final : public ByteSource {
public:
    MemoryByteSource(std::string name, std::string bytes) : m_name(std::move(name)), m_bytes(std::move(bytes)) {}

    std::uint64_t size() const override { return m_bytes.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override;
    const std::string& name() const override { return m_name; }
    std::string_view bytes() const { return m_bytes; }

private:
    std::string m_name;
    std::string m_bytes;
};

} // namespace tocsin::ingest
