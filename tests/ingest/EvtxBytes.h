// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace tocsin::test {

/// Writes the bytes of a chunk of a Windows event log token by token, right or wrong as a test needs it. ASCII text only.
class EvtxChunk {
public:
    static constexpr std::uint32_t kSize = 65'536;

    EvtxChunk() : m_bytes(kSize, 0) {}

    std::uint32_t at() const { return m_at; }
    void seek(std::uint32_t at) { m_at = at; }
    std::vector<std::uint8_t>& bytes() { return m_bytes; }

    EvtxChunk& u8(std::uint64_t value) { return number(value, 1); }
    EvtxChunk& u16(std::uint64_t value) { return number(value, 2); }
    EvtxChunk& u32(std::uint64_t value) { return number(value, 4); }
    EvtxChunk& u64(std::uint64_t value) { return number(value, 8); }
    EvtxChunk& raw(std::string_view text)
    {
        for (const char c : text)
            u8(static_cast<std::uint8_t>(c));
        return *this;
    }
    EvtxChunk& utf16(std::string_view text)
    {
        for (const char c : text)
            u16(static_cast<std::uint8_t>(c));
        return *this;
    }
    void patch32(std::uint32_t at, std::uint32_t value)
    {
        const std::uint32_t back = m_at;
        seek(at);
        u32(value);
        seek(back);
    }

    /// A name right behind its offset; returns where it stands.
    std::uint32_t name(std::string_view text)
    {
        const std::uint32_t offset = m_at + 4;
        u32(offset).nameAt(text);
        return offset;
    }
    EvtxChunk& nameAt(std::string_view text) { return u32(0).u16(0).u16(text.size()).utf16(text).u16(0); }

    EvtxChunk& fragment() { return u8(0x0F).u8(1).u8(1).u8(0); }
    /// Inside a template an element carries a dependency number. `attributes`: whether attribute() calls follow.
    EvtxChunk& open(std::string_view text, bool attributes = false)
    {
        openHead(attributes);
        name(text);
        return attributes ? u32(0) : *this;
    }
    EvtxChunk& openKnown(std::uint32_t nameOffset)
    {
        openHead(false);
        return u32(nameOffset);
    }
    EvtxChunk& attribute(std::string_view text)
    {
        u8(0x06);
        name(text);
        return *this;
    }
    EvtxChunk& text(std::string_view text) { return u8(0x05).u8(0x01).u16(text.size()).utf16(text); }
    EvtxChunk& startEnd() { return u8(0x02); }
    EvtxChunk& empty() { return u8(0x03); }
    EvtxChunk& close() { return u8(0x04); }
    EvtxChunk& substitute(unsigned index, unsigned type, bool optional = false) { return u8(optional ? 0x0E : 0x0D).u16(index).u8(type); }
    EvtxChunk& end() { return u8(0x00); }
    EvtxChunk& element(std::string_view tag, std::string_view content) { return open(tag).startEnd().text(content).close(); }

    struct Value {
        std::uint8_t type;
        std::string bytes;
    };
    /// A template instance with the definition inside; returns the definition's offset for later instances.
    std::uint32_t instance(const std::function<void()>& body, const std::vector<Value>& values)
    {
        u8(0x0C).u8(1).u32(kTemplateId);
        const std::uint32_t definition = m_at + 4;
        u32(definition);
        u32(0).u32(kTemplateId).u64(0).u32(0);
        const std::uint32_t sizeAt = m_at;
        u32(0);
        m_insideTemplate = true;
        body();
        m_insideTemplate = false;
        patch32(sizeAt, m_at - sizeAt - 4);
        arguments(values);
        return definition;
    }
    EvtxChunk& instanceOf(std::uint32_t definition, const std::vector<Value>& values)
    {
        u8(0x0C).u8(1).u32(kTemplateId).u32(definition);
        return arguments(values);
    }
    EvtxChunk& arguments(const std::vector<Value>& values)
    {
        u32(values.size());
        for (const Value& value : values)
            u16(value.bytes.size()).u8(value.type).u8(0);
        for (const Value& value : values)
            raw(value.bytes);
        return *this;
    }

    /// A record around what `content` writes; returns its offset.
    std::uint32_t record(std::uint64_t id, const std::function<void()>& content, std::uint64_t fileTime = 0)
    {
        const std::uint32_t start = m_at;
        u32(0x2A2A).u32(0).u64(id).u64(fileTime);
        content();
        const std::uint32_t size = m_at - start + 4;
        u32(size);
        patch32(start + 4, size);
        m_lastRecord = start;
        m_firstId = m_firstId ? m_firstId : id;
        m_lastId = id;
        return start;
    }
    /// A record of a small event with one named value.
    std::uint32_t simpleEvent(std::uint64_t id, std::string_view value = "text")
    {
        return record(id, [&] {
            fragment().open("Event").startEnd();
            open("System").startEnd();
            open("Provider", true).attribute("Name").text("Test-Provider").empty();
            element("EventID", "42").element("Channel", "Application").element("Computer", "HOST");
            close();
            open("EventData").startEnd().open("Data", true).attribute("Name").text("Value").startEnd().text(value).close().close();
            close().end();
        });
    }

    /// Writes the header with its checksums over what is there now; free space begins at the end of what was written.
    std::string finish()
    {
        const std::uint32_t free = m_at;
        seek(0);
        raw(std::string_view("ElfChnk\0", 8)).u64(m_firstId).u64(m_lastId).u64(m_firstId).u64(m_lastId).u32(128).u32(m_lastRecord).u32(free);
        u32(::crc32(0, m_bytes.data() + 512, free - 512));
        m_at = 124;
        u32(::crc32(::crc32(0, m_bytes.data(), 120), m_bytes.data() + 128, 384));
        m_at = free;
        return text();
    }
    std::string text() const { return {reinterpret_cast<const char*>(m_bytes.data()), m_bytes.size()}; }

private:
    static constexpr std::uint32_t kTemplateId = 0x12345678;
    EvtxChunk& number(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i)
            m_bytes.at(m_at++) = static_cast<std::uint8_t>(value >> 8 * i);
        return *this;
    }
    void openHead(bool attributes)
    {
        u8(attributes ? 0x41 : 0x01);
        if (m_insideTemplate)
            u16(0xFFFF);
        u32(4); // readers need not trust it
    }

    std::vector<std::uint8_t> m_bytes;
    std::uint32_t m_at = 512;
    std::uint32_t m_lastRecord = 512;
    std::uint64_t m_firstId = 0;
    std::uint64_t m_lastId = 0;
    bool m_insideTemplate = false;
};

/// A log of these chunks with a sound file header.
inline std::string evtxFile(const std::vector<std::string>& chunks)
{
    EvtxChunk header; // borrowed for its number writing
    header.seek(0);
    header.raw(std::string_view("ElfFile\0", 8)).u64(0).u64(chunks.empty() ? 0 : chunks.size() - 1).u64(1).u32(128).u16(1).u16(3).u16(4096).u16(chunks.size());
    header.seek(124);
    header.u32(::crc32(0, header.bytes().data(), 120));
    std::string file = header.text().substr(0, 4096);
    for (const std::string& chunk : chunks)
        file += chunk;
    return file;
}

} // namespace tocsin::test
