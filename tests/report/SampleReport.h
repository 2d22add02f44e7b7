// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/IncidentReport.h"

/// A report with every section in use, of an invented incident.
tocsin::report::IncidentReport sampleReport();
