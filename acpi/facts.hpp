// SPDX-License-Identifier: BSD-2-Clause
// Facts that a handoff reads from the ACPI tables of a machine, as the same plain data that fdt/
// reads from a device tree. Each reader takes the bytes of one table, which the answer does not
// keep. Errors of every reader: ACPI_TRUNCATED, ACPI_LIES, ACPI_CHECKSUM, as table.hpp says.
#pragma once

#include "base/bytes.hpp"
#include "base/platform.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hyprelay::acpi {

// The tables that are read, by their signatures, which are the names that Linux shows them by
// [linux/Documentation/ABI/testing/sysfs-firmware-acpi].
constexpr std::string_view kFixed = "FACP";
constexpr std::string_view kInterrupts = "APIC";
constexpr std::string_view kConsole = "SPCR";
constexpr std::string_view kDebugPorts = "DBG2";
constexpr std::string_view kTables[] = {kFixed, kInterrupts, kConsole, kDebugPorts};

// The ARM boot flags of the fixed table [acpi/6.5 section 5.2.9.4]. kNone also for a table of
// before ACPI 5.1, which has none.
base::Result<base::Conduit> psci_conduit(base::ByteView fixed);
// Its hypervisor vendor identity [table 5.9], "MsHyperV"; empty: there is no hypervisor, or the
// table is of before ACPI 6.0.
base::Result<std::string> hypervisor(base::ByteView fixed);
// The interrupt controller of the MADT [section 5.2.12]. version 0: it names no distributor.
base::Result<base::Gic> gic(base::ByteView interrupts);
// The console that the SPCR names, revision 1 to 4 [microsoft/spcr]. kind NONE: redirection is
// disabled, or the relay has no driver.
base::Result<base::Console> console(base::ByteView spcr);
// The first serial port of the DBG2 that the relay has a driver for [microsoft/dbg2]. kind NONE:
// there is none.
base::Result<base::Console> debug_port(base::ByteView dbg2);

}  // namespace hyprelay::acpi
