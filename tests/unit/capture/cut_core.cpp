// SPDX-License-Identifier: BSD-2-Clause
// cut_core VMCORE OUT [bare]: writes an ELF core that holds of VMCORE's memory just the pages which
// reading the log touches. With "bare", its headers carry no virtual addresses. How the files in
// tests/data/capture were made.
#include "base/error_text.hpp"
#include "capture/dmesg.hpp"
#include "capture/linux/file_source.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <cstdio>
#include <fstream>
#include <set>

namespace hyprelay::test {
namespace {

class Recorder : public capture::ByteSource {
 public:
  explicit Recorder(capture::FileSource& source) : source_(source) {}
  std::uint64_t size_bytes() const override { return source_.size_bytes(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    for (std::uint64_t at = offset; at < offset + into.size(); ++at) {
      touched.insert(at);
    }
    return source_.read(offset, into);
  }
  std::set<std::uint64_t> touched;

 private:
  capture::FileSource& source_;
};

int fail(const base::Error& error) {
  std::fprintf(stderr, "cut_core: %s\n", base::describe(error).c_str());
  return 1;
}

int cut(const char* in, const char* out, bool bare) {
  auto source = capture::FileSource::open(in);
  if (!source) {
    return fail(source.error());
  }
  Recorder recorder(source.value());
  auto core = capture::read_core(recorder);
  if (!core) {
    return fail(core.error());
  }
  recorder.touched.clear();
  if (bare) {
    for (capture::Load& load : core.value().loads) {
      load.virtual_start.reset();
    }
  }
  const auto log = capture::read_dmesg(capture::OldMemory(core.value(), recorder));
  if (!log) {
    return fail(log.error());
  }
  CoreBuilder builder(core.value().wide, core.value().machine);
  std::vector<std::byte> page(4096);
  std::set<std::uint64_t> pages;
  for (const capture::Load& load : core.value().loads) {
    for (std::uint64_t at = 0; at < load.memory.size_bytes(); at += page.size()) {
      const std::uint64_t file = load.file_offset + at;
      const auto first = recorder.touched.lower_bound(file);
      // The first page too: without virtual addresses, memory is taken to begin there.
      if ((at == 0 || (first != recorder.touched.end() && *first < file + page.size())) &&
          pages.insert(load.memory.start().raw() + at).second) {
        static_cast<void>(source.value().read(file, page));
        builder.add_memory(load.memory.start().raw() + at,
                           load.virtual_start ? *load.virtual_start + at : 0, page);
      }
    }
  }
  builder.set_info(core.value().info.to_text());
  const std::vector<std::byte> bytes = builder.build();
  std::ofstream(out, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  std::fputs(log.value().c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace hyprelay::test

int main(int argc, char** argv) {
  return argc < 3 ? 2 : hyprelay::test::cut(argv[1], argv[2], argc > 3);
}
