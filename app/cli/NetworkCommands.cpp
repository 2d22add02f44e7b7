// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CommandLine.h"
#include "network/Commands.h"
#include "network/Questions.h"
#include "network/Vocabulary.h"

#include <fstream>
#include <iostream>
#include <sstream>

namespace tocsin::app::cli {
namespace {

struct NetworkOptions {
    std::string inventory;
    std::string machine, interface;
    std::string direction = "Inbound", protocol = "Tcp";
    std::string localAddress, localPort, remoteAddress, remotePort;
    std::string destination, source;
    std::string destinationMachine;
    std::uint16_t port = 0, sourcePort = 0;
    std::string edits;
    std::string batch, base;
};

using Answer = Result<std::string> (*)(const network::Inventory&, const NetworkOptions&);

inline constexpr ErrorKind kUnknownWord{"net.unknown_word", "'{0}' is no protocol or direction", "Protocols: Tcp, Udp, Icmp; directions: Inbound, Outbound."};

template <typename T>
Result<T> known(std::optional<T> parsed, const std::string& word)
{
    if (!parsed)
        return fail(kUnknownWord, word);
    return *parsed;
}

network::TargetName target(const NetworkOptions& options) { return {options.machine, options.interface}; }

Result<network::ConnectivityRequest> connectivity(const NetworkOptions& options)
{
    network::ConnectivityRequest request;
    request.source.machine = options.machine;
    request.source.interface = options.interface;
    if (options.sourcePort)
        request.source.port = options.sourcePort;
    request.destination.machine = options.destinationMachine;
    request.destination.address = options.destination;
    if (options.port)
        request.destination.port = options.port;
    TOCSIN_TRY_ASSIGN(request.protocol, known(network::parseProtocol(options.protocol), options.protocol));
    return request;
}

Result<std::string> flowVerify(const network::Inventory& inventory, const NetworkOptions& options)
{
    network::FlowVerifyRequest request;
    request.target = target(options);
    TOCSIN_TRY_ASSIGN(request.direction, known(network::parseDirection(options.direction), options.direction));
    TOCSIN_TRY_ASSIGN(request.protocol, known(network::parseProtocol(options.protocol), options.protocol));
    request.localAddress = options.localAddress;
    request.localPort = options.localPort;
    request.remoteAddress = options.remoteAddress;
    request.remotePort = options.remotePort;
    return network::flowVerifyJson(inventory, request);
}

Result<std::string> check(const network::Inventory& inventory, const NetworkOptions& options)
{
    TOCSIN_TRY_ASSIGN(const network::ConnectivityRequest request, connectivity(options));
    return network::checkJson(inventory, request);
}

Result<std::string> reach(const network::Inventory& inventory, const NetworkOptions& options)
{
    TOCSIN_TRY_ASSIGN(const network::ConnectivityRequest request, connectivity(options));
    return network::reachJson(inventory, request);
}

Result<std::string> whatIf(const network::Inventory& inventory, const NetworkOptions& options)
{
    std::ifstream file(options.edits, std::ios::binary);
    std::ostringstream edits;
    if (!file || !(edits << file.rdbuf()))
        return fail(kFileUnreadable, options.edits, "it cannot be opened");
    TOCSIN_TRY_ASSIGN(const network::ConnectivityRequest request, connectivity(options));
    return network::whatIfJson(inventory, edits.str(), request);
}

int runAnswer(const NetworkOptions& options, Answer answer)
{
    const auto inventory = network::loadInventory(options.inventory);
    if (!inventory) {
        printError(inventory.error());
        return kExitFailed;
    }
    const auto text = answer(*inventory, options);
    if (!text) {
        printError(text.error());
        return kExitInputErrors;
    }
    std::cout << *text << '\n';
    return kExitDone;
}

int runBatch(const NetworkOptions& options)
{
    std::ifstream file;
    if (options.batch != "-") {
        file.open(options.batch);
        if (!file) {
            printError(makeError(kFileUnreadable, options.batch, "it cannot be opened"));
            return kExitFailed;
        }
    }
    const std::string folder = std::filesystem::path(options.batch).parent_path().string();
    network::InventoryCache inventories(options.base.empty() ? folder : options.base);
    std::istream& input = options.batch == "-" ? std::cin : file;
    for (std::string line; std::getline(input, line);)
        if (!line.empty())
            std::cout << network::answerLine(inventories, line) << '\n';
    return kExitDone;
}

/// Adds the commands one by one, with the options each needs.
class CommandAdder {
public:
    CommandAdder(CLI::App& parent, Invocation& invocation, std::shared_ptr<NetworkOptions> options) : m_parent(parent), m_invocation(invocation), m_options(std::move(options)) {}

    CLI::App* add(const char* name, const char* help, Answer answer)
    {
        CLI::App* command = m_parent.add_subcommand(name, help);
        command->add_option("--inventory", m_options->inventory, "Inventory file or folder")->required();
        command->callback([options = m_options, answer, &invocation = m_invocation] { invocation.command = [options, answer](CommandContext&) { return runAnswer(*options, answer); }; });
        return command;
    }
    void addTarget(CLI::App* command)
    {
        command->add_option("--vm", m_options->machine, "Virtual machine, name or id");
        command->add_option("--nic", m_options->interface, "Network interface, name or id");
    }
    void addConnectivity(CLI::App* command)
    {
        addTarget(command);
        command->add_option("--source-port", m_options->sourcePort, "Source port (default: any)");
        command->add_option("--dest-vm", m_options->destinationMachine, "Destination machine");
        command->add_option("--dest", m_options->destination, "Destination address, name or URI");
        command->add_option("--port", m_options->port, "Destination port");
        command->add_option("--protocol", m_options->protocol, "Tcp, Udp or Icmp")->capture_default_str();
    }

private:
    CLI::App& m_parent;
    Invocation& m_invocation;
    std::shared_ptr<NetworkOptions> m_options;
};

} // namespace

void addNetworkCommands(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<NetworkOptions>();
    CLI::App* net = parser.add_subcommand("net", "Questions about a network inventory, answered as JSON in the field names of the public REST API");
    net->require_subcommand(1);
    CommandAdder adder(*net, invocation, options);

    adder.add("topology", "Resources and how they hang together", [](const network::Inventory& inventory, const NetworkOptions&) -> Result<std::string> { return network::topologyJson(inventory); });
    CLI::App* verify = adder.add("flow-verify", "Is a packet allowed, and by which rule", flowVerify);
    adder.addTarget(verify);
    verify->add_option("--direction", options->direction, "Inbound or Outbound")->capture_default_str();
    verify->add_option("--protocol", options->protocol, "Tcp or Udp")->capture_default_str();
    verify->add_option("--local-ip", options->localAddress, "Address of the machine")->required();
    verify->add_option("--local-port", options->localPort, "Port of the machine, or *")->required();
    verify->add_option("--remote-ip", options->remoteAddress, "Address of the other end")->required();
    verify->add_option("--remote-port", options->remotePort, "Port of the other end, or *")->required();
    CLI::App* hop = adder.add("next-hop", "Where a packet goes next, and by which route", [](const network::Inventory& inventory, const NetworkOptions& o) { return network::nextHopJson(inventory, target(o), o.destination, o.source); });
    adder.addTarget(hop);
    hop->add_option("--dest", options->destination, "Destination address")->required();
    hop->add_option("--source", options->source, "Source address");
    adder.addTarget(adder.add("effective-rules", "Security rules that apply to an interface", [](const network::Inventory& inventory, const NetworkOptions& o) { return network::effectiveRulesJson(inventory, target(o)); }));
    adder.addTarget(adder.add("effective-routes", "Routes that apply to an interface", [](const network::Inventory& inventory, const NetworkOptions& o) { return network::effectiveRoutesJson(inventory, target(o)); }));
    adder.addConnectivity(adder.add("check", "Connectivity check with hops", check));
    adder.addConnectivity(adder.add("reach", "Every destination port that gets through", reach));
    CLI::App* what = adder.add("what-if", "What a change of rules or routes would open or close", whatIf);
    adder.addConnectivity(what);
    what->add_option("--edits", options->edits, "JSON file with the changes")->required();

    CLI::App* batch = net->add_subcommand("batch", "Answer {\"id\",\"inventory\",\"question\"} lines of a file (- for standard input)");
    batch->add_option("QUESTIONS", options->batch, "File of questions")->required();
    batch->add_option("--base", options->base, "Folder that inventory paths are relative to (default: the file's)");
    batch->callback([options, &invocation] { invocation.command = [options](CommandContext&) { return runBatch(*options); }; });
}

} // namespace tocsin::app::cli
