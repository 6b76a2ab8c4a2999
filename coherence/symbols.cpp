// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/symbols.hpp"

#include <elf.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace hyprelay::coherence {
namespace {

// A name farther away than this is another's.
constexpr uint64_t kFar = 0x10000;

template <typename Type>
bool read_at(const std::string& bytes, uint64_t at, Type& out) {
  if (at > bytes.size() || bytes.size() - at < sizeof(Type))
    return false;
  std::memcpy(&out, bytes.data() + at, sizeof(Type));
  return true;
}

std::string text_at(const std::string& bytes, uint64_t at) {
  if (at >= bytes.size())
    return {};
  return std::string(bytes.data() + at, strnlen(bytes.data() + at, bytes.size() - at));
}

struct Elf32 {
  using Header = Elf32_Ehdr;
  using Section = Elf32_Shdr;
  using Symbol = Elf32_Sym;
};
struct Elf64 {
  using Header = Elf64_Ehdr;
  using Section = Elf64_Shdr;
  using Symbol = Elf64_Sym;
};

template <typename Elf>
bool add_symbols(Symbols& to, const std::string& bytes, uint64_t offset) {
  typename Elf::Header header{};
  if (!read_at(bytes, 0, header))
    return false;
  for (unsigned i = 0; i < header.e_shnum; i++) {
    typename Elf::Section table{};
    typename Elf::Section strings{};
    if (!read_at(bytes, header.e_shoff + uint64_t{i} * header.e_shentsize, table))
      return false;
    if (table.sh_type != SHT_SYMTAB)
      continue;
    if (!read_at(bytes, header.e_shoff + uint64_t{table.sh_link} * header.e_shentsize, strings))
      return false;
    for (uint64_t at = 0; at + sizeof(typename Elf::Symbol) <= table.sh_size;
         at += sizeof(typename Elf::Symbol)) {
      typename Elf::Symbol symbol{};
      if (!read_at(bytes, table.sh_offset + at, symbol))
        return false;
      const unsigned type = symbol.st_info & 15;
      std::string name = text_at(bytes, strings.sh_offset + symbol.st_name);
      // $a, $d, $x mark what follows; no names.
      if (symbol.st_shndx == SHN_UNDEF || type > STT_FUNC || name.empty() || name[0] == '$')
        continue;
      const uint64_t thumb =
          header.e_machine == EM_ARM && type == STT_FUNC ? symbol.st_value & 1 : 0;
      to.add_name(symbol.st_value - thumb + offset, std::move(name));
    }
  }
  return true;
}

}  // namespace

bool Symbols::add(const std::string& path, uint64_t offset) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return false;
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!bytes.starts_with(ELFMAG))
    return add_map(bytes, offset);
  return bytes.size() > EI_CLASS && bytes[EI_CLASS] == ELFCLASS64
             ? add_symbols<Elf64>(*this, bytes, offset)
             : add_symbols<Elf32>(*this, bytes, offset);
}

bool Symbols::add_map(const std::string& text, uint64_t offset) {
  std::istringstream lines(text);
  std::string address;
  std::string type;
  std::string name;
  bool any = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (!(words >> address >> type >> name) || type.size() != 1)
      continue;
    char* end = nullptr;
    const uint64_t value = std::strtoull(address.c_str(), &end, 16);
    if (*end != 0)
      continue;
    add_name(value + offset, name);
    any = true;
  }
  return any;
}

std::string Symbols::name(uint64_t address) const {
  auto next = names_.upper_bound(address);
  if (next == names_.begin())
    return {};
  const auto& [start, name] = *--next;
  if (address - start > kFar)
    return {};
  if (address == start)
    return name;
  char distance[24];
  std::snprintf(distance, sizeof(distance), "+0x%llx",
                static_cast<unsigned long long>(address - start));
  return name + distance;
}

uint64_t Symbols::address(const std::string& name) const {
  for (const auto& [address, each] : names_)
    if (each == name)
      return address;
  return 0;
}

}  // namespace hyprelay::coherence
