// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/EvtxWriter.h"

#include "samplecase/Bytes.h"

#include <map>
#include <zlib.h>

namespace tocsin::samplecase {

namespace {

constexpr std::size_t kChunkSize = 65536;
constexpr std::size_t kChunkRoom = kChunkSize - 8; // libevtx passes over a record that ends with the chunk
constexpr std::size_t kChunkHeader = 512;
constexpr std::size_t kFileHeader = 4096;
constexpr std::size_t kNameBuckets = 128;     // offset of the 64 name buckets in the chunk header
constexpr std::size_t kTemplateBuckets = 384; // offset of the 32 template buckets
constexpr std::string_view kEventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event";

std::uint32_t checksum(std::string_view bytes, std::uint32_t start = 0)
{
    return static_cast<std::uint32_t>(::crc32(start, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// The event log's hash of a name: the low half of h = h * 65599 + unit over the UTF-16 units.
std::uint16_t nameHash(std::string_view utf16)
{
    std::uint32_t hash = 0;
    for (std::size_t i = 0; i + 1 < utf16.size(); i += 2)
        hash = hash * 65599U + readLittle<std::uint16_t>(utf16, i);
    return static_cast<std::uint16_t>(hash);
}

/// Places of the values in the System template, as Windows numbers them.
enum SystemValue : std::uint16_t {
    kLevel, kOpcode, kTask, kEventId, kQualifiers, kKeywords, kTime, kActivity, kProcess, kThread, kRecord, kVersion, kUser,
    kRelatedActivity = 18, kContent = 19, kSystemValues = 20
};

} // namespace

/// One 64 KiB block: header, records, and the names and templates that its records share.
class EvtxWriter::Chunk {
public:
    Chunk() : m_bytes(kChunkHeader, '\0') { m_bytes.reserve(kChunkSize * 2); }

    bool empty() const { return m_records == 0; }
    /// Adds the record; false when there is no room: then the records stay as they were and the chunk must be closed.
    bool add(const EvtxEvent& event, std::uint64_t record);
    /// The finished block, exactly 64 KiB.
    std::string close();

private:
    struct Substitution {
        std::uint16_t index;
        std::uint8_t type;
        bool optional;
    };
    using Definition = void (Chunk::*)(const EvtxEvent&);

    void u8(unsigned value) { m_bytes += static_cast<char>(value); }
    void u16(unsigned value) { appendLittle(m_bytes, static_cast<std::uint16_t>(value)); }
    void u32(std::size_t value) { appendLittle(m_bytes, static_cast<std::uint32_t>(value)); }
    std::size_t reserve32() { u32(0); return m_bytes.size() - 4; }
    void closeSize(std::size_t field) { putLittle(m_bytes, field, static_cast<std::uint32_t>(m_bytes.size() - field - 4)); }

    void name(const std::string& text);
    void fragmentHeader() { u8(0x0F); u8(1); u8(1); u8(0); }
    void literal(std::string_view text);
    void substitution(const Substitution& value) { u8(value.optional ? 0x0E : 0x0D); u16(value.index); u8(value.type); }
    /// Opens an element up to where its attributes or content begin; returns the place of its size.
    std::size_t openElement(const std::string& element, bool attributes, unsigned dependency = 0xFFFF);
    void endElement(std::size_t sizeField) { u8(0x04); closeSize(sizeField); }
    void endEmptyElement(std::size_t sizeField) { u8(0x03); closeSize(sizeField); }
    void attribute(const std::string& attributeName, bool more) { u8(more ? 0x46 : 0x06); name(attributeName); }
    void valueElement(const std::string& element, const Substitution& value);
    void textElement(const std::string& element, std::string_view text);

    void templateInstance(const std::string& key, const EvtxEvent& event, Definition definition);
    void values(const std::vector<EvtxValue>& list);
    void systemTemplate(const EvtxEvent& event);
    void providerElement(const EvtxEvent& event);
    void executionElements();
    void dataTemplate(const EvtxEvent& event);
    void userDataTemplate(const EvtxEvent& event);
    static std::vector<EvtxValue> systemValues(const EvtxEvent& event, std::uint64_t record);
    void eventContent(const EvtxEvent& event);

    std::string m_bytes;
    std::map<std::string, std::uint32_t> m_names;     // offsets in the chunk
    std::map<std::string, std::uint32_t> m_templates;
    std::uint64_t m_records = 0;
    std::uint64_t m_firstRecord = 0;
    std::uint64_t m_lastRecord = 0;
    std::size_t m_lastOffset = 0;
};

void EvtxWriter::Chunk::name(const std::string& text)
{
    if (const auto known = m_names.find(text); known != m_names.end()) {
        u32(known->second);
        return;
    }
    const std::string utf16 = utf16Bytes(text);
    const std::uint16_t hash = nameHash(utf16);
    const std::size_t bucket = kNameBuckets + 4 * (hash % 64U);
    u32(m_bytes.size() + 4);
    const auto offset = static_cast<std::uint32_t>(m_bytes.size());
    u32(readLittle<std::uint32_t>(m_bytes, bucket));
    u16(hash);
    u16(static_cast<unsigned>(utf16.size() / 2));
    m_bytes += utf16;
    u16(0);
    putLittle(m_bytes, bucket, offset);
    m_names.emplace(text, offset);
}

void EvtxWriter::Chunk::literal(std::string_view text)
{
    const std::string utf16 = utf16Bytes(text);
    u8(0x05);
    u8(0x01);
    u16(static_cast<unsigned>(utf16.size() / 2));
    m_bytes += utf16;
}

std::size_t EvtxWriter::Chunk::openElement(const std::string& element, bool attributes, unsigned dependency)
{
    u8(attributes ? 0x41 : 0x01);
    u16(dependency);
    const std::size_t size = reserve32();
    name(element);
    return size;
}

void EvtxWriter::Chunk::valueElement(const std::string& element, const Substitution& value)
{
    const std::size_t size = openElement(element, false, value.optional ? value.index : 0xFFFF);
    u8(0x02);
    substitution(value);
    endElement(size);
}

void EvtxWriter::Chunk::textElement(const std::string& element, std::string_view text)
{
    const std::size_t size = openElement(element, false);
    u8(0x02);
    literal(text);
    endElement(size);
}

void EvtxWriter::Chunk::providerElement(const EvtxEvent& event)
{
    const std::size_t size = openElement("Provider", true);
    const std::size_t list = reserve32();
    attribute("Name", true);
    literal(event.provider);
    attribute("Guid", !event.eventSourceName.empty());
    literal(event.providerGuid);
    if (!event.eventSourceName.empty()) {
        attribute("EventSourceName", false);
        literal(event.eventSourceName);
    }
    closeSize(list);
    endEmptyElement(size);

    const std::size_t id = openElement("EventID", true, kEventId);
    const std::size_t idList = reserve32();
    attribute("Qualifiers", false);
    substitution({kQualifiers, 0x06, true});
    closeSize(idList);
    u8(0x02);
    substitution({kEventId, 0x06, true});
    endElement(id);
}

void EvtxWriter::Chunk::executionElements()
{
    const std::size_t correlation = openElement("Correlation", true);
    const std::size_t correlationList = reserve32();
    attribute("ActivityID", true);
    substitution({kActivity, 0x0F, true});
    attribute("RelatedActivityID", false);
    substitution({kRelatedActivity, 0x0F, true});
    closeSize(correlationList);
    endEmptyElement(correlation);

    const std::size_t execution = openElement("Execution", true);
    const std::size_t executionList = reserve32();
    attribute("ProcessID", true);
    substitution({kProcess, 0x08, true});
    attribute("ThreadID", false);
    substitution({kThread, 0x08, true});
    closeSize(executionList);
    endEmptyElement(execution);
}

void EvtxWriter::Chunk::systemTemplate(const EvtxEvent& event)
{
    const std::size_t root = openElement("Event", true);
    const std::size_t rootList = reserve32();
    attribute("xmlns", false);
    literal(kEventNamespace);
    closeSize(rootList);
    u8(0x02);

    const std::size_t system = openElement("System", false);
    u8(0x02);
    providerElement(event);
    valueElement("Version", {kVersion, 0x04, true});
    valueElement("Level", {kLevel, 0x04, true});
    valueElement("Task", {kTask, 0x06, true});
    valueElement("Opcode", {kOpcode, 0x04, true});
    valueElement("Keywords", {kKeywords, 0x15, true});
    const std::size_t created = openElement("TimeCreated", true);
    const std::size_t createdList = reserve32();
    attribute("SystemTime", false);
    substitution({kTime, 0x11, true});
    closeSize(createdList);
    endEmptyElement(created);
    valueElement("EventRecordID", {kRecord, 0x0A, true});
    executionElements();
    textElement("Channel", event.channel);
    textElement("Computer", event.computer);
    const std::size_t security = openElement("Security", true);
    const std::size_t securityList = reserve32();
    attribute("UserID", false);
    substitution({kUser, 0x13, true});
    closeSize(securityList);
    endEmptyElement(security);
    endElement(system);

    if (event.userDataElement.empty())
        substitution({kContent, 0x21, true});
    else
        valueElement("UserData", {kContent, 0x21, true});
    endElement(root);
}

void EvtxWriter::Chunk::dataTemplate(const EvtxEvent& event)
{
    const std::size_t root = openElement("EventData", false);
    u8(0x02);
    for (std::size_t i = 0; i < event.data.size(); ++i) {
        const EvtxField& field = event.data[i];
        const std::size_t element = openElement("Data", true);
        const std::size_t list = reserve32();
        attribute("Name", false);
        literal(field.name);
        closeSize(list);
        u8(0x02);
        substitution({static_cast<std::uint16_t>(i), field.value.type, false});
        endElement(element);
    }
    endElement(root);
}

void EvtxWriter::Chunk::userDataTemplate(const EvtxEvent& event)
{
    const std::size_t root = openElement(event.userDataElement, true);
    const std::size_t list = reserve32();
    attribute("xmlns", false);
    literal(event.userDataNamespace);
    closeSize(list);
    u8(0x02);
    for (std::size_t i = 0; i < event.data.size(); ++i)
        valueElement(event.data[i].name, {static_cast<std::uint16_t>(i), event.data[i].value.type, false});
    endElement(root);
}

void EvtxWriter::Chunk::templateInstance(const std::string& key, const EvtxEvent& event, Definition definition)
{
    const std::uint64_t low = fnv1a(key);
    const auto id = static_cast<std::uint32_t>(low);
    u8(0x0C);
    u8(0x01);
    u32(id);
    if (const auto known = m_templates.find(key); known != m_templates.end()) {
        u32(known->second);
        return;
    }
    u32(m_bytes.size() + 4);
    const auto offset = static_cast<std::uint32_t>(m_bytes.size());
    const std::size_t bucket = kTemplateBuckets + 4 * (id % 32U);
    u32(readLittle<std::uint32_t>(m_bytes, bucket));
    appendLittle(m_bytes, low); // the template's GUID; its first four bytes are the identifier
    appendLittle(m_bytes, fnv1a(key, low));
    const std::size_t size = reserve32();
    fragmentHeader();
    (this->*definition)(event);
    u8(0x00);
    closeSize(size);
    putLittle(m_bytes, bucket, offset);
    m_templates.emplace(key, offset);
}

void EvtxWriter::Chunk::values(const std::vector<EvtxValue>& list)
{
    u32(list.size());
    for (const EvtxValue& value : list) {
        u16(static_cast<unsigned>(value.bytes.size()));
        u8(value.type);
        u8(0);
    }
    for (const EvtxValue& value : list)
        m_bytes += value.bytes;
}

std::vector<EvtxValue> EvtxWriter::Chunk::systemValues(const EvtxEvent& event, std::uint64_t record)
{
    std::vector<EvtxValue> list(kSystemValues);
    const auto byte = [](std::uint8_t value) { return EvtxValue{0x04, std::string(1, static_cast<char>(value))}; };
    list[kLevel] = byte(event.level);
    list[kOpcode] = byte(event.opcode);
    list[kTask] = evtxUInt16(event.task);
    list[kEventId] = evtxUInt16(event.id);
    if (event.qualifiers)
        list[kQualifiers] = evtxUInt16(*event.qualifiers);
    list[kKeywords] = evtxHex64(event.keywords);
    list[kTime] = evtxFileTime(event.time);
    list[kProcess] = evtxUInt32(event.processId);
    list[kThread] = evtxUInt32(event.threadId);
    list[kRecord].type = 0x0A;
    appendLittle(list[kRecord].bytes, record);
    list[kVersion] = byte(event.version);
    if (!event.userSid.empty())
        list[kUser] = evtxSid(event.userSid);
    list[kContent].type = 0x21;
    return list;
}

void EvtxWriter::Chunk::eventContent(const EvtxEvent& event)
{
    fragmentHeader();
    std::string key = "data|" + event.provider + '|' + std::to_string(event.id) + '|' + event.userDataElement;
    for (const EvtxField& field : event.data)
        key += '|' + field.name + ':' + std::to_string(field.value.type);
    templateInstance(key, event, event.userDataElement.empty() ? &Chunk::dataTemplate : &Chunk::userDataTemplate);
    std::vector<EvtxValue> fields;
    fields.reserve(event.data.size());
    for (const EvtxField& field : event.data)
        fields.push_back(field.value);
    values(fields);
    u8(0x00);
}

bool EvtxWriter::Chunk::add(const EvtxEvent& event, std::uint64_t record)
{
    const std::size_t start = m_bytes.size();
    const std::string header = m_bytes.substr(0, kChunkHeader);
    u16(0x2A2A);
    u16(0);
    const std::size_t sizeField = reserve32();
    appendLittle(m_bytes, record);
    appendLittle(m_bytes, static_cast<std::uint64_t>(event.time - kFileTimeEpoch));

    fragmentHeader();
    std::string key = "system|" + event.provider + '|' + event.channel + '|' + event.computer + '|' + event.eventSourceName;
    key += event.userDataElement.empty() ? "|data" : "|user";
    templateInstance(key, event, &Chunk::systemTemplate);

    // The content is the last value and is written in place, since a template inside it is addressed by its offset in the chunk.
    const std::size_t valuesStart = m_bytes.size();
    values(systemValues(event, record));
    const std::size_t lastDescriptor = valuesStart + 4 + 4 * kContent;
    const std::size_t contentStart = m_bytes.size();
    eventContent(event);
    const std::size_t contentBytes = m_bytes.size() - contentStart;
    putLittle(m_bytes, lastDescriptor, static_cast<std::uint16_t>(contentBytes));
    u8(0x00);
    while ((m_bytes.size() - start + 4) % 8 != 0)
        u8(0);
    u32(m_bytes.size() - start + 4);
    putLittle(m_bytes, sizeField, static_cast<std::uint32_t>(m_bytes.size() - start));

    if (m_bytes.size() > kChunkRoom || contentBytes > 0xFFFF) {
        m_bytes.resize(start);
        m_bytes.replace(0, kChunkHeader, header);
        return false;
    }
    if (m_records++ == 0)
        m_firstRecord = record;
    m_lastRecord = record;
    m_lastOffset = start;
    return true;
}

std::string EvtxWriter::Chunk::close()
{
    m_bytes.replace(0, 8, std::string("ElfChnk\0", 8));
    putLittle(m_bytes, 8, m_firstRecord);
    putLittle(m_bytes, 16, m_lastRecord);
    putLittle(m_bytes, 24, m_firstRecord);
    putLittle(m_bytes, 32, m_lastRecord);
    putLittle(m_bytes, 40, std::uint32_t{128});
    putLittle(m_bytes, 44, static_cast<std::uint32_t>(m_lastOffset));
    putLittle(m_bytes, 48, static_cast<std::uint32_t>(m_bytes.size()));
    putLittle(m_bytes, 52, checksum(std::string_view(m_bytes).substr(kChunkHeader)));
    const std::string_view all = m_bytes;
    const std::uint32_t crc = checksum(all.substr(128, kChunkHeader - 128), checksum(all.substr(0, 120)));
    putLittle(m_bytes, 124, crc);
    m_bytes.resize(kChunkSize, '\0');
    return std::move(m_bytes);
}

EvtxWriter::EvtxWriter(std::uint64_t firstRecord)
    : m_first(firstRecord), m_next(firstRecord), m_chunk(std::make_unique<Chunk>())
{
}

EvtxWriter::~EvtxWriter() = default;

bool EvtxWriter::add(const EvtxEvent& event)
{
    bool added = m_chunk->add(event, m_next);
    if (!added && !m_chunk->empty()) {
        closeChunk();
        added = m_chunk->add(event, m_next);
    }
    if (!added) {
        m_chunk = std::make_unique<Chunk>();
        return false;
    }
    ++m_next;
    return true;
}

void EvtxWriter::closeChunk()
{
    m_body += m_chunk->close();
    ++m_chunks;
    m_chunk = std::make_unique<Chunk>();
}

std::string EvtxWriter::finish()
{
    if (!m_chunk->empty())
        closeChunk();
    std::string header(kFileHeader, '\0');
    header.replace(0, 8, std::string("ElfFile\0", 8));
    putLittle(header, 16, m_chunks == 0 ? std::uint64_t{0} : m_chunks - 1);
    putLittle(header, 24, m_next);
    putLittle(header, 32, std::uint32_t{128});
    putLittle(header, 36, std::uint16_t{1});
    putLittle(header, 38, std::uint16_t{3});
    putLittle(header, 40, static_cast<std::uint16_t>(kFileHeader));
    putLittle(header, 42, static_cast<std::uint16_t>(m_chunks));
    putLittle(header, 124, checksum(std::string_view(header).substr(0, 120)));
    std::string out = header + m_body;
    m_body.clear();
    m_chunks = 0;
    m_first = m_next;
    return out;
}

} // namespace tocsin::samplecase
