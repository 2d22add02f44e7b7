// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/BinXmlRenderer.h"

#include <cstring>

namespace tocsin::ingest {

void BinXmlRenderer::startChunk(BinXmlBytes chunk)
{
    m_compiler.startChunk(chunk);
    m_chunkSteps = 0;
    m_chunkText = 0;
    m_scratch.clear(); // their instances point into the templates of the last chunk
}

bool BinXmlRenderer::render(std::uint32_t begin, std::uint32_t end)
{
    m_chunkText += m_text.used();
    m_text.reset();
    m_tape.clear();
    m_scratchUsed = 0;
    m_steps = 0;
    m_fault = {};
    m_compiler.clearFault();
    BinXmlProgram& program = scratch();
    if (!m_compiler.compile(begin, end, false, program))
        return false;
    Scope scope{program, {}, 0};
    return run(scope, 0, static_cast<std::uint32_t>(program.ops.size()));
}

BinXmlProgram& BinXmlRenderer::scratch()
{
    if (m_scratchUsed == m_scratch.size())
        m_scratch.emplace_back();
    return m_scratch[m_scratchUsed++];
}

bool BinXmlRenderer::fail(const char* reason, bool limits)
{
    m_fault = {reason, 0, limits};
    return false;
}

bool BinXmlRenderer::spend(std::size_t steps)
{
    m_steps += steps;
    m_chunkSteps += steps;
    if (m_steps > kMaxRecordSteps || m_chunkSteps > kMaxChunkSteps || m_text.isFull() || m_chunkText > kMaxChunkText)
        return fail("too much content", true);
    return true;
}

XmlToken& BinXmlRenderer::put(XmlKind kind, std::string_view name, std::string_view text)
{
    return m_tape.emplace_back(XmlToken{kind, 0, name, text});
}

const BinXmlArgument* BinXmlRenderer::argument(const Scope& scope, const BinXmlOp& op) const
{
    return op.index < scope.arguments.size() ? &scope.arguments[op.index] : nullptr;
}

bool BinXmlRenderer::run(Scope& scope, std::uint32_t begin, std::uint32_t end)
{
    for (std::uint32_t at = begin; at < end;) {
        if (!spend(1))
            return false;
        const BinXmlOp& op = scope.program.ops[at];
        switch (op.kind) {
        case BinXmlOp::Kind::Open:
            if (!element(scope, at))
                return false;
            at = op.end;
            continue;
        case BinXmlOp::Kind::Attribute:
            if (!attribute(scope, at))
                return false;
            at = op.end;
            continue;
        case BinXmlOp::Kind::Text: put(XmlKind::Text, {}, op.text); break;
        case BinXmlOp::Kind::CData: put(XmlKind::CData, {}, op.text); break;
        case BinXmlOp::Kind::Instruction: put(XmlKind::Instruction, op.name, op.text); break;
        case BinXmlOp::Kind::Substitute:
            if (!substitute(scope, at))
                return false;
            break;
        case BinXmlOp::Kind::Instance: {
            if (scope.nesting >= kMaxNesting)
                return fail("fragments are nested too deep", false);
            const BinXmlInstance& instance = scope.program.instances[op.index];
            Scope inner{*instance.body, instance.arguments, scope.nesting + 1};
            if (!run(inner, 0, static_cast<std::uint32_t>(instance.body->ops.size())))
                return false;
            break;
        }
        case BinXmlOp::Kind::Close: break; // elementOnce() stops before it
        }
        ++at;
    }
    return true;
}

bool BinXmlRenderer::element(Scope& scope, std::uint32_t at)
{
    const BinXmlOp& open = scope.program.ops[at];
    if (open.content == BinXmlOp::kNone)
        return elementOnce(scope, at);
    const BinXmlOp& content = scope.program.ops[open.content];
    const BinXmlArgument* const value = argument(scope, content);
    const bool isNull = !value || value->type == BinXmlType::Null;
    if (open.only && content.optional && isNull)
        return true;
    if (isNull || !value->array || value->type == BinXmlType::BinXml)
        return elementOnce(scope, at);
    // An array stands for its element once per item, at least once.
    BinXmlArrayItems items(value->type, bytes(*value));
    auto item = items.next();
    do {
        Scope single = scope;
        single.itemOp = open.content;
        single.item = item.value_or(BinXmlBytes{});
        if (!elementOnce(single, at))
            return false;
        item = items.next();
    } while (item);
    return true;
}

bool BinXmlRenderer::elementOnce(Scope& scope, std::uint32_t at)
{
    const BinXmlOp& open = scope.program.ops[at];
    const std::size_t start = m_tape.size();
    put(XmlKind::Open, open.name, {});
    if (!run(scope, at + 1, open.end - 1))
        return false;
    m_tape[start].close = static_cast<std::uint32_t>(m_tape.size());
    put(XmlKind::Close, open.name, {});
    return spend(1);
}

bool BinXmlRenderer::attribute(Scope& scope, std::uint32_t at)
{
    const BinXmlOp& op = scope.program.ops[at];
    if (op.end == at + 2) {
        const BinXmlOp& value = scope.program.ops[at + 1];
        if (value.kind == BinXmlOp::Kind::Substitute && value.optional) {
            const BinXmlArgument* const given = argument(scope, value);
            if (!given || given->type == BinXmlType::Null)
                return true;
        }
    }
    // The values are laid out as texts first and then folded into the attribute.
    const std::size_t first = m_tape.size();
    if (!run(scope, at + 1, op.end))
        return false;
    std::string_view text;
    if (!joinAttributeText(first, text))
        return false;
    m_tape.resize(first);
    put(XmlKind::Attribute, op.name, text);
    return true;
}

bool BinXmlRenderer::joinAttributeText(std::size_t first, std::string_view& out)
{
    if (m_tape.size() == first)
        return true;
    if (m_tape.size() == first + 1) {
        out = m_tape[first].text;
        return true;
    }
    std::size_t size = 0;
    for (std::size_t i = first; i < m_tape.size(); ++i)
        size += m_tape[i].text.size();
    char* const room = m_text.reserve(size);
    if (!room)
        return fail("too much content", true);
    char* at = room;
    for (std::size_t i = first; i < m_tape.size(); ++i) {
        const std::string_view part = m_tape[i].text;
        if (!part.empty())
            std::memcpy(at, part.data(), part.size());
        at += part.size();
    }
    out = m_text.commit(size);
    return true;
}

bool BinXmlRenderer::substitute(Scope& scope, std::uint32_t at)
{
    const BinXmlOp& op = scope.program.ops[at];
    const BinXmlArgument* const value = argument(scope, op);
    if (!value || value->type == BinXmlType::Null)
        return true;
    if (at == scope.itemOp)
        return text(value->type, scope.item);
    if (value->type == BinXmlType::BinXml)
        return nested(*value, scope.nesting);
    return textOf(*value);
}

bool BinXmlRenderer::nested(const BinXmlArgument& argument, int nesting)
{
    if (nesting >= kMaxNesting)
        return fail("fragments are nested too deep", false);
    const std::size_t used = m_scratchUsed;
    BinXmlProgram& program = scratch();
    if (!m_compiler.compile(argument.offset, argument.offset + argument.size, false, program))
        return false;
    Scope scope{program, {}, nesting + 1};
    if (!spend(program.ops.size()) || !run(scope, 0, static_cast<std::uint32_t>(program.ops.size())))
        return false;
    m_scratchUsed = used;
    return true;
}

bool BinXmlRenderer::textOf(const BinXmlArgument& argument)
{
    if (!argument.array)
        return text(argument.type, bytes(argument));
    // An array that no element can repeat for (in an attribute, or the second of an element): its items, blanks between.
    BinXmlArrayItems items(argument.type, bytes(argument));
    bool first = true;
    while (const auto item = items.next()) {
        if (!first)
            put(XmlKind::Text, {}, " ");
        first = false;
        if (!text(argument.type, *item))
            return false;
    }
    return true;
}

bool BinXmlRenderer::text(BinXmlType type, BinXmlBytes bytes)
{
    if (!spend(1))
        return false;
    const auto rendered = renderBinXmlValue(type, bytes, m_text);
    if (!rendered)
        return fail("too much content", true);
    if (!rendered->empty())
        put(XmlKind::Text, {}, *rendered);
    return true;
}

} // namespace tocsin::ingest
