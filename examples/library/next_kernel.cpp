// SPDX-License-Identifier: BSD-2-Clause
// Starts another kernel at HYP/EL2, with the installed library.
//   next_kernel KERNEL INITRD         on the machine itself, as root: does not come back
//   next_kernel KERNEL INITRD TREE    for a machine that a device tree describes: only says what
//   goes where
#include <unistd.h>

#include <base/error_text.hpp>
#include <cstdio>
#include <fstream>
#include <handoff/bundle.hpp>
#include <handoff/linux/gather.hpp>
#include <handoff/linux/hyp_facts.hpp>
#include <handoff/linux/kexec.hpp>
#include <handoff/prepare.hpp>
#include <iterator>
#include <relay/embedded.hpp>
#include <string>
#include <vector>

namespace base = hyprelay::base;
namespace fdt = hyprelay::fdt;
namespace handoff = hyprelay::handoff;
namespace linux_host = handoff::linux_host;

/* [handoff] */
// From two files and a machine to what may be loaded.
base::Result<handoff::SealedHandoff> make_handoff(base::ByteView kernel, base::ByteView initrd,
                                                  handoff::Machine machine) {
  HR_TRY(image, handoff::read_image(kernel, "the kernel"));
  handoff::PrepareInput input{.machine = std::move(machine),
                              .kernel = image,
                              .kernel_name = "the kernel",
                              .relay = handoff::embedded_relay(image.arch)};
  input.initrd = handoff::measure_initrd(initrd, initrd.size());
  input.wishes.append = "quiet";
  input.wishes.require_hyp = true;
  HR_TRY(planned, handoff::prepare(std::move(input)));
  std::fputs(handoff::to_text(planned.plan).c_str(), stdout);
  return handoff::seal(planned, initrd, linux_host::fresh_seeds());
}

// On the machine itself. Comes back only when the kernel refuses.
base::Result<void> start(base::ByteView kernel, base::ByteView initrd) {
  const linux_host::Root root = linux_host::Root::live();
  HR_TRY(machine, linux_host::gather(root));
  machine.hyp = linux_host::gather_hyp_facts(root);
  HR_TRY(sealed, make_handoff(kernel, initrd, std::move(machine)));
  HR_TRY(loaded, linux_host::load(sealed));
  ::sync();
  return linux_host::boot(std::move(loaded));
}
/* [end] */

// For a machine that is not this one.
base::Result<void> describe(base::ByteView kernel, base::ByteView initrd,
                            base::ByteView tree_bytes) {
  HR_TRY(image, handoff::read_image(kernel, "the kernel"));
  HR_TRY(tree, fdt::Tree::from_bytes(tree_bytes, "the tree"));
  HR_TRY(machine, handoff::machine_of_tree(tree, image.arch, {}));
  machine.device_tree.assign(tree_bytes.begin(), tree_bytes.end());
  HR_TRY(sealed, make_handoff(kernel, initrd, std::move(machine)));
  for (const handoff::BundleFile& file : handoff::make_bundle(sealed).files) {
    std::printf("%s: %zu bytes at 0x%llx\n", file.name.c_str(), file.content.size(),
                static_cast<unsigned long long>(file.memory.start().raw()));
  }
  return base::success();
}

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fputs("usage: next_kernel KERNEL INITRD [TREE]\n", stderr);
    return 2;
  }
  const std::string kernel = read_file(argv[1]);
  const std::string initrd = read_file(argv[2]);
  const auto done = argc == 3 ? start(base::bytes_of(kernel), base::bytes_of(initrd))
                              : describe(base::bytes_of(kernel), base::bytes_of(initrd),
                                         base::bytes_of(read_file(argv[3])));
  if (!done) {
    std::fprintf(stderr, "%s\n", base::describe(done.error()).c_str());
    return base::exit_code_of(done.error());
  }
  return 0;
}
