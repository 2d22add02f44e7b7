// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/ArmTemplate.h"

#include "base/Utf8.h"
#include "network/Errors.h"
#include "network/ResourceId.h"

#include <utility>

namespace tocsin::network {
namespace {

constexpr int kMostDeployments = 16;

/// Walks the resources of one template; nested deployments make a further expander.
class Expander {
public:
    Expander(ArmScope& scope, std::string source, InventoryBuilder& builder, int depth)
        : m_scope(scope), m_source(std::move(source)), m_builder(builder), m_depth(depth)
    {
    }

    void run(const JsonTree& resources, const std::string& path)
    {
        if (resources.isObject()) { // symbolic names
            for (const JsonMember& member : resources.members())
                resource(member.value, {}, {}, path + "." + member.name);
            return;
        }
        for (std::size_t i = 0; i < resources.items().size(); ++i)
            resource(resources.items()[i], {}, {}, path + "[" + std::to_string(i) + "]");
    }

private:
    void complain(const Error& error, const std::string& place)
    {
        m_builder.addFinding({FindingSeverity::Warning, "templateExpression", {}, m_source + " " + place, errorMessage(error) + "; this resource was left out."});
    }

    void resource(const JsonTree& raw, const std::string& parentType, const std::string& parentName, const std::string& place)
    {
        if (!raw.isObject() || raw.get("existing").boolean(false))
            return;
        const JsonTree& copy = raw.get("copy");
        if (!copy.isObject()) {
            one(raw, parentType, parentName, place);
            return;
        }
        const auto count = m_scope.evaluate(copy.get("count"));
        const auto times = count ? count->integer() : std::nullopt;
        if (!times || *times < 0 || *times > kMostCopies) {
            complain(count ? makeError(kTemplateExpression, copy.get("count").text(), "a copy loop runs 0 to 800 times") : count.error(), place);
            return;
        }
        for (std::int64_t i = 0; i < *times; ++i) {
            m_scope.enterLoop(copy.get("name").text(), i);
            one(raw, parentType, parentName, place);
            m_scope.leaveLoop();
        }
    }

    void one(const JsonTree& raw, const std::string& parentType, const std::string& parentName, const std::string& place)
    {
        if (!raw.get("condition").isNull()) {
            const auto condition = m_scope.evaluate(raw.get("condition"));
            if (!condition)
                return complain(condition.error(), place);
            if (!condition->boolean(true))
                return;
        }
        if (equalsIgnoringCase(raw.get("type").view(), "Microsoft.Resources/deployments"))
            return nested(raw, place);
        JsonTree plain = raw;
        std::erase_if(plain.mutableMembers(), [](const JsonMember& member) {
            return equalsIgnoringCase(member.name, "resources") || equalsIgnoringCase(member.name, "copy") || equalsIgnoringCase(member.name, "dependsOn")
                || equalsIgnoringCase(member.name, "condition");
        });
        auto value = m_scope.evaluate(plain);
        if (!value)
            return complain(value.error(), place);
        const std::string type = parentType.empty() ? value->get("type").text() : joinedType(parentType, value->get("type").text());
        const std::string name = parentName.empty() ? value->get("name").text() : joinedName(parentName, value->get("name").text(), type);
        value->set("type", type);
        value->set("id", identify(type, name));
        value->set("name", std::string(lastSegment(name)));
        m_builder.addResource({std::move(*value), m_source + " " + place, true});
        const JsonTree& children = raw.get("resources");
        for (std::size_t i = 0; i < children.items().size() && parentName.size() < 1000; ++i)
            resource(children.items()[i], type, name, place + ".resources[" + std::to_string(i) + "]");
    }

    static std::string joinedType(const std::string& parent, const std::string& child)
    {
        return child.find('/') != std::string::npos && child.find('.') != std::string::npos ? child : parent + "/" + child;
    }

    static std::string joinedName(const std::string& parent, const std::string& child, const std::string& type)
    {
        const auto levels = static_cast<std::size_t>(std::count(type.begin(), type.end(), '/'));
        return static_cast<std::size_t>(std::count(child.begin(), child.end(), '/')) + 1 == levels ? child : parent + "/" + child;
    }

    std::string identify(const std::string& type, const std::string& name) const
    {
        std::string id = "/subscriptions/" + m_scope.place().subscription + "/resourceGroups/" + m_scope.place().resourceGroup + "/providers/";
        auto slash = type.find('/');
        id += type.substr(0, slash);
        std::size_t at = 0;
        while (slash != std::string::npos) {
            const auto end = type.find('/', slash + 1);
            id += "/" + type.substr(slash + 1, end == std::string::npos ? end : end - slash - 1);
            const auto cut = name.find('/', at);
            id += "/" + name.substr(std::min(at, name.size()), cut == std::string::npos ? cut : cut - at);
            at = cut == std::string::npos ? name.size() : cut + 1;
            slash = end;
        }
        return id;
    }

    void nested(const JsonTree& raw, const std::string& place)
    {
        const JsonTree& properties = raw.get("properties");
        const JsonTree& inner = properties.get("template");
        if (!inner.isObject() || m_depth >= kMostDeployments) {
            m_builder.addFinding({FindingSeverity::Information, "linkedTemplate", {}, m_source + " " + place,
                                  "The deployment " + raw.get("name").text() + " links to another template, which is not read."});
            return;
        }
        DeploymentPlace where = m_scope.place();
        if (const auto group = m_scope.evaluate(raw.get("resourceGroup")); group && !group->view().empty())
            where.resourceGroup = group->text();
        const std::string path = place + ".properties.template.resources";
        // Unless it says `inner`, a nested template's expressions are those of the outer one.
        if (!equalsIgnoringCase(properties.get("expressionEvaluationOptions").get("scope").view(), "inner")) {
            std::swap(m_scope.place(), where);
            Expander(m_scope, m_source, m_builder, m_depth + 1).run(inner.get("resources"), path);
            std::swap(m_scope.place(), where);
            return;
        }
        const auto parameters = m_scope.evaluate(properties.get("parameters"));
        if (!parameters)
            return complain(parameters.error(), place);
        ArmScope scope(inner, *parameters, where);
        Expander(scope, m_source, m_builder, m_depth + 1).run(inner.get("resources"), path);
    }

    ArmScope& m_scope;
    std::string m_source;
    InventoryBuilder& m_builder;
    int m_depth;
};

} // namespace

void expandTemplate(const JsonTree& document, const JsonTree& parameterValues, const DeploymentPlace& place, const std::string& source, InventoryBuilder& builder)
{
    ArmScope scope(document, parameterValues, place);
    Expander(scope, source, builder, 0).run(document.get("resources"), "$.resources");
    for (const std::string& name : scope.missingParameters())
        builder.addFinding({FindingSeverity::Information, "missingParameter", {}, source,
                            "Parameter " + name + " has neither a value nor a default; whatever depends on it is unknown until deployed."});
}

} // namespace tocsin::network
