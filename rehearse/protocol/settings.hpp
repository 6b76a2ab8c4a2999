// SPDX-License-Identifier: BSD-2-Clause
// What the guest's init is to do. The host fills it, a file of the initramfs carries it, the init
// reads it back. Environment: hosted, nlohmann-json in the source only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse {

struct Settings {
  // --hops N: handoffs to perform.
  unsigned hops = 1;
  // -- load options: given to `hyprelay load`, before the rehearsal's own.
  std::vector<std::string> load_args;
  // --panic: the first kernel panics instead of calling exec, and the second one is its crash
  // kernel, whose /proc/vmcore is read.
  bool panic = false;
  // --panic-cpu N: the CPU that panics. 0: whichever the guest's init runs on.
  unsigned panic_cpu = 0;
  // --panic-twice: the crash kernel panics as well, when its work is done.
  bool panic_twice = false;
  // --panic-run COMMAND: a program of the user's initrd that panics the kernel. Empty: by sysrq.
  std::string panic_run;
  // --before-panic COMMAND, each a program of the user's initrd and its arguments: run in the first
  // kernel, one after the other, when the crash kernel is loaded. What they leave running runs when
  // the kernel panics.
  std::vector<std::string> before_panic;
  // --capture-run COMMAND, each a program of the user's initrd and its arguments: run in the crash
  // kernel, one after the other, when the dump has been read.
  std::vector<std::string> capture_runs;
  // For tests: every kernel tells the next one where its own vectors for HYP/EL2 lie
  // (kVectorsParameter), and nothing is loaded over them.
  bool tell_vectors = false;

  // What the host finds out by itself: files that are there, names in the initramfs, the command
  // line without the parameters of the guest's own, and whether the init waits for kGo.
  bool has_initrd = false;
  bool has_tree = false;
  bool has_disk = false;
  bool sync = false;
  std::string command_line;
  std::vector<std::string> kernels;
};

// The content of the file kSettings.
std::string to_text(const Settings& settings);
// A field that is missing or of another kind is as a fresh Settings has it, but for the hops, of
// which there are none: an init that was sent a damaged file must still be able to say so.
Settings read_settings(std::string_view text);

}  // namespace hyprelay::rehearse
