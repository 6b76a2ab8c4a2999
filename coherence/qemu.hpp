// SPDX-License-Identifier: BSD-2-Clause
// The few functions of QEMU's plugin interface that are used, and of GLib the two that come with
// it. Debian packages no header of it. [qemu/docs/devel/tcg-plugins], interface version 4, of
// QEMU 10.0: later versions still offer it.
#ifndef HR_COHERENCE_QEMU_HPP
#define HR_COHERENCE_QEMU_HPP

#include <cstddef>
#include <cstdint>

extern "C" {

struct GArray {
  char* data;
  unsigned len;
};
struct GByteArray {
  uint8_t* data;
  unsigned len;
};
GByteArray* g_byte_array_new();
GByteArray* g_byte_array_set_size(GByteArray* array, unsigned length);

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;
struct qemu_plugin_hwaddr;
struct qemu_plugin_reg_descriptor {
  qemu_plugin_register* handle;
  const char* name;
  const char* feature;
};
// The begin of what QEMU tells of itself; what follows is not read.
struct qemu_info_t {
  const char* target_name;
};

// In a callback: what it may do with registers, and which accesses it wants.
enum { kNoRegisters = 0, kReadsRegisters = 1 };
enum { kLoads = 1, kStores = 2 };

using qemu_plugin_id_t = uint64_t;
using VcpuCallback = void (*)(qemu_plugin_id_t, unsigned cpu);
using BlockCallback = void (*)(qemu_plugin_id_t, qemu_plugin_tb*);
using DataCallback = void (*)(unsigned cpu, void* data);
using MemoryCallback = void (*)(unsigned cpu, uint32_t info, uint64_t address, void* data);
using ExitCallback = void (*)(qemu_plugin_id_t, void* data);
using ResetCallback = void (*)(qemu_plugin_id_t);

void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t id, VcpuCallback callback);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, BlockCallback callback);
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb* block, DataCallback callback,
                                          int registers, void* data);
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn* instruction, DataCallback callback,
                                            int registers, void* data);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn* instruction, MemoryCallback callback,
                                      int registers, int accesses, void* data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, ExitCallback callback, void* data);

// Soon, when no CPU executes: all callbacks are gone, what was translated too; then `callback` may
// register new ones.
void qemu_plugin_reset(qemu_plugin_id_t id, ResetCallback callback);

size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* block);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* block, size_t index);
size_t qemu_plugin_insn_data(const qemu_plugin_insn* instruction, void* to, size_t length);
size_t qemu_plugin_insn_size(const qemu_plugin_insn* instruction);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn* instruction);
// Where this process has the instruction; nullptr in device memory.
void* qemu_plugin_insn_haddr(const qemu_plugin_insn* instruction);

unsigned qemu_plugin_mem_size_shift(uint32_t info);
bool qemu_plugin_mem_is_store(uint32_t info);
qemu_plugin_hwaddr* qemu_plugin_get_hwaddr(uint32_t info, uint64_t address);
bool qemu_plugin_hwaddr_is_io(const qemu_plugin_hwaddr* address);
uint64_t qemu_plugin_hwaddr_phys_addr(const qemu_plugin_hwaddr* address);

GArray* qemu_plugin_get_registers();
// Into the array, in the guest's byte order; its size or -1.
int qemu_plugin_read_register(qemu_plugin_register* handle, GByteArray* to);
void qemu_plugin_outs(const char* text);

}  // extern "C"

#endif
