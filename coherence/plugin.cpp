// SPDX-License-Identifier: BSD-2-Clause
// The plugin that QEMU loads: its arguments, its callbacks. Every event is told to the Watcher, one
// at a time.
#include "coherence/qemu.hpp"
#include "coherence/watcher.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <mutex>
#include <string_view>

namespace hyprelay::coherence {
namespace {

struct Options {
  std::string ram;
  uint64_t base = 0x40000000;
  std::string log;
  std::string start;  // a symbol or an address: nothing is watched before
  std::string stop;   // and from there on nothing more
  Profile profile;
  bool line_given = false;
};

struct Plugin {
  qemu_plugin_id_t id = 0;
  Options options;
  Symbols symbols;
  FILE* log = stderr;
  // At once: of a guest that is killed the findings stay.
  Findings findings{symbols, [this](const std::string& line) {
                      std::fputs(line.c_str(), log);
                      std::fflush(log);
                    }};
  std::unique_ptr<Watcher> watcher;
  Ram ram;
  std::mutex lock;
  std::deque<Block> blocks;  // what callbacks point to stays where it is
  std::deque<Instruction> instructions;
  bool arm64 = false;
  bool watching = true;
  uint64_t start_pc = 0, stop_pc = 0;
  std::vector<bool> started;
  uint64_t blocks_watched = 0, accesses_watched = 0;
};
Plugin* plugin = nullptr;

bool number(std::string_view text, uint64_t& out) {
  char* end = nullptr;
  const std::string copy(text);
  out = std::strtoull(copy.c_str(), &end, 0);
  return !copy.empty() && *end == 0;
}

bool add_symbols(std::string_view text) {
  const size_t at = text.rfind('@');
  uint64_t offset = 0;
  if (at != std::string_view::npos && !number(text.substr(at + 1), offset))
    return false;
  return plugin->symbols.add(std::string(text.substr(0, at)), offset);
}

bool add_suppressions(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    return false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    if (plugin->findings.suppress(line))
      continue;
    std::fprintf(stderr, "coherence: %s: not KIND SYMBOL REASON: %s\n", path.c_str(), line.c_str());
    return false;
  }
  return true;
}

bool flag(std::string_view value, bool& out) {
  out = value == "on";
  return out || value == "off";
}

// One of QEMU's arguments, NAME=VALUE.
bool take(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos)
    return false;
  const std::string_view name = argument.substr(0, equals);
  const std::string value(argument.substr(equals + 1));
  Options& options = plugin->options;
  uint64_t parsed = 0;
  if (name == "ram")
    return !(options.ram = value).empty();
  if (name == "base")
    return number(value, options.base);
  if (name == "elf")
    return add_symbols(value);
  if (name == "suppress")
    return add_suppressions(value);
  if (name == "log")
    return (plugin->log = std::fopen(value.c_str(), "w")) != nullptr;
  if (name == "start")
    return !(options.start = value).empty();
  if (name == "stop")
    return !(options.stop = value).empty();
  if (name == "trace")
    return flag(value, plugin->findings.trace);
  if (name == "idc")
    return flag(value, options.profile.idc);
  if (name == "dic")
    return flag(value, options.profile.dic);
  if (name == "system-cache")
    return flag(value, options.profile.system_cache);
  if (name == "line" && number(value, parsed) && (parsed == 32 || parsed == 64)) {
    options.profile.line = static_cast<unsigned>(parsed);
    return true;
  }
  return false;
}

// RAM is there only once QEMU has made the machine: at the first block.
void make_watcher() {
  Plugin& own = *plugin;
  if (!own.ram.find(own.options.ram)) {
    std::fprintf(stderr, "coherence: no RAM in %s: start QEMU by coherence/run\n",
                 own.options.ram.c_str());
    std::exit(2);
  }
  own.ram.base = own.options.base;
  own.watcher = std::make_unique<Watcher>(own.findings, own.options.profile, own.ram, own.arm64);
}

void on_block(unsigned cpu, void* data) {
  const std::lock_guard guard(plugin->lock);
  const auto& block = *static_cast<const Block*>(data);
  plugin->blocks_watched++;
  if (plugin->started.size() <= cpu)
    plugin->started.resize(cpu + 1);
  if (!plugin->started[cpu]) {
    plugin->watcher->start(cpu, !plugin->options.start.empty());
    plugin->started[cpu] = true;
  }
  plugin->watcher->block(cpu, block);
}

void on_instruction(unsigned cpu, void* data) {
  const std::lock_guard guard(plugin->lock);
  plugin->watcher->instruction(cpu, *static_cast<const Instruction*>(data));
}

void on_access(unsigned cpu, uint32_t info, uint64_t va, void* data) {
  const qemu_plugin_hwaddr* address = qemu_plugin_get_hwaddr(info, va);
  if (address == nullptr || qemu_plugin_hwaddr_is_io(address))
    return;
  const std::lock_guard guard(plugin->lock);
  plugin->accesses_watched++;
  plugin->watcher->access(cpu, *static_cast<const Instruction*>(data), va,
                          qemu_plugin_hwaddr_phys_addr(address),
                          1U << qemu_plugin_mem_size_shift(info), qemu_plugin_mem_is_store(info));
}

void decode(const qemu_plugin_insn* instruction, bool thumb, Instruction& to) {
  uint8_t bytes[4] = {};
  const size_t size = qemu_plugin_insn_data(instruction, bytes, sizeof(bytes));
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  if (plugin->arm64) {
    to.decoded = decode_arm64(word);
    to.single = is_single_arm64(word);
  } else if (size == 2) {
    to.decoded = decode_thumb_short(static_cast<uint16_t>(word));
  } else if (thumb) {
    word = word << 16 | word >> 16;
    to.decoded = decode_thumb(word);
    to.single = is_single_thumb(word);
  } else {
    to.decoded = decode_arm(word);
    to.single = is_single_arm(word);
  }
}

// Whether what is translated is T32: CPSR.T. A block is translated when a CPU is about to execute
// it.
bool is_thumb() {
  static Registers registers;
  static bool found = false;
  if (plugin->arm64)
    return false;
  if (!std::exchange(found, true))
    registers.find();
  return (registers.value("cpsr") >> 5 & 1) != 0;
}

void on_exit(qemu_plugin_id_t, void*);

void stop_watching(qemu_plugin_id_t id) {
  qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
}

void on_stop(unsigned, void*) {
  qemu_plugin_reset(plugin->id, stop_watching);
}

void on_translation(qemu_plugin_id_t, qemu_plugin_tb* block) {
  const std::lock_guard guard(plugin->lock);
  if (!plugin->watcher)
    make_watcher();
  const size_t count = qemu_plugin_tb_n_insns(block);
  Block& own = plugin->blocks.emplace_back();
  const bool thumb = is_thumb();
  bool after_geometry = false;
  for (size_t i = 0; i < count; i++) {
    qemu_plugin_insn* each = qemu_plugin_tb_get_insn(block, i);
    Instruction& instruction = plugin->instructions.emplace_back();
    instruction.va = qemu_plugin_insn_vaddr(each);
    decode(each, thumb, instruction);
    if (i == 0) {
      own.va = instruction.va;
      const auto pa = plugin->ram.physical(qemu_plugin_insn_haddr(each));
      own.in_ram = pa.has_value();
      own.pa = pa.value_or(0);
    }
    own.end = instruction.va + qemu_plugin_insn_size(each);
    if (plugin->stop_pc != 0 && instruction.va == plugin->stop_pc)
      qemu_plugin_register_vcpu_insn_exec_cb(each, on_stop, kNoRegisters, nullptr);
    const bool wanted = instruction.decoded.op != Op::none &&
                        instruction.decoded.op != Op::exclusive &&
                        instruction.decoded.op != Op::trap;
    if (wanted || after_geometry)
      qemu_plugin_register_vcpu_insn_exec_cb(each, on_instruction, kReadsRegisters, &instruction);
    after_geometry = instruction.decoded.op == Op::read_geometry;
    qemu_plugin_register_vcpu_mem_cb(each, on_access, kReadsRegisters, kLoads | kStores,
                                     &instruction);
  }
  qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, kReadsRegisters, &own);
}

void on_exit(qemu_plugin_id_t, void*) {
  const std::lock_guard guard(plugin->lock);
  if (!plugin->watching)
    std::fprintf(plugin->log, "coherence: never came to %s\n", plugin->options.start.c_str());
  // Nothing found in nothing is no result.
  std::fprintf(plugin->log, "coherence: watched %" PRIu64 " blocks, %" PRIu64 " accesses\n",
               plugin->blocks_watched, plugin->accesses_watched);
  plugin->findings.summary();
  std::fflush(plugin->log);
}

void watch(qemu_plugin_id_t id) {
  plugin->watching = true;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
}

// Until the guest comes to `start` it runs at its full speed: only that block calls us. The reset
// throws away what was translated, so that from the next block on all is watched.
void on_start(unsigned, void*) {
  qemu_plugin_reset(plugin->id, watch);
}

void on_translation_before(qemu_plugin_id_t, qemu_plugin_tb* block) {
  const uint64_t start = plugin->start_pc;
  for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
    qemu_plugin_insn* each = qemu_plugin_tb_get_insn(block, i);
    if (qemu_plugin_insn_vaddr(each) == start)
      qemu_plugin_register_vcpu_insn_exec_cb(each, on_start, kNoRegisters, nullptr);
  }
}

// `text`: a symbol, an address or nothing.
bool find_place(const std::string& text, uint64_t& pc) {
  if (text.empty())
    return true;
  if (!number(text, pc))
    pc = plugin->symbols.address(text);
  if (pc == 0)
    std::fprintf(stderr, "coherence: no symbol %s\n", text.c_str());
  return pc != 0;
}

bool set_up(const char* target, int argc, char** argv) {
  plugin = new Plugin;  // for as long as QEMU runs: its callbacks come until it has ended
  plugin->arm64 = std::string_view(target) == "aarch64";
  for (int i = 0; i < argc; i++) {
    if (take(argv[i]))
      continue;
    std::fprintf(stderr, "coherence: bad argument: %s\n", argv[i]);
    return false;
  }
  plugin->watching = plugin->options.start.empty();
  return find_place(plugin->options.start, plugin->start_pc) &&
         find_place(plugin->options.stop, plugin->stop_pc);
}

}  // namespace
}  // namespace hyprelay::coherence

extern "C" {
__attribute__((visibility("default"))) int qemu_plugin_version = 4;

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
                                                               const qemu_info_t* info, int argc,
                                                               char** argv) {
  namespace own = hyprelay::coherence;
  if (!own::set_up(info->target_name, argc, argv))
    return 1;
  own::plugin->id = id;
  if (own::plugin->watching) {
    own::watch(id);
  } else {
    qemu_plugin_register_vcpu_tb_trans_cb(id, own::on_translation_before);
    qemu_plugin_register_atexit_cb(id, own::on_exit, nullptr);
  }
  return 0;
}
}
