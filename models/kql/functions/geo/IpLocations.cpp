// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/IpLocations.h"

#include "base/IpAddress.h"
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/LackingData.h"
#include "kql/functions/support/Kernels.h"

#include <maxminddb.h>

#include <algorithm>
#include <cstring>

#include <netinet/in.h>

namespace tocsin::kql {
namespace geo {
namespace {

std::optional<MMDB_entry_data_s> valueAt(MMDB_lookup_result_s& found, std::initializer_list<const char*> path)
{
    const char* keys[8] = {};
    std::copy(path.begin(), path.end(), keys);
    MMDB_entry_data_s data;
    if (MMDB_aget_value(&found.entry, &data, keys) != MMDB_SUCCESS || !data.has_data)
        return std::nullopt;
    return data;
}

void writeText(DynamicBuilder& out, std::string_view key, const std::optional<MMDB_entry_data_s>& value)
{
    out.key(key);
    out.string(value && value->type == MMDB_DATA_TYPE_UTF8_STRING ? std::string_view(value->utf8_string, value->data_size) : std::string_view());
}

void writeReal(DynamicBuilder& out, std::string_view key, const std::optional<MMDB_entry_data_s>& value)
{
    out.key(key);
    if (value && value->type == MMDB_DATA_TYPE_DOUBLE)
        out.real(value->double_value);
    else
        out.null();
}

/// The form the library looks up: IPv6, or IPv4 for an IPv4 address.
MMDB_lookup_result_s lookUp(const MMDB_s& database, const IpAddress& address, int& error)
{
    if (address.isV4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_addr.s_addr = htonl(address.v4());
        return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&v4), &error);
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
    return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&v6), &error);
}

} // namespace

void IpLocations::Closer::operator()(MMDB_s* database) const
{
    MMDB_close(database);
    delete database;
}

std::shared_ptr<const IpLocations> IpLocations::open(const std::string& path)
{
    auto database = std::make_unique<MMDB_s>();
    if (path.empty() || MMDB_open(path.c_str(), MMDB_MODE_MMAP, database.get()) != MMDB_SUCCESS)
        return nullptr;
    return std::shared_ptr<const IpLocations>(new IpLocations(std::unique_ptr<MMDB_s, Closer>(database.release())));
}

bool IpLocations::write(std::string_view address, DynamicBuilder& out) const
{
    const auto read = parseIp(trimSpaces(address));
    int error = MMDB_SUCCESS;
    if (!read)
        return false;
    MMDB_lookup_result_s found = lookUp(*m_database, *read, error);
    if (error != MMDB_SUCCESS || !found.found_entry)
        return false;
    out.beginObject();
    writeText(out, "country", valueAt(found, {"country", "names", "en"}));
    writeText(out, "state", valueAt(found, {"subdivisions", "0", "names", "en"}));
    writeText(out, "city", valueAt(found, {"city", "names", "en"}));
    writeReal(out, "latitude", valueAt(found, {"location", "latitude"}));
    writeReal(out, "longitude", valueAt(found, {"location", "longitude"}));
    out.endObject();
    return true;
}

} // namespace geo

void addIpLocationFunction(FunctionRegistry& registry, std::shared_ptr<const geo::IpLocations> locations)
{
    ScalarFunction function{.name = "geo_info_from_ip_address", .category = "geospatial", .help = "Where an IP address is: a bag of country, state, city, latitude and longitude.", .example = "print isnull(geo_info_from_ip_address('no address')) // true"};
    if (!locations)
        function.traits |= kLacksData;
    function.signatures = {signature({{"ip", DataType::String}}, DataType::Dynamic, kernels::mapDynamic<DataType::String>([locations = std::move(locations)](std::string_view address, DynamicBuilder& out) {
        return locations && locations->write(address, out);
    }))};
    registry.add(std::move(function));
}

} // namespace tocsin::kql
