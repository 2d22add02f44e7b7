// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::network {

inline constexpr ErrorKind kBadJson{"network.bad_json", "{0} is not valid JSON at line {1}, column {2}: {3}", "Export the file again, or repair it at that place."};
inline constexpr ErrorKind kEmptyInventory{"network.empty_inventory", "{0} holds no Azure resource", "Give a REST list, the output of az … -o json, a Resource Graph export, an ARM template or a folder of such files."};
inline constexpr ErrorKind kFileTooLarge{"network.file_too_large", "{0} is larger than {1} bytes", "Split the export into several files in one folder."};
inline constexpr ErrorKind kUnknownResource{"network.unknown_resource", "There is no {0} '{1}' in the inventory", "Give its name, or its id if several have this name."};
inline constexpr ErrorKind kAmbiguousResource{"network.ambiguous_resource", "Several resources of type {0} are named '{1}'", "Give the resource id."};
inline constexpr ErrorKind kBadQuestion{"network.bad_question", "{0}: {1}", "See the question language in the help."};
inline constexpr ErrorKind kBadAddress{"network.bad_address", "'{0}' is not an IP address or prefix", "Write 10.0.0.4, 10.0.0.0/24 or an IPv6 address."};
inline constexpr ErrorKind kBadPort{"network.bad_port", "'{0}' is not a port", "Write a number from 0 to 65535, a range 80-85 or *."};
inline constexpr ErrorKind kBadProtocol{"network.bad_protocol", "'{0}' is not a protocol this check knows", "Use Tcp, Udp, Icmp, Esp, Ah or *."};
inline constexpr ErrorKind kForeignAddress{"network.foreign_address", "{0} is not an address of network interface {1}", "Use one of its private addresses."};
inline constexpr ErrorKind kNeedsServiceTags{"network.needs_service_tags", "Service tag '{0}' needs the service tag file", "Add the ServiceTags_Public file to the inventory."};
inline constexpr ErrorKind kTemplateExpression{"network.template_expression", "Template expression '{0}': {1}", "Check the expression, or give the parameter file."};
inline constexpr ErrorKind kNoGateway{"network.no_such_gateway", "'{0}' is no virtual network gateway or connection of the inventory", "Give the id of a gateway or of a connection."};

} // namespace tocsin::network
