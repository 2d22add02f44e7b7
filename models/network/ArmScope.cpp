// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/ArmScope.h"

#include "base/Utf8.h"
#include "network/ArmExpression.h"
#include "network/Errors.h"
#include "network/Vocabulary.h"

namespace tocsin::network {
namespace {

constexpr int kMostDepth = 200;

/// Counts up while it lives.
class Descent {
public:
    explicit Descent(int& depth) : m_depth(depth) { ++m_depth; }
    ~Descent() { --m_depth; }
    Descent(const Descent&) = delete;
    Descent& operator=(const Descent&) = delete;

private:
    int& m_depth;
};

} // namespace

ArmScope::ArmScope(const JsonTree& templateTree, const JsonTree& parameterValues, DeploymentPlace place)
    : m_template(&templateTree), m_given(parameterValues), m_place(std::move(place))
{
}

Result<JsonTree> ArmScope::evaluateText(std::string_view text)
{
    if (text.starts_with("[["))
        return JsonTree(std::string(text.substr(1)));
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return JsonTree(std::string(text));
    return evaluateExpression(text.substr(1, text.size() - 2), *this);
}

Result<JsonTree> ArmScope::evaluate(const JsonTree& value)
{
    const Descent descent(m_depth);
    if (m_depth > kMostDepth || --m_budget < 0)
        return fail(kTemplateExpression, value.view().substr(0, 100), "the template is nested too deeply or repeats too often");
    if (value.isString())
        return evaluateText(value.view());
    if (value.isArray()) {
        JsonTree::Array items;
        for (const JsonTree& item : value.items()) {
            TOCSIN_TRY_ASSIGN(JsonTree one, evaluate(item));
            items.push_back(std::move(one));
        }
        return JsonTree(std::move(items));
    }
    return value.isObject() ? evaluateObject(value) : Result<JsonTree>(value);
}

Result<JsonTree> ArmScope::evaluateObject(const JsonTree& value)
{
    JsonTree::Object members;
    for (const JsonMember& member : value.members()) {
        if (equalsIgnoringCase(member.name, "copy") && member.value.isArray()) {
            for (const JsonTree& loop : member.value.items()) {
                TOCSIN_TRY_ASSIGN(JsonTree expanded, expandCopy(loop));
                members.push_back({loop.get("name").text(), std::move(expanded)});
            }
            continue;
        }
        TOCSIN_TRY_ASSIGN(JsonTree one, evaluate(member.value));
        members.push_back({member.name, std::move(one)});
    }
    return JsonTree(std::move(members));
}

Result<JsonTree> ArmScope::expandCopy(const JsonTree& loop)
{
    TOCSIN_TRY_ASSIGN(const JsonTree count, evaluate(loop.get("count")));
    const auto times = count.integer();
    if (!times || *times < 0 || *times > kMostCopies)
        return fail(kTemplateExpression, loop.get("count").text(), "a copy loop runs 0 to 800 times");
    JsonTree::Array items;
    for (std::int64_t i = 0; i < *times; ++i) {
        enterLoop(loop.get("name").text(), i);
        auto item = evaluate(loop.get("input"));
        leaveLoop();
        if (!item)
            return std::unexpected(std::move(item).error());
        items.push_back(std::move(*item));
    }
    return JsonTree(std::move(items));
}

Result<JsonTree> ArmScope::evaluateOnce(const std::string& key, std::map<std::string, JsonTree>& known, const JsonTree& source)
{
    if (!m_busy.insert(key).second)
        return fail(kTemplateExpression, key, "it refers to itself");
    auto value = evaluate(source);
    m_busy.erase(key);
    if (value)
        known.emplace(key, *value);
    return value;
}

Result<JsonTree> ArmScope::parameter(std::string_view name)
{
    const std::string key = lowered(name);
    if (const auto found = m_parameters.find(key); found != m_parameters.end())
        return found->second;
    const JsonTree& given = m_given.get(name);
    if (given.isObject() && !given.get("value").isNull()) {
        m_parameters.emplace(key, given.get("value"));
        return given.get("value");
    }
    const JsonTree& declared = m_template->get("parameters").get(name);
    if (!declared.get("defaultValue").isNull())
        return evaluateOnce(key, m_parameters, declared.get("defaultValue"));
    m_missing.insert(std::string(name));
    const JsonTree argument{std::string(name)};
    return opaqueValue("parameters", std::span(&argument, 1));
}

Result<JsonTree> ArmScope::variable(std::string_view name)
{
    const std::string key = "variables/" + lowered(name);
    if (const auto found = m_variables.find(key); found != m_variables.end())
        return found->second;
    const JsonTree& variables = m_template->get("variables");
    for (const JsonTree& loop : variables.get("copy").items())
        if (equalsIgnoringCase(loop.get("name").view(), name)) {
            if (!m_busy.insert(key).second)
                return fail(kTemplateExpression, name, "it refers to itself");
            auto value = expandCopy(loop);
            m_busy.erase(key);
            return value;
        }
    for (const JsonMember& member : variables.members())
        if (equalsIgnoringCase(member.name, name))
            return evaluateOnce(key, m_variables, member.value);
    return fail(kTemplateExpression, std::string("variables('") + std::string(name) + "')", "there is no such variable");
}

Result<JsonTree> ArmScope::copyIndex(std::string_view loop) const
{
    for (auto entry = m_loops.rbegin(); entry != m_loops.rend(); ++entry)
        if (loop.empty() || equalsIgnoringCase(entry->first, loop))
            return JsonTree(entry->second);
    return fail(kTemplateExpression, "copyIndex()", "it stands outside a copy loop");
}

void ArmScope::enterLoop(const std::string& name, std::int64_t index)
{
    m_loops.emplace_back(name, index);
    m_variables.clear(); // a variable may use copyIndex
}

void ArmScope::leaveLoop()
{
    m_loops.pop_back();
    m_variables.clear();
}

} // namespace tocsin::network
