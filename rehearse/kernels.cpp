// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/kernels.hpp"

#include "handoff/image.hpp"
#include "handoff/kernel_file.hpp"
#include "os/files.hpp"

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Result;

Result<FirstKernel> check_kernel(const std::string& path, handoff::Arch arch) {
  HR_TRY(file, os::InputFile::open(path, os::kKernelFile));
  HR_TRY(start, file.peek(handoff::kImageStartBytes));
  HR_TRYV(handoff::check_image_start(start, path));
  HR_TRY(content, file.read());
  HR_TRY(image, handoff::read_image(content, path));
  if (image.arch != arch) {
    return base::Error(Code::IMAGE_WRONG_ARCH, base::Stage::kImage, path);
  }
  return FirstKernel{image.zimage.sizes_are_bounds};
}

}  // namespace

Result<FirstKernel> check_kernels(const Options& options) {
  // QEMU starts the first kernel, which need not say how much memory it takes: only a planner must
  // know that.
  const Result<FirstKernel> first = check_kernel(options.from, options.arch);
  if (!first && first.error().code() != Code::IMAGE_NO_SIZE) {
    return first;
  }
  for (const std::string& kernel : options.to) {
    // What is compressed as a whole the guest's hyprelay unpacks, and refuses what is of no use.
    HR_TRY(file, os::InputFile::open(kernel, os::kKernelFile));
    HR_TRY(start, file.peek(handoff::kImageStartBytes));
    if (handoff::is_packed_kernel(start)) {
      continue;
    }
    HR_TRYV(check_kernel(kernel, options.arch));
  }
  return first ? first.value() : FirstKernel();
}

}  // namespace hyprelay::rehearse
