// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/Declaration.h"

struct MMDB_s;

namespace tocsin::kql::geo {

/// Where IP addresses are, from a city database in the MaxMind DB format (github.com/maxmind/MaxMind-DB, GeoLite2 City and others).
class IpLocations {
public:
    /// Nothing if there is no such file or it is none of the format.
    static std::shared_ptr<const IpLocations> open(const std::string& path);

    /// Writes country, state, city, latitude and longitude as a bag; false for a text that is no address and for addresses that
    /// are not in the database.
    bool write(std::string_view address, DynamicBuilder& out) const;

private:
    struct Closer {
        void operator()(MMDB_s* database) const;
    };
    explicit IpLocations(std::unique_ptr<MMDB_s, Closer> database) : m_database(std::move(database)) {}
    std::unique_ptr<MMDB_s, Closer> m_database;
};

} // namespace tocsin::kql::geo

namespace tocsin::kql {

/// geo_info_from_ip_address(), in place of one that is there; null for every address if there are no locations.
void addIpLocationFunction(FunctionRegistry& registry, std::shared_ptr<const geo::IpLocations> locations);

} // namespace tocsin::kql
