// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/Session.h"

namespace tocsin::app {

/// The one place where parts are put together: everything a session needs, built in order and destroyed in reverse.
class AppContext {
public:
    static Result<std::unique_ptr<AppContext>> create();

    const session::Services& services() const { return m_services; }
    Log& log() { return m_log; }
    Executor& executor() { return m_executor; }

private:
    explicit AppContext(ingest::SchemaLibrary schemas);

    SystemClock m_clock;
    Log m_log;
    kql::FunctionRegistry m_functions;
    ingest::SchemaLibrary m_schemas;
    ingest::ReaderRegistry m_readers;
    ThreadPool m_executor; ///< last: its threads use the others
    session::Services m_services;
};

/// The city database for geo_info_from_ip_address(): what the variable TOCSIN_IP_LOCATIONS names, else where geoipupdate puts it.
/// Empty if there is none.
std::string ipLocationsFile();

/// Where the program's own log goes: $XDG_STATE_HOME/tocsin, or ~/.local/state/tocsin.
std::string logFolder();

} // namespace tocsin::app
