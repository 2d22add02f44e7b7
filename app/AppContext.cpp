// SPDX-License-Identifier: GPL-3.0-or-later
#include "AppContext.h"

#include "kql/functions/geo/IpLocations.h"

#include <cstdlib>
#include <filesystem>

namespace tocsin::app {

std::string logFolder()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state)
        return std::string(state) + "/tocsin";
    const char* home = std::getenv("HOME");
    return std::string(home ? home : ".") + "/.local/state/tocsin";
}

std::string ipLocationsFile()
{
    if (const char* named = std::getenv("TOCSIN_IP_LOCATIONS"); named && *named)
        return named;
    std::error_code ignored;
    for (const char* usual : {"/var/lib/GeoIP/GeoLite2-City.mmdb", "/usr/share/GeoIP/GeoLite2-City.mmdb"})
        if (std::filesystem::exists(usual, ignored))
            return usual;
    return {};
}

Result<std::unique_ptr<AppContext>> AppContext::create()
{
    TOCSIN_TRY_ASSIGN(ingest::SchemaLibrary schemas, ingest::SchemaLibrary::builtIn());
    return std::unique_ptr<AppContext>(new AppContext(std::move(schemas)));
}

AppContext::AppContext(ingest::SchemaLibrary schemas)
    : m_log(openLog("tocsin", logFolder()))
    , m_functions(kql::builtInFunctions())
    , m_schemas(std::move(schemas))
    , m_readers(ingest::makeReaderRegistry(m_schemas))
    , m_services{m_clock, m_executor, m_log, m_functions, m_schemas, m_readers}
{
    if (const auto locations = kql::geo::IpLocations::open(ipLocationsFile()))
        kql::addIpLocationFunction(m_functions, locations);
}

} // namespace tocsin::app
