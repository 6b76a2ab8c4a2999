// SPDX-License-Identifier: BSD-2-Clause
// Names of addresses, from the symbol tables of ELF files or from a System.map.
#ifndef HR_COHERENCE_SYMBOLS_HPP
#define HR_COHERENCE_SYMBOLS_HPP

#include <cstdint>
#include <map>
#include <string>

namespace hyprelay::coherence {

class Symbols {
 public:
  // Adds those of an ELF file, or of lines `ADDRESS TYPE NAME`, moved by `offset`. False: cannot be
  // read, or neither.
  bool add(const std::string& path, uint64_t offset);
  void add_name(uint64_t address, std::string name) { names_.emplace(address, std::move(name)); }
  // `name+0x10`, or nothing.
  std::string name(uint64_t address) const;
  // Its address, or 0.
  uint64_t address(const std::string& name) const;

 private:
  bool add_map(const std::string& text, uint64_t offset);
  std::multimap<uint64_t, std::string> names_;
};

}  // namespace hyprelay::coherence

#endif
