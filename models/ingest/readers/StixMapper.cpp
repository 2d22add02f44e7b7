// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/StixMapper.h"

#include "base/Guid.h"
#include "base/Json.h"
#include "ingest/Errors.h"

#include <array>

namespace tocsin::ingest {

namespace {

/// An indicator without an end is valid for ever (STIX 2.1, section 4.7); the table has no other way to say so.
constexpr std::string_view kForEver = "9999-12-31T23:59:59Z";

std::optional<std::string_view> textOf(JsonObject object, std::string_view name)
{
    const std::string_view text = memberText(object, name);
    return text.empty() ? std::nullopt : std::optional(text);
}

/// The texts of an array member.
std::vector<std::string_view> textsOf(JsonObject object, std::string_view name)
{
    std::vector<std::string_view> texts;
    simdjson::dom::array items;
    if (const auto found = member(object, name); found && found->get(items) == simdjson::SUCCESS)
        for (const JsonElement item : items)
            if (std::string_view text; item.get(text) == simdjson::SUCCESS)
                texts.push_back(text);
    return texts;
}

bool flag(JsonObject object, std::string_view name)
{
    bool value = false;
    const auto found = member(object, name);
    return found && found->get(value) == simdjson::SUCCESS && value;
}

std::string jsonList(const std::vector<std::string_view>& texts)
{
    std::string list;
    JsonWriter json(list);
    json.beginArray();
    for (const std::string_view text : texts)
        json.string(text);
    json.endArray();
    return list;
}

/// The traffic light of an indicator, by the ids that STIX 2.1 section 7.2.1.4 gives its levels.
std::string_view trafficLight(const std::vector<std::string_view>& markings)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kLevels{{
        {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "white"},
        {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"},
        {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "amber"},
        {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"},
    }};
    for (const std::string_view marking : markings)
        for (const auto& [id, level] : kLevels)
            if (marking == id)
                return level;
    return {};
}

/// The column of ThreatIntelligenceIndicator for a value, and the type of a hash; nothing if the table has none.
struct LegacyPlace {
    std::string_view column;
    std::string hashType;
};
std::optional<LegacyPlace> legacyPlace(const StixObservable& observable)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kColumns{{
        {"ipv4-addr:value", "NetworkIP"},
        {"ipv6-addr:value", "NetworkIP"},
        {"network-traffic:src_ref.value", "NetworkSourceIP"},
        {"network-traffic:dst_ref.value", "NetworkDestinationIP"},
        {"domain-name:value", "DomainName"},
        {"url:value", "Url"},
        {"file:name", "FileName"},
        {"mutex:name", "FileMutexName"},
        {"email-addr:value", "EmailSenderAddress"},
        {"email-message:from_ref.value", "EmailSenderAddress"},
        {"email-message:sender_ref.value", "EmailSenderAddress"},
        {"email-message:subject", "EmailSubject"},
        {"http-request-ext:request_header.'User-Agent'", "UserAgent"},
    }};
    constexpr std::string_view kHashes = "file:hashes.";
    if (observable.path.starts_with(kHashes)) {
        std::string type;
        for (const char c : observable.path.substr(kHashes.size()))
            if (c != '\'' && c != '-')
                type += c;
        return LegacyPlace{"FileHashValue", type};
    }
    for (const auto& [path, column] : kColumns)
        if (observable.path == path) {
            const bool block = column == "NetworkIP" && observable.value.find('/') != std::string::npos;
            return LegacyPlace{block ? "NetworkCidrBlock" : column, {}};
        }
    return {};
}

} // namespace

bool isStixId(std::string_view id, std::string_view type)
{
    return !type.empty() && id.starts_with(type) && id.substr(type.size()).starts_with("--") && parseGuid(id.substr(type.size() + 2)).has_value();
}

struct StixMapper::Indicator {
    explicit Indicator(JsonObject object)
        : id(memberText(object, "id")), pattern(memberText(object, "pattern")), kinds(textsOf(object, "indicator_types")), labels(textsOf(object, "labels")),
          markings(textsOf(object, "object_marking_refs")), until(textOf(object, "valid_until").value_or(kForEver)), revoked(flag(object, "revoked"))
    {
    }
    std::string_view id;
    std::string_view pattern;
    std::vector<std::string_view> kinds;
    std::vector<std::string_view> labels;
    std::vector<std::string_view> markings;
    std::string_view until;
    bool revoked;
    bool active = false;
    Ticks time = 0;
};

bool StixMapper::claims(const AzureRecord& record) const
{
    return isStixId(memberText(record.object, "id"), record.text(AzureKey::Type));
}

Result<void> StixMapper::map(const AzureRecord& record, RowSet& rows)
{
    if (record.text(AzureKey::Type) != "indicator") {
        rows.countRecord(rows.table("ThreatIntelIndicators"));
        return {};
    }
    Indicator indicator(record.object);
    if (indicator.pattern.empty())
        return fail(kMissingField, "pattern");
    const auto time = rows.times().read(textOf(record.object, "modified").value_or(memberText(record.object, "created")));
    indicator.time = time.value_or(rows.options().importTime);
    const auto until = rows.times().read(indicator.until);
    indicator.active = !indicator.revoked && until && *until > rows.options().importTime;
    const bool stix = textOf(record.object, "pattern_type").value_or("stix") == "stix";
    std::vector<StixObservable> observables = stix ? stixObservables(indicator.pattern) : std::vector<StixObservable>{};
    if (observables.empty())
        observables.emplace_back(); // the indicator is worth a row even if it names no single value
    for (std::size_t i = 0; i < observables.size(); ++i) {
        addRow(record, indicator, observables[i], i == 0, rows);
        addLegacyRow(record, indicator, observables[i], i, rows);
    }
    return {};
}

void StixMapper::addRow(const AzureRecord& record, const Indicator& indicator, const StixObservable& observable, bool first, RowSet& rows)
{
    TableBuilder& table = rows.table("ThreatIntelIndicators");
    table.text("Id", indicator.id);
    table.text("Pattern", indicator.pattern);
    table.text("ObservableKey", observable.path);
    table.text("ObservableValue", observable.value);
    const auto confidence = member(record.object, "confidence");
    setJson(table, "Confidence", confidence ? &*confidence : nullptr);
    table.text("Created", memberText(record.object, "created"));
    table.text("Modified", memberText(record.object, "modified"));
    table.text("ValidFrom", memberText(record.object, "valid_from"));
    table.text("ValidUntil", memberText(record.object, "valid_until"));
    const auto truth = [&table](std::string_view column, bool value) {
        if (const auto place = table.find(column))
            table.setBool(*place, value);
    };
    truth("IsActive", indicator.active);
    truth("Revoked", indicator.revoked);
    truth("IsDeleted", false);
    table.text("Tags", jsonList(indicator.labels));
    if (const auto data = table.find("Data")) {
        table.scratch().clear();
        appendDynamic(table.scratch(), record.object);
        table.setDynamic(*data, table.scratch());
    }
    rows.endRow(table, {indicator.time, "Indicator", {}, record.bytes}, first ? 1 : 0);
}

void StixMapper::addLegacyRow(const AzureRecord& record, const Indicator& indicator, const StixObservable& observable, std::size_t number, RowSet& rows)
{
    const auto place = legacyPlace(observable);
    if (!place)
        return;
    TableBuilder& table = rows.table("ThreatIntelligenceIndicator");
    table.text(place->column, observable.value);
    table.text("FileHashType", place->hashType);
    // Queries keep the latest row of each IndicatorId, so the further values of one pattern need ids of their own.
    table.text("IndicatorId", number == 0 ? std::string(indicator.id) : std::string(indicator.id) + "/" + std::to_string(number + 1));
    table.text("ExternalIndicatorId", indicator.id);
    table.text("Description", textOf(record.object, "description").value_or(memberText(record.object, "name")));
    table.text("ThreatType", !indicator.kinds.empty() ? indicator.kinds[0] : !indicator.labels.empty() ? indicator.labels[0] : std::string_view());
    const auto confidence = member(record.object, "confidence");
    setJson(table, "ConfidenceScore", confidence ? &*confidence : nullptr);
    table.text("ExpirationDateTime", indicator.until);
    if (const auto active = table.find("Active"))
        table.setBool(*active, indicator.active);
    table.text("TrafficLightProtocolLevel", trafficLight(indicator.markings));
    table.text("MalwareNames", "[]");
    table.text("ActivityGroupNames", "[]");
    table.text("Tags", jsonList(indicator.labels));
    rows.endRow(table, {indicator.time, "Indicator", {}, record.bytes}, 0);
}

} // namespace tocsin::ingest
