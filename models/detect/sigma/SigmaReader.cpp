// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaReader.h"

#include "base/Utf8.h"
#include "detect/sigma/SigmaCondition.h"
#include "detect/sigma/SigmaYaml.h"

namespace tocsin::detect::sigma {
namespace {

/// A node of a search with where it stands, for errors.
class RuleReader {
public:
    RuleReader(const YAML::Node& document, std::string_view source, const Placeholders& placeholders, std::vector<Error>& warnings)
        : m_document(document), m_source(source), m_placeholders(placeholders), m_warnings(warnings)
    {
    }

    Result<SigmaRule> read()
    {
        TOCSIN_TRY_ASSIGN(m_rule.header, readHeader(m_document, m_source, m_warnings));
        TOCSIN_TRY(logSource());
        TOCSIN_TRY(detection());
        return std::move(m_rule);
    }

private:
    std::unexpected<Error> error(const YAML::Node& at, std::string_view field, std::string problem) const
    {
        return std::unexpected(makeError(kSigmaField, std::string(field), std::move(problem)).in(yamlPlace(m_source, at)));
    }

    Result<void> logSource()
    {
        const YAML::Node node = m_document["logsource"];
        if (!node.IsDefined() || !node.IsMap())
            return error(m_document, "logsource", "is missing");
        LogSource& source = m_rule.logSource;
        source.product = foldCase(yamlText(node["product"]));
        source.category = foldCase(yamlText(node["category"]));
        source.service = foldCase(yamlText(node["service"]));
        source.definition = yamlText(node["definition"]);
        if (source.product.empty() && source.category.empty() && source.service.empty())
            return error(node, "logsource", "names neither product, category nor service");
        return {};
    }

    Result<void> detection()
    {
        const YAML::Node node = m_document["detection"];
        if (!node.IsDefined() || !node.IsMap())
            return error(m_document, "detection", "is missing");
        const YAML::Node condition = node["condition"];
        if (!condition.IsDefined())
            return error(node, "condition", "is missing");
        Searches searches;
        for (const auto& entry : node) {
            const std::string name = yamlText(entry.first);
            if (name == "condition" || name == "timeframe")
                continue;
            TOCSIN_TRY_ASSIGN(Condition search, search_(name, entry.second));
            searches.emplace_back(name, std::move(search));
        }
        if (node["timeframe"].IsDefined())
            m_warnings.push_back(error(node["timeframe"], "timeframe", "has no meaning without an aggregation and is left out").error());
        return conditions(condition, searches);
    }

    /// A list of conditions is the old form of "any of these".
    Result<void> conditions(const YAML::Node& node, const Searches& searches)
    {
        const std::vector<std::string> texts = yamlTexts(node);
        if (texts.empty())
            return error(node, "condition", "is no text");
        std::vector<Condition> parsed;
        for (const std::string& text : texts) {
            auto condition = parseCondition(text, searches);
            if (!condition)
                return std::unexpected(std::move(condition).error().in(yamlPlace(m_source, node)));
            parsed.push_back(std::move(*condition));
        }
        m_rule.condition = Condition::join(Condition::Kind::Any, std::move(parsed));
        return {};
    }

    /// A map: all of its fields; a list: any of its maps and keywords; a text: a keyword.
    Result<Condition> search_(const std::string& name, const YAML::Node& node)
    {
        if (node.IsMap())
            return fields(name, node);
        if (node.IsScalar())
            return test(node, {}, node);
        if (!node.IsSequence() || node.size() == 0)
            return error(node, name, "is neither a map, nor a list, nor a text");
        std::vector<Condition> children;
        for (const YAML::Node& item : node) {
            if (!item.IsMap() && !item.IsScalar())
                return error(item, name, "a list holds maps or texts");
            TOCSIN_TRY_ASSIGN(Condition child, item.IsMap() ? fields(name, item) : test(item, {}, item));
            children.push_back(std::move(child));
        }
        return Condition::join(Condition::Kind::Any, std::move(children));
    }

    Result<Condition> fields(const std::string& name, const YAML::Node& node)
    {
        if (node.size() == 0)
            return error(node, name, "the map is empty");
        std::vector<Condition> children;
        for (const auto& entry : node) {
            TOCSIN_TRY_ASSIGN(Condition child, test(entry.first, yamlText(entry.first), entry.second));
            children.push_back(std::move(child));
        }
        return Condition::join(Condition::Kind::All, std::move(children));
    }

    Result<Condition> test(const YAML::Node& at, const std::string& key, const YAML::Node& node)
    {
        std::vector<RuleValue> values;
        const auto add = [&](const YAML::Node& value) {
            if (value.IsNull())
                values.push_back({true, {}});
            else if (value.IsScalar())
                values.push_back({false, value.Scalar()});
            else
                return false;
            return true;
        };
        bool good = true;
        if (node.IsSequence())
            for (const YAML::Node& value : node)
                good = good && add(value);
        else
            good = add(node);
        if (!good)
            return error(node, key, "a value is a text, a number, a truth value or null, or a list of those");
        auto condition = readFieldTest(key, values, m_placeholders, m_rule.tests);
        if (!condition)
            return std::unexpected(std::move(condition).error().in(yamlPlace(m_source, at)));
        return condition;
    }

    const YAML::Node& m_document;
    std::string_view m_source;
    const Placeholders& m_placeholders;
    std::vector<Error>& m_warnings;
    SigmaRule m_rule;
};

void readDocument(const YAML::Node& document, std::string_view source, const Placeholders& placeholders, SigmaFile& file)
{
    if (document.IsNull())
        return;
    if (!document.IsMap()) {
        file.errors.push_back(makeError(kSigmaField, "document", "is no map").in(yamlPlace(source, document)));
        return;
    }
    if (document["action"].IsDefined()) {
        file.errors.push_back(makeError(kSigmaUnsupported, "a rule collection ('action')", "the specification has dropped it; write the rules out").in(yamlPlace(source, document["action"])));
        return;
    }
    if (document["correlation"].IsDefined()) {
        if (auto correlation = readCorrelation(document, source, file.warnings))
            file.correlations.push_back(std::move(*correlation));
        else
            file.errors.push_back(std::move(correlation).error());
        return;
    }
    if (auto rule = RuleReader(document, source, placeholders, file.warnings).read())
        file.rules.push_back(std::move(*rule));
    else
        file.errors.push_back(std::move(rule).error());
}

} // namespace

bool looksLikeSigma(std::string_view text)
{
    for (const std::string_view word : {std::string_view("detection:"), std::string_view("correlation:")})
        for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
            if (at == 0 || text[at - 1] == '\n')
                return true;
    return false;
}

Result<SigmaFile> readSigmaFile(std::string_view text, std::string_view source, const Placeholders& placeholders)
{
    SigmaFile file;
    try {
        for (const YAML::Node& document : YAML::LoadAll(std::string(text)))
            readDocument(document, source, placeholders, file);
    } catch (const YAML::Exception& exception) {
        return std::unexpected(makeError(kSigmaSyntax, exception.msg).in(exception.mark.is_null() ? std::string(source)
            : fmt::format("{}:{}:{}", source, exception.mark.line + 1, exception.mark.column + 1)));
    }
    return file;
}

} // namespace tocsin::detect::sigma
