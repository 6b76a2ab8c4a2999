// SPDX-License-Identifier: BSD-2-Clause
// The rows of the capture command in the option table.
#pragma once

#include "cli/options.hpp"

#include <array>

namespace hyprelay::cli {

inline constexpr CommandRow kCaptureCommand = {
    Command::kCapture, "capture", "save the memory of a kernel that panicked",
    "Runs in the kernel that a panic started. The log of the dead kernel is saved first, which "
    "takes "
    "seconds; then its memory, by makedumpfile when it is there and can read it, else as a copy "
    "compressed by zstd. Free space is looked at before, and progress goes to stderr. A dump gets "
    "its final name when it is complete and written back; one that is not stays, under a name that "
    "ends in .incomplete.\n\n"
    "Without options, the lines of /etc/hyprelay.conf that begin with capture_ say what to do: "
    "capture_to, capture_fallback, capture_format, capture_level, capture_after, "
    "capture_on_failure, capture_force, capture_ssh_key, capture_ssh_port. An option overrides its "
    "line. What is saved, and how to open it, is in docs/capture.md."};

inline constexpr CommandSet kCaptureOnly = set_of(Command::kCapture);

inline constexpr auto kCaptureOptions = std::to_array<OptionRow>({
    {.id = Option::kSaveTo,
     .commands = kCaptureOnly,
     .names = "--to",
     .takes = Takes::kFile,
     .argument = "DIR",
     .help = "save in a new folder of this directory",
     .default_text = "capture_to of the configuration"},
    {.id = Option::kSaveToDevice,
     .commands = kCaptureOnly,
     .names = "--to-device",
     .takes = Takes::kFile,
     .argument = "DEVICE",
     .help = "save on a raw partition; hyprelay capture --from-device gets the dump out again"},
    {.id = Option::kSaveToSsh,
     .commands = kCaptureOnly,
     .names = "--to-ssh",
     .takes = Takes::kText,
     .argument = "USER@HOST:DIR",
     .help = "save on another machine, through ssh and with a key that needs no password"},
    {.id = Option::kFallback,
     .commands = kCaptureOnly,
     .names = "--fallback",
     .takes = Takes::kText,
     .argument = "TARGET",
     .help = "where to save when that fails: DIR, device:DEVICE or ssh:USER@HOST:DIR",
     .default_text = "capture_fallback of the configuration"},
    {.id = Option::kFromDevice,
     .commands = kCaptureOnly,
     .names = "--from-device",
     .takes = Takes::kFile,
     .argument = "DEVICE",
     .help = "get the dump that lies on a raw partition, and save it in the directory of --to"},
    {.id = Option::kImage,
     .commands = kCaptureOnly,
     .names = "--vmcore",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "memory image to save",
     .default_text = "/proc/vmcore"},
    {.id = Option::kFormat,
     .commands = kCaptureOnly,
     .names = "--format",
     .takes = Takes::kChoice,
     .argument = "FORMAT",
     .help =
         "makedumpfile (pages nobody needs left out), zstd (all of it, compressed), elf (all of "
         "it, with holes), or auto: the first of them that works",
     .default_text = "auto",
     .choices = "auto makedumpfile zstd elf"},
    {.id = Option::kLevel,
     .commands = kCaptureOnly,
     .names = "--level",
     .takes = Takes::kNumber,
     .argument = "N",
     .help = "makedumpfile's dump level, 1 to 31: which pages it leaves out",
     .default_text = "31"},
    {.id = Option::kAfter,
     .commands = kCaptureOnly,
     .names = "--after",
     .takes = Takes::kChoice,
     .argument = "ACTION",
     .help = "what to do when the dump is saved",
     .default_text = "nothing",
     .choices = "nothing reboot poweroff shell"},
    {.id = Option::kOnFailure,
     .commands = kCaptureOnly,
     .names = "--on-failure",
     .takes = Takes::kChoice,
     .argument = "ACTION",
     .help = "what to do when it could not be saved",
     .default_text = "the same as --after",
     .choices = "nothing reboot poweroff shell"},
    {.id = Option::kSshKey,
     .commands = kCaptureOnly,
     .names = "--ssh-key",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "private key for ssh",
     .default_text = "ssh's own choice"},
    {.id = Option::kSshPort,
     .commands = kCaptureOnly,
     .names = "--ssh-port",
     .takes = Takes::kNumber,
     .argument = "N",
     .help = "port of the other machine's ssh",
     .default_text = "ssh's own choice"},
    {.id = Option::kForce,
     .commands = kCaptureOnly,
     .names = "--force",
     .help = "overwrite a device that holds data, and begin a copy that seems not to fit"},
    {.id = Option::kLogOnly,
     .commands = kCaptureOnly,
     .names = "--dmesg",
     .help = "print the dead kernel's log and save nothing"},
    {.id = Option::kCheck,
     .commands = kCaptureOnly,
     .names = "--check",
     .help = "look whether the configuration is right and the destinations can be used, and save "
             "nothing"},
});

}  // namespace hyprelay::cli
