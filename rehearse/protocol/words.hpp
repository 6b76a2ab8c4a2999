// SPDX-License-Identifier: BSD-2-Clause
// What the host and the guest's init of a rehearsal agree on. Environment: hosted, no dependency.
#pragma once

#include <string_view>

namespace hyprelay::rehearse {

// Every line of the guest that the judge must understand: this, one JSON object, newline. The
// object's "event" is one of booted, initrd, firmware, status, disk, load, ready, vmcore,
// program, before, capture, progress, panicking, failed, done; judge.cpp and guest/init.cpp say
// what else is in it.
inline constexpr std::string_view kMark = "hyprelay-rehearse: ";

// The rehearsal's files live in one folder of the initramfs, so that the files of the user's own
// initrd, which is unpacked on top, keep their places.
inline constexpr std::string_view kFolder = "hyprelay-rehearse";
inline constexpr std::string_view kInit = "init";
inline constexpr std::string_view kTool = "hyprelay";
// Incompressible bytes: an initrd that was overwritten in part must not go unnoticed.
inline constexpr std::string_view kPayload = "payload";
// Copies of the user's files, for the next handoff.
inline constexpr std::string_view kInitrd = "initrd";
inline constexpr std::string_view kTree = "dtb";
inline constexpr std::string_view kOverlayPrefix = "overlay-";
// "kernel-0", "kernel-1", ...: the kernels to start, in the order of --to.
inline constexpr std::string_view kKernelPrefix = "kernel-";
// JSON: rehearse/protocol/settings.hpp.
inline constexpr std::string_view kSettings = "settings.json";
// One line per other file of the folder: SHA-256 in hex, space, size, space, name.
inline constexpr std::string_view kManifest = "manifest";

// Parameter on the kernel's command line: how many handoffs led to this kernel.
inline constexpr std::string_view kHopParameter = "hyprelay-rehearse.hop=";
// Likewise, when the settings say "tell_vectors": where the vectors of the kernel before lie, in
// hex, as `hyprelay probe` told there.
inline constexpr std::string_view kVectorsParameter = "hyprelay-resident=0x";
// Where a page lies in the memory of the kernel that panicked, and what it is full of.
inline constexpr std::string_view kMarkerParameter = "hyprelay-rehearse.marker=";
// The disk of --disk in the guest.
inline constexpr std::string_view kDisk = "/dev/vda";
// What the host writes on the console when a guest that was told to synchronise said "ready".
inline constexpr std::string_view kGo = "go";

}  // namespace hyprelay::rehearse
