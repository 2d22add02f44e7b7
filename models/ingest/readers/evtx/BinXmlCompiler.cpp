// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/BinXmlCompiler.h"

namespace tocsin::ingest {

namespace {

constexpr std::uint8_t kMoreFlag = 0x40;

enum Token : std::uint8_t {
    kEnd = 0x00, kOpenStart = 0x01, kCloseStart = 0x02, kCloseEmpty = 0x03, kEndElement = 0x04, kValue = 0x05, kAttribute = 0x06,
    kCData = 0x07, kCharacter = 0x08, kEntity = 0x09, kInstructionTarget = 0x0A, kInstructionData = 0x0B, kTemplate = 0x0C,
    kSubstitution = 0x0D, kOptionalSubstitution = 0x0E, kFragment = 0x0F,
};

constexpr std::uint32_t kNameHeader = 8;      // next u32, hash u16, length u16
constexpr std::uint32_t kTemplateHeader = 24; // next u32, guid, size u32

} // namespace

struct BinXmlCompiler::State {
    BinXmlProgram& program;
    std::uint32_t at;
    std::uint32_t end;
    bool insideTemplate;
    std::vector<std::uint32_t> open{};                ///< ops of the elements not closed yet
    std::uint32_t attribute = BinXmlOp::kNone;        ///< the attribute whose values are being read
    bool inStart = false;                             ///< between the opening of an element and the end of its start tag
    bool done = false;

    std::uint32_t left() const { return end - at; }
    bool has(std::uint32_t bytes) const { return left() >= bytes; }
};

BinXmlCompiler::BinXmlCompiler() = default;

void BinXmlCompiler::startChunk(BinXmlBytes chunk)
{
    m_chunk = chunk;
    m_text.reset();
    m_names.clear();
    m_templates.clear();
    m_templateBytes = 0;
    m_ops = 0;
    m_fault = {};
}

bool BinXmlCompiler::damaged(const char* reason, std::uint32_t offset)
{
    if (!m_fault.reason)
        m_fault = {reason, offset, false};
    return false;
}

bool BinXmlCompiler::exhausted(std::uint32_t offset)
{
    if (!m_fault.reason)
        m_fault = {"too much content", offset, true};
    return false;
}

BinXmlOp& BinXmlCompiler::add(State& state, BinXmlOp::Kind kind)
{
    ++m_ops;
    BinXmlOp& op = state.program.ops.emplace_back();
    op.kind = kind;
    return op;
}

bool BinXmlCompiler::compile(std::uint32_t begin, std::uint32_t end, bool insideTemplate, BinXmlProgram& program)
{
    program.clear();
    State state{program, begin, end, insideTemplate};
    while (!state.done && state.at < state.end) {
        if (m_ops > kMaxChunkOps)
            return exhausted(state.at);
        if (!step(state))
            return false;
    }
    if (!state.open.empty())
        return damaged("an element is not closed", state.at);
    return true;
}

bool BinXmlCompiler::step(State& state)
{
    const std::uint8_t token = m_chunk[state.at];
    switch (token & ~kMoreFlag) {
    case kEnd: state.done = true; return true;
    case kOpenStart: return openElement(state, token & kMoreFlag);
    case kCloseStart: ++state.at; return closeStart(state);
    case kCloseEmpty: ++state.at; return closeStart(state) && closeElement(state);
    case kEndElement: ++state.at; return closeElement(state);
    case kValue: return value(state);
    case kAttribute: return attribute(state);
    case kCData: return characters(state, BinXmlOp::Kind::CData);
    case kCharacter: return characterReference(state);
    case kEntity: return entityReference(state);
    case kInstructionTarget: return instructionTarget(state);
    case kInstructionData: return instructionData(state);
    case kTemplate: return templateInstance(state);
    case kSubstitution: return substitution(state, false);
    case kOptionalSubstitution: return substitution(state, true);
    case kFragment:
        if (!state.has(4))
            return damaged("a fragment header is cut off", state.at);
        state.at += 4;
        return true;
    default: return damaged("an unknown token", state.at);
    }
}

bool BinXmlCompiler::isPlausibleElement(std::uint32_t at, std::uint32_t end, bool dependency) const
{
    const std::uint32_t head = dependency ? 3 : 1;
    if (end - at < head + 8)
        return false;
    const std::uint32_t size = u32(at + head);
    const std::uint32_t name = u32(at + head + 4);
    return size <= end - at - head - 4 && name >= 1 && name <= m_chunk.size() - kNameHeader;
}

bool BinXmlCompiler::openElement(State& state, bool hasAttributes)
{
    if (state.inStart)
        return damaged("an element starts inside a start tag", state.at);
    if (state.open.size() >= kMaxDepth)
        return damaged("elements are nested too deep", state.at);
    // Writers disagree about the dependency number in values of type 0x21: the layout that makes sense wins.
    bool dependency = state.insideTemplate;
    if (!isPlausibleElement(state.at, state.end, dependency)) {
        dependency = !dependency;
        if (!isPlausibleElement(state.at, state.end, dependency))
            return damaged("an element header makes no sense", state.at);
    }
    state.at += dependency ? 7 : 5;
    const auto name = nameReference(state);
    if (!name)
        return false;
    if (hasAttributes) {
        if (!state.has(4))
            return damaged("an attribute list is cut off", state.at);
        state.at += 4;
    }
    add(state, BinXmlOp::Kind::Open).name = *name;
    state.open.push_back(static_cast<std::uint32_t>(state.program.ops.size() - 1));
    state.inStart = true;
    return true;
}

bool BinXmlCompiler::endAttribute(State& state)
{
    if (state.attribute != BinXmlOp::kNone) {
        state.program.ops[state.attribute].end = static_cast<std::uint32_t>(state.program.ops.size());
        state.attribute = BinXmlOp::kNone;
    }
    return true;
}

bool BinXmlCompiler::attribute(State& state)
{
    if (!state.inStart)
        return damaged("an attribute outside a start tag", state.at);
    endAttribute(state);
    ++state.at;
    const auto name = nameReference(state);
    if (!name)
        return false;
    add(state, BinXmlOp::Kind::Attribute).name = *name;
    state.attribute = static_cast<std::uint32_t>(state.program.ops.size() - 1);
    return true;
}

bool BinXmlCompiler::closeStart(State& state)
{
    if (!state.inStart)
        return damaged("the end of a start tag that did not begin", state.at);
    state.inStart = false;
    return endAttribute(state);
}

bool BinXmlCompiler::closeElement(State& state)
{
    if (state.open.empty() || state.inStart)
        return damaged("the end of an element that did not begin", state.at);
    add(state, BinXmlOp::Kind::Close);
    const std::uint32_t opened = state.open.back();
    state.open.pop_back();
    const auto end = static_cast<std::uint32_t>(state.program.ops.size());
    BinXmlOp& open = state.program.ops[opened];
    open.end = end;
    // The substitution is the only content when it stands right before the Close and right behind the start tag.
    if (open.content != BinXmlOp::kNone) {
        std::uint32_t first = opened + 1;
        while (first < end && state.program.ops[first].kind == BinXmlOp::Kind::Attribute)
            first = state.program.ops[first].end;
        open.only = first == open.content && end == open.content + 2;
    }
    return true;
}

bool BinXmlCompiler::value(State& state)
{
    if (!state.has(2))
        return damaged("a value is cut off", state.at);
    const auto type = static_cast<BinXmlType>(m_chunk[state.at + 1]);
    if (type != BinXmlType::Utf16)
        return damaged("a value of an unexpected type", state.at);
    ++state.at; // characters() steps over one byte before the length
    return characters(state, BinXmlOp::Kind::Text);
}

bool BinXmlCompiler::characters(State& state, BinXmlOp::Kind kind)
{
    ++state.at;
    if (!state.has(2) || !state.has(2 + 2 * u16(state.at)))
        return damaged("text is cut off", state.at);
    const std::uint32_t bytes = 2 * u16(state.at);
    const auto content = text(m_chunk.subspan(state.at + 2, bytes), state.at);
    if (!content)
        return false;
    state.at += 2 + bytes;
    add(state, kind).text = *content;
    return true;
}

bool BinXmlCompiler::characterReference(State& state)
{
    if (!state.has(3))
        return damaged("a character reference is cut off", state.at);
    const auto content = text(m_chunk.subspan(state.at + 1, 2), state.at);
    if (!content)
        return false;
    state.at += 3;
    add(state, BinXmlOp::Kind::Text).text = *content;
    return true;
}

bool BinXmlCompiler::entityReference(State& state)
{
    ++state.at;
    const auto name = nameReference(state);
    if (!name)
        return false;
    static constexpr std::pair<std::string_view, std::string_view> kEntities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    for (const auto& [entity, replacement] : kEntities) {
        if (*name == entity) {
            add(state, BinXmlOp::Kind::Text).text = replacement;
            return true;
        }
    }
    // Nobody declares other entities here: keep what was written.
    add(state, BinXmlOp::Kind::Text).text = "&";
    add(state, BinXmlOp::Kind::Text).text = *name;
    add(state, BinXmlOp::Kind::Text).text = ";";
    return true;
}

bool BinXmlCompiler::instructionTarget(State& state)
{
    ++state.at;
    const auto name = nameReference(state);
    if (!name)
        return false;
    add(state, BinXmlOp::Kind::Instruction).name = *name;
    return true;
}

bool BinXmlCompiler::instructionData(State& state)
{
    if (state.program.ops.empty() || state.program.ops.back().kind != BinXmlOp::Kind::Instruction)
        return damaged("data of a processing instruction without its target", state.at);
    const BinXmlOp target = state.program.ops.back();
    state.program.ops.pop_back();
    if (!characters(state, BinXmlOp::Kind::Instruction))
        return false;
    state.program.ops.back().name = target.name;
    return true;
}

bool BinXmlCompiler::substitution(State& state, bool optional)
{
    if (!state.has(4))
        return damaged("a substitution is cut off", state.at);
    const std::uint32_t index = u16(state.at + 1);
    state.at += 4;
    BinXmlOp& op = add(state, BinXmlOp::Kind::Substitute);
    op.index = index;
    op.optional = optional;
    if (!state.inStart && !state.open.empty()) {
        BinXmlOp& element = state.program.ops[state.open.back()];
        if (element.content == BinXmlOp::kNone)
            element.content = static_cast<std::uint32_t>(state.program.ops.size() - 1);
    }
    return true;
}

bool BinXmlCompiler::templateInstance(State& state)
{
    // token, version, template id u32, definition offset u32
    if (!state.has(10))
        return damaged("a template instance is cut off", state.at);
    const std::uint32_t id = u32(state.at + 2);
    const std::uint32_t definition = u32(state.at + 6);
    const std::uint32_t start = state.at;
    state.at += 10;
    const BinXmlProgram* const body = templateAt(definition);
    if (!body)
        return damaged("a template that cannot be read", start);
    if (u32(definition + 4) != id)
        return damaged("another template stands where the record's own should", start);
    if (definition == state.at) {
        const std::uint32_t size = kTemplateHeader + u32(definition + 20);
        if (!state.has(size))
            return damaged("a template definition is cut off", start);
        state.at += size;
    }
    BinXmlInstance& instance = state.program.addInstance();
    instance.body = body;
    if (!arguments(state, instance))
        return false;
    add(state, BinXmlOp::Kind::Instance).index = static_cast<std::uint32_t>(state.program.usedInstances - 1);
    return true;
}

bool BinXmlCompiler::arguments(State& state, BinXmlInstance& instance)
{
    if (!state.has(4))
        return damaged("the values of a template are cut off", state.at);
    const std::uint32_t count = u32(state.at);
    if (count > (state.left() - 4) / 4)
        return damaged("a template has too many values", state.at);
    const std::uint32_t descriptors = state.at + 4;
    std::uint32_t data = descriptors + 4 * count;
    instance.arguments.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t size = u16(descriptors + 4 * i);
        const std::uint8_t type = m_chunk[descriptors + 4 * i + 2];
        if (size > state.end - data)
            return damaged("the values of a template are cut off", data);
        instance.arguments.push_back({static_cast<BinXmlType>(type & ~kBinXmlArray), (type & kBinXmlArray) != 0, data, size});
        data += size;
    }
    m_ops += count;
    state.at = data;
    return true;
}

const BinXmlProgram* BinXmlCompiler::templateAt(std::uint32_t offset)
{
    if (const auto found = m_templates.find(offset); found != m_templates.end())
        return found->second.get();
    if (m_chunk.size() < kTemplateHeader || offset > m_chunk.size() - kTemplateHeader)
        return nullptr;
    const std::uint32_t size = u32(offset + 20);
    if (size > m_chunk.size() - offset - kTemplateHeader)
        return nullptr;
    m_templateBytes += size;
    if (m_templateBytes > kMaxTemplateBytes) {
        exhausted(offset);
        return nullptr;
    }
    m_templates.emplace(offset, nullptr); // a template that uses itself finds nothing
    auto program = std::make_unique<BinXmlProgram>();
    if (!compile(offset + kTemplateHeader, offset + kTemplateHeader + size, true, *program))
        return nullptr;
    return (m_templates[offset] = std::move(program)).get();
}

std::optional<std::string_view> BinXmlCompiler::nameReference(State& state)
{
    if (!state.has(4)) {
        damaged("a name is cut off", state.at);
        return std::nullopt;
    }
    const std::uint32_t offset = u32(state.at);
    state.at += 4;
    std::uint32_t size = 0;
    const auto name = nameAt(offset, &size);
    if (name && offset == state.at) {
        if (!state.has(size)) {
            damaged("a name is cut off", state.at);
            return std::nullopt;
        }
        state.at += size;
    }
    return name;
}

std::optional<std::string_view> BinXmlCompiler::nameAt(std::uint32_t offset, std::uint32_t* size)
{
    if (const auto found = m_names.find(offset); found != m_names.end()) {
        *size = found->second.size;
        return found->second.text;
    }
    if (m_chunk.size() < kNameHeader || offset > m_chunk.size() - kNameHeader || 2 * u16(offset + 6) > m_chunk.size() - offset - kNameHeader) {
        damaged("a name lies outside the chunk", offset);
        return std::nullopt;
    }
    const std::uint32_t bytes = 2 * u16(offset + 6);
    const auto name = text(m_chunk.subspan(offset + kNameHeader, bytes), offset);
    if (name) {
        *size = kNameHeader + bytes + 2;
        m_names.emplace(offset, Name{*name, *size});
    }
    return name;
}

std::optional<std::string_view> BinXmlCompiler::text(BinXmlBytes bytes, std::uint32_t offset)
{
    const auto content = m_text.isFull() ? std::nullopt : renderUtf16(bytes, m_text);
    if (!content)
        exhausted(offset);
    return content;
}

} // namespace tocsin::ingest
