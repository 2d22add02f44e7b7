// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/BinXmlProgram.h"

#include <memory>
#include <optional>
#include <unordered_map>

namespace tocsin::ingest {

/// What is wrong with a piece of binary XML, and where in the chunk.
struct BinXmlFault {
    const char* reason = nullptr; ///< null: nothing is wrong
    std::uint32_t offset = 0;
    bool limits = false; ///< too much output or work, rather than damage
};

/// Turns the binary XML of one chunk into programs. Names and templates are shared by the whole chunk and read once, wherever in it
/// they stand. Token layout: [MS-EVEN6] 2.2.12 and libevtx's description of the format.
class BinXmlCompiler {
public:
    BinXmlCompiler();

    /// Forgets the last chunk. `chunk` must outlive its use; offsets in it are those of the format.
    void startChunk(BinXmlBytes chunk);
    /// Compiles [begin, end) of the chunk into `program`. Elements carry a dependency number inside templates only.
    bool compile(std::uint32_t begin, std::uint32_t end, bool insideTemplate, BinXmlProgram& program);

    const BinXmlFault& fault() const { return m_fault; }
    void clearFault() { m_fault = {}; }
    BinXmlBytes chunk() const { return m_chunk; }

private:
    static constexpr std::uint32_t kMaxDepth = 128;
    /// Legitimate chunks stay far below these; overlapping definitions made to multiply the work do not.
    static constexpr std::size_t kMaxChunkText = 1024 * 1024;
    static constexpr std::size_t kMaxTemplateBytes = 512 * 1024;
    static constexpr std::size_t kMaxChunkOps = 4 * 1024 * 1024;

    struct State; // one fragment being compiled

    bool step(State& state);
    bool openElement(State& state, bool hasAttributes);
    bool endAttribute(State& state);
    bool attribute(State& state);
    bool value(State& state);
    bool characters(State& state, BinXmlOp::Kind kind);
    bool characterReference(State& state);
    bool entityReference(State& state);
    bool instructionTarget(State& state);
    bool instructionData(State& state);
    bool templateInstance(State& state);
    bool arguments(State& state, BinXmlInstance& instance);
    bool substitution(State& state, bool optional);
    bool closeElement(State& state);
    bool closeStart(State& state);

    const BinXmlProgram* templateAt(std::uint32_t offset);
    /// Reads a name offset and, if the name stands right behind it, steps over the name.
    std::optional<std::string_view> nameReference(State& state);
    std::optional<std::string_view> nameAt(std::uint32_t offset, std::uint32_t* size);
    std::optional<std::string_view> text(BinXmlBytes bytes, std::uint32_t offset);
    bool isPlausibleElement(std::uint32_t at, std::uint32_t end, bool dependency) const;
    std::uint32_t u32(std::uint32_t at) const { return static_cast<std::uint32_t>(readLittle(m_chunk.subspan(at, 4))); }
    std::uint32_t u16(std::uint32_t at) const { return static_cast<std::uint32_t>(readLittle(m_chunk.subspan(at, 2))); }
    bool damaged(const char* reason, std::uint32_t offset);
    bool exhausted(std::uint32_t offset);
    BinXmlOp& add(State& state, BinXmlOp::Kind kind);

    struct Name {
        std::string_view text;
        std::uint32_t size = 0; ///< bytes in the chunk
    };

    BinXmlBytes m_chunk;
    TextArena m_text{kMaxChunkText};
    std::unordered_map<std::uint32_t, Name> m_names;
    std::unordered_map<std::uint32_t, std::unique_ptr<BinXmlProgram>> m_templates; ///< null: damaged or being compiled
    std::size_t m_templateBytes = 0;
    std::size_t m_ops = 0;
    BinXmlFault m_fault;
};

} // namespace tocsin::ingest
