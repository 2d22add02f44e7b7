// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "WindowServices.h"
#include "items/IncidentStore.h"
#include "items/SchemaModel.h"

namespace tocsin::app {

/// The models that several views of one window share.
struct WindowModels {
    explicit WindowModels(const WindowServices& services)
        : schema(services.catalog, services.executor, services.time), incidents(services.engine, services.executor)
    {
    }
    items::SchemaModel schema;
    items::IncidentStore incidents;
};

} // namespace tocsin::app
