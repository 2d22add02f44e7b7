// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/ExternalText.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {
namespace {

/// externaldata(...)[addresses]: what the run's reader gives for each address, one after the other.
class ExternalDataOperator final : public Operator {
public:
    explicit ExternalDataOperator(const PlanNode& node) : Operator(node), m_node(node) {}

    Result<void> prepare(Run& run) override
    {
        m_output = std::make_unique<BatchCollector>(columns().size(), run);
        for (const ExpressionPtr& expression : m_node.expressions) {
            TOCSIN_TRY_ASSIGN(const Value address, evaluateConstant(*expression, run));
            TOCSIN_TRY(read(address.toString(), run));
        }
        m_queue.set(m_output->finish());
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    std::unexpected<Error> failAt(Error error) const
    {
        error.at(m_node.span);
        return std::unexpected(std::move(error));
    }
    Result<void> read(const std::string& address, Run& run)
    {
        if (!run.options().external)
            return failAt(makeError(kNoExternalData, address));
        const ExternalFormat format = formatOf(address);
        if (!ExternalFormat::isKnown(format.name))
            return failAt(makeError(kExternalFormat, format.name));
        TOCSIN_TRY(run.checkStop());
        const Result<std::string> text = run.options().external->read(address);
        if (!text)
            return failAt(text.error());
        MemoryShare memory(run.memory());
        TOCSIN_TRY(memory.resize(text->size()));
        TOCSIN_TRY_ASSIGN(Batch rows, readExternalText(*text, format, columns(), [&run] { return run.checkStop(); }));
        return m_output->add(std::move(rows));
    }
    /// As the query says, else by the file's ending, else csv.
    ExternalFormat formatOf(std::string_view address) const
    {
        ExternalFormat format;
        const auto first = m_node.options.find("ignoreFirstRecord");
        format.ignoreFirstRecord = first != m_node.options.end() && (first->second.toString() == "true" || first->second.toString() == "1");
        if (const auto found = m_node.options.find("format"); found != m_node.options.end()) {
            format.name = found->second.toString();
            return format;
        }
        std::string_view path = address.substr(0, address.find_first_of("?;"));
        if (path.ends_with(".gz"))
            path.remove_suffix(3);
        const std::string_view ending = path.substr(std::min(path.size(), path.rfind('.') + 1));
        if (ExternalFormat::isKnown(ending))
            format.name = ending;
        return format;
    }

    PlanNode m_node;
    std::unique_ptr<BatchCollector> m_output;
    BatchQueue m_queue;
};

} // namespace

Result<OperatorPtr> makeExternalData(const PlanNode& node, Run&) { return std::make_unique<ExternalDataOperator>(node); }

} // namespace tocsin::kql
