// SPDX-License-Identifier: BSD-2-Clause
// A client of QEMU's gdbstub: the few packets of GDB's remote serial protocol that the hooks need
// [GDB manual, appendix E]. Environment: Linux host. Not a debugger: the guest is stopped for every
// call but resume(), interrupt() and read_stop().
#pragma once

#include "base/result.hpp"
#include "os/files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::rehearse {

// "$packet#checksum", as it travels.
std::string gdb_frame(std::string_view packet);
// Bytes as hex digits and back. Digits that are none end the decoding.
std::string hex_of(std::string_view bytes);
std::string bytes_of(std::string_view hex);

// Why the guest stopped.
struct GdbStop {
  // Address of the write that a watchpoint saw; unset: a breakpoint, a step or an interrupt.
  std::optional<std::uint64_t> watched;
};

// The packets "T05thread:01;watch:40208000;" and "S05". nullopt for anything else.
std::optional<GdbStop> parse_stop(std::string_view packet);

class GdbClient {
 public:
  // Connects to the unix socket of QEMU's gdbstub, which stops the guest.
  // Every function: REHEARSE_TOOL when the stub went away or answers an error.
  static base::Result<GdbClient> connect(const std::string& path);

  int descriptor() const { return socket_.get(); }

  base::Result<void> resume();
  // Stops a running guest.
  base::Result<void> interrupt();
  // Reads why it stopped, once the descriptor is readable.
  base::Result<GdbStop> read_stop();
  // Executes one instruction of the CPU that stopped.
  base::Result<void> step();

  base::Result<void> set_breakpoint(std::uint64_t address);
  base::Result<void> clear_breakpoint(std::uint64_t address);
  base::Result<void> set_write_watch(std::uint64_t address, std::uint64_t size_bytes);
  base::Result<void> clear_write_watch(std::uint64_t address, std::uint64_t size_bytes);

  // Register numbers are those of the target description; little endian, `size_bytes` each.
  base::Result<std::uint64_t> read_register(unsigned number);
  base::Result<void> write_register(unsigned number, std::uint64_t value, std::size_t size_bytes);
  // As the CPU sees memory: physical while its MMU is off.
  base::Result<std::string> read_memory(std::uint64_t address, std::size_t size_bytes);
  base::Result<void> write_memory(std::uint64_t address, std::string_view bytes);
  // A command of QEMU's human monitor; what it prints is dropped.
  base::Result<void> monitor(std::string_view command);

 private:
  explicit GdbClient(os::FileDescriptor socket) : socket_(std::move(socket)) {}

  base::Result<void> send(std::string_view packet);
  base::Result<std::string> receive();
  base::Result<std::string> ask(std::string_view packet);
  base::Result<void> command(std::string_view packet);

  os::FileDescriptor socket_;
  std::string pending_;
};

}  // namespace hyprelay::rehearse
