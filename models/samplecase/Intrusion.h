// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/CaseLogs.h"

namespace tocsin::samplecase {

// The intrusion by where its traces are; plantIntrusion calls all of them.
void plantReconnaissance(CaseLogs& logs);
void plantSpray(CaseLogs& logs);
void plantPersistence(CaseLogs& logs);
void plantCloudPrivileges(CaseLogs& logs);
void plantCloudConcealment(CaseLogs& logs);
void plantShutdown(CaseLogs& logs);
void plantBlobTheft(CaseLogs& logs);

void plantWorkstation(CaseLogs& logs);
void plantLateralMovement(CaseLogs& logs);
void plantApplicationServer(CaseLogs& logs);
void plantDatabaseServer(CaseLogs& logs);
void plantHostConcealment(CaseLogs& logs);
void plantLinuxServer(CaseLogs& logs);
void plantFlood(CaseLogs& logs);

} // namespace tocsin::samplecase
