// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/vmcore.hpp"

#include "os/files.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace hyprelay::rehearse::guest {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kMostComplaints = 5;
constexpr std::uint64_t kProgress = std::uint64_t{128} << 20;
// All notes of a dump; a CPU's take less than a KiB.
constexpr std::uint64_t kMostNotes = 1 << 20;

bool read_at(int fd, std::uint64_t offset, void* into, std::size_t size_bytes) {
  auto* at = static_cast<char*>(into);
  while (size_bytes != 0) {
    const ssize_t got = ::pread(fd, at, size_bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    at += got;
    offset += static_cast<std::uint64_t>(got);
    size_bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

std::uint64_t padded(std::uint64_t size_bytes) {
  return (size_bytes + 3) & ~std::uint64_t{3};
}

// Counts the notes of a PT_NOTE; their headers are the same in both widths.
void read_notes(std::string_view notes, Vmcore& core) {
  Elf32_Nhdr header;
  while (notes.size() >= sizeof header) {
    std::memcpy(&header, notes.data(), sizeof header);
    const std::uint64_t total = sizeof header + padded(header.n_namesz) + padded(header.n_descsz);
    if (total > notes.size()) {
      core.complaints.emplace_back("a note runs past the end of its segment");
      return;
    }
    const std::string_view name = notes.substr(sizeof header, header.n_namesz);
    const std::string_view content =
        notes.substr(sizeof header + padded(header.n_namesz), header.n_descsz);
    if (header.n_type == NT_PRSTATUS && name.starts_with("CORE")) {
      core.cpu_notes += 1;
    }
    constexpr std::string_view kRelease = "OSRELEASE=";
    if (name.starts_with("VMCOREINFO") && content.starts_with(kRelease)) {
      core.release = content.substr(kRelease.size(), content.find('\n') - kRelease.size());
    }
    notes.remove_prefix(total);
  }
}

template <class Header, class ProgramHeader>
void read_headers(int fd, Vmcore& core) {
  Header header;
  if (!read_at(fd, 0, &header, sizeof header) || header.e_type != ET_CORE ||
      header.e_phentsize != sizeof(ProgramHeader)) {
    core.complaints.emplace_back("the ELF header is not a core's");
    return;
  }
  core.format = sizeof(Header) == sizeof(Elf64_Ehdr) ? "ELF64" : "ELF32";
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    ProgramHeader row;
    if (!read_at(fd, header.e_phoff + i * sizeof row, &row, sizeof row)) {
      core.complaints.emplace_back("a program header cannot be read");
      return;
    }
    if (row.p_type == PT_LOAD) {
      core.loads.push_back({row.p_offset, row.p_vaddr, row.p_paddr, row.p_filesz});
    } else if (row.p_type == PT_NOTE) {
      std::string notes(std::min<std::uint64_t>(row.p_filesz, kMostNotes), '\0');
      if (!read_at(fd, row.p_offset, notes.data(), notes.size())) {
        core.complaints.emplace_back("the notes cannot be read");
      }
      read_notes(notes, core);
    }
  }
}

}  // namespace

std::optional<Vmcore> read_vmcore(const std::string& path) {
  const os::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return std::nullopt;
  }
  Vmcore core;
  struct stat facts = {};
  if (fstat(file.get(), &facts) == 0) {
    core.bytes = static_cast<std::uint64_t>(facts.st_size);
  }
  unsigned char identity[EI_NIDENT] = {};
  if (!read_at(file.get(), 0, identity, sizeof identity) ||
      std::memcmp(identity, ELFMAG, SELFMAG) != 0) {
    core.complaints.emplace_back("no ELF file");
  } else if (identity[EI_CLASS] == ELFCLASS64) {
    read_headers<Elf64_Ehdr, Elf64_Phdr>(file.get(), core);
  } else {
    read_headers<Elf32_Ehdr, Elf32_Phdr>(file.get(), core);
  }
  return core;
}

std::uint64_t read_all_loads(const std::string& path, Vmcore& core,
                             const std::function<void(std::uint64_t)>& progress) {
  const os::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string chunk(kChunk, '\0');
  std::uint64_t read_bytes = 0;
  std::uint64_t told = 0;
  for (const VmcoreLoad& load : core.loads) {
    for (std::uint64_t at = 0; at < load.size_bytes;) {
      const std::size_t wanted = std::min<std::uint64_t>(kChunk, load.size_bytes - at);
      if (read_at(file.get(), load.file_offset + at, chunk.data(), wanted)) {
        read_bytes += wanted;
      } else if (core.complaints.size() < kMostComplaints) {
        core.complaints.push_back("memory at " + std::to_string(load.physical_start + at) +
                                  " cannot be read: " + std::strerror(errno));
      }
      at += wanted;
      if (read_bytes - told >= kProgress) {
        told = read_bytes;
        progress(read_bytes);
      }
    }
  }
  return read_bytes;
}

std::optional<std::string> read_physical(const std::string& path, const Vmcore& core,
                                         std::uint64_t physical, std::size_t size_bytes) {
  const os::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  for (const VmcoreLoad& load : core.loads) {
    const std::uint64_t at = physical - load.physical_start;
    if (physical >= load.physical_start && at + size_bytes <= load.size_bytes) {
      std::string content(size_bytes, '\0');
      return read_at(file.get(), load.file_offset + at, content.data(), size_bytes)
                 ? std::optional(content)
                 : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace hyprelay::rehearse::guest
