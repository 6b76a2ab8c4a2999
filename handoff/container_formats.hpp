// SPDX-License-Identifier: BSD-2-Clause
// The readers behind open_container, one per format, and what they share. Private to handoff.
#pragma once

#include "handoff/container.hpp"

#include <string>
#include <string_view>

namespace hyprelay::handoff {

base::Result<Opened> open_uimage(base::ByteView file, std::string_view name,
                                 const KernelTools& tools);
base::Result<Opened> open_fit(base::ByteView file, std::string_view name, const KernelTools& tools);
base::Result<Opened> open_uki(base::ByteView file, std::string_view name);
base::Result<Opened> open_android(base::ByteView file, std::string_view name,
                                  const KernelTools& tools);
base::Result<Opened> open_elf(base::ByteView file, std::string_view name);

// A PE program that has a kernel among its sections.
bool is_uki(base::ByteView start);

// Device trees one behind the other, as some bootloaders choose among them: one is for any machine.
void take_trees(base::ByteView trees, Contained& contained);

// With the file and the part as its subject.
base::Error container_error(base::Code code, std::string_view name, std::string_view what);

// "gzip", as U-Boot's tools write it: kNone of an unpacked one ("none"). nullopt: not known.
std::optional<Packing> packing_named(std::string_view name);

// "gzip", as far as the first bytes tell; empty: they are not packed.
std::string packed_text(base::ByteView bytes);

}  // namespace hyprelay::handoff
