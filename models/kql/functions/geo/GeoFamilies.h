// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tocsin::kql {

class FunctionRegistry;

void addGeoGridFunctions(FunctionRegistry& registry);
void addGeoMeasureFunctions(FunctionRegistry& registry);
void addGeoShapeFunctions(FunctionRegistry& registry);

} // namespace tocsin::kql
