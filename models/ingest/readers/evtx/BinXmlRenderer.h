// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/BinXmlCompiler.h"

#include <deque>

namespace tocsin::ingest {

/// Runs the binary XML of records and lays the resulting document out as a tape of XML steps. One renderer reads many chunks, one
/// record at a time. Work and output of a record are limited, so that a crafted one cannot unfold without end.
class BinXmlRenderer {
public:
    void startChunk(BinXmlBytes chunk);
    /// Renders the binary XML in [begin, end) of the chunk. False: see fault(). The tape is valid until the next call.
    bool render(std::uint32_t begin, std::uint32_t end);

    std::span<const XmlToken> tape() const { return m_tape; }
    const BinXmlFault& fault() const { return m_compiler.fault().reason ? m_compiler.fault() : m_fault; }
    /// For text derived from the record, with the life of its tape.
    TextArena& text() { return m_text; }

private:
    static constexpr int kMaxNesting = 16;
    static constexpr std::size_t kMaxRecordText = 1024 * 1024;
    static constexpr std::size_t kMaxRecordSteps = 400'000;
    static constexpr std::size_t kMaxChunkSteps = 4'000'000;
    static constexpr std::size_t kMaxChunkText = 16 * 1024 * 1024;

    /// The values around the ops being run; `itemOp` is the substitution that currently stands for one item of its array.
    struct Scope {
        const BinXmlProgram& program;
        std::span<const BinXmlArgument> arguments;
        int nesting;
        std::uint32_t itemOp = BinXmlOp::kNone;
        BinXmlBytes item{};
    };

    bool run(Scope& scope, std::uint32_t begin, std::uint32_t end);
    bool element(Scope& scope, std::uint32_t at);
    bool elementOnce(Scope& scope, std::uint32_t at);
    bool attribute(Scope& scope, std::uint32_t at);
    bool substitute(Scope& scope, std::uint32_t at);
    bool nested(const BinXmlArgument& argument, int nesting);
    bool text(BinXmlType type, BinXmlBytes bytes);
    bool textOf(const BinXmlArgument& argument);
    bool joinAttributeText(std::size_t first, std::string_view& out);
    bool spend(std::size_t steps);
    bool fail(const char* reason, bool limits);
    const BinXmlArgument* argument(const Scope& scope, const BinXmlOp& op) const;
    BinXmlBytes bytes(const BinXmlArgument& argument) const { return m_compiler.chunk().subspan(argument.offset, argument.size); }
    XmlToken& put(XmlKind kind, std::string_view name, std::string_view text);
    BinXmlProgram& scratch();

    BinXmlCompiler m_compiler;
    TextArena m_text{kMaxRecordText};
    std::vector<XmlToken> m_tape;
    std::deque<BinXmlProgram> m_scratch; ///< programs of the record itself and of its nested fragments
    std::size_t m_scratchUsed = 0;
    std::size_t m_steps = 0;
    std::size_t m_chunkSteps = 0;
    std::size_t m_chunkText = 0;
    BinXmlFault m_fault;
};

} // namespace tocsin::ingest
