// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/gdb.hpp"

#include "base/number_text.hpp"
#include "rehearse/little_endian.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

Error error(std::string_view what) {
  return Error(Code::REHEARSE_TOOL, Stage::kRehearse, "gdbstub: " + std::string(what));
}

std::string hex_number(std::uint64_t value) {
  return base::hex(value).substr(2);  // "0x" is no part of the protocol
}

std::string address_and_size(std::uint64_t address, std::uint64_t size_bytes) {
  return hex_number(address) + "," + hex_number(size_bytes);
}

std::byte checksum(std::string_view packet) {
  unsigned char sum = 0;
  for (const char c : packet) {
    sum = static_cast<unsigned char>(sum + static_cast<unsigned char>(c));
  }
  return std::byte{sum};
}

}  // namespace

std::string gdb_frame(std::string_view packet) {
  const std::byte sum = checksum(packet);
  return "$" + std::string(packet) + "#" + base::hex_bytes({&sum, 1});
}

std::string hex_of(std::string_view bytes) {
  return base::hex_bytes(std::as_bytes(std::span(bytes)));
}

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    std::string_view digits = hex.substr(i, 2);
    const auto byte = base::take_number(digits, 16);
    if (!byte || !digits.empty()) {
      break;
    }
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

std::optional<GdbStop> parse_stop(std::string_view packet) {
  if (packet.size() < 3 || (packet[0] != 'T' && packet[0] != 'S')) {
    return std::nullopt;
  }
  GdbStop stop;
  constexpr std::string_view kWatch = "watch:";
  const std::size_t at = packet.find(kWatch);
  if (at != std::string_view::npos) {
    std::string_view digits = packet.substr(at + kWatch.size());
    stop.watched = base::take_number(digits, 16).value_or(0);
  }
  return stop;
}

Result<GdbClient> GdbClient::connect(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  os::FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid() || path.size() >= sizeof address.sun_path) {
    return error("no socket");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return error("cannot connect");
  }
  GdbClient client(std::move(fd));
  // QEMU answers for single registers only to those who asked for the target description.
  HR_TRYV(client.ask("qXfer:features:read:target.xml:0,ffb"));
  return client;
}

Result<void> GdbClient::resume() {
  return send("c");
}

Result<void> GdbClient::interrupt() {
  if (!os::write_all(socket_.get(), "\x03")) {
    return error("cannot interrupt");
  }
  HR_TRYV(read_stop());
  return base::success();
}

Result<GdbStop> GdbClient::read_stop() {
  HR_TRY(packet, receive());
  if (const auto stop = parse_stop(packet)) {
    return *stop;
  }
  return error("not a stop: " + packet);
}

Result<void> GdbClient::step() {
  HR_TRYV(send("s"));
  HR_TRYV(read_stop());
  return base::success();
}

// Hardware breakpoints (1) and write watchpoints (2): QEMU's are neither limited in number nor
// visible to the guest, and unlike software breakpoints (0) need no byte of memory.
Result<void> GdbClient::set_breakpoint(std::uint64_t address) {
  return command("Z1," + address_and_size(address, 4));
}
Result<void> GdbClient::clear_breakpoint(std::uint64_t address) {
  return command("z1," + address_and_size(address, 4));
}
Result<void> GdbClient::set_write_watch(std::uint64_t address, std::uint64_t size_bytes) {
  return command("Z2," + address_and_size(address, size_bytes));
}
Result<void> GdbClient::clear_write_watch(std::uint64_t address, std::uint64_t size_bytes) {
  return command("z2," + address_and_size(address, size_bytes));
}

Result<std::uint64_t> GdbClient::read_register(unsigned number) {
  HR_TRY(hex, ask("p" + hex_number(number)));
  const std::string bytes = bytes_of(hex);
  if (bytes.empty() || bytes.size() > 8) {
    return error("cannot read a register");
  }
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

Result<void> GdbClient::write_register(unsigned number, std::uint64_t value,
                                       std::size_t size_bytes) {
  std::string bytes;
  add_little_endian(bytes, value, size_bytes);
  return command("P" + hex_number(number) + "=" + hex_of(bytes));
}

Result<std::string> GdbClient::read_memory(std::uint64_t address, std::size_t size_bytes) {
  HR_TRY(hex, ask("m" + address_and_size(address, size_bytes)));
  std::string bytes = bytes_of(hex);
  if (bytes.size() != size_bytes) {
    return error("cannot read memory at 0x" + hex_number(address));
  }
  return bytes;
}

Result<void> GdbClient::write_memory(std::uint64_t address, std::string_view bytes) {
  return command("M" + address_and_size(address, bytes.size()) + ":" + hex_of(bytes));
}

Result<void> GdbClient::monitor(std::string_view text) {
  HR_TRYV(send("qRcmd," + hex_of(text)));
  for (;;) {
    HR_TRY(reply, receive());
    if (reply == "OK") {
      return base::success();
    }
    if (reply.empty() || reply[0] != 'O') {
      return error("the monitor refused: " + std::string(text));
    }
  }
}

Result<void> GdbClient::send(std::string_view packet) {
  if (!os::write_all(socket_.get(), gdb_frame(packet))) {
    return error("cannot send");
  }
  return base::success();
}

Result<std::string> GdbClient::receive() {
  // Far longer than any answer takes; a stub that says nothing is broken.
  constexpr int kPatienceMilliseconds = 60000;
  for (;;) {
    // Between packets there are only acknowledgements.
    const std::size_t start = pending_.find('$');
    const std::size_t hash = start == std::string::npos ? start : pending_.find('#', start);
    if (hash != std::string::npos && hash + 2 < pending_.size()) {
      std::string packet = pending_.substr(start + 1, hash - start - 1);
      pending_.erase(0, hash + 3);
      if (!os::write_all(socket_.get(), "+")) {
        return error("cannot acknowledge");
      }
      return packet;
    }
    pollfd stream = {socket_.get(), POLLIN, 0};
    char buffer[4096];
    if (poll(&stream, 1, kPatienceMilliseconds) <= 0) {
      return error("no answer");
    }
    const ssize_t count = read(socket_.get(), buffer, sizeof buffer);
    if (count <= 0) {
      return error("QEMU went away");
    }
    pending_.append(buffer, static_cast<std::size_t>(count));
  }
}

Result<std::string> GdbClient::ask(std::string_view packet) {
  HR_TRYV(send(packet));
  for (;;) {
    HR_TRY(reply, receive());
    // Connecting stops the guest, of which QEMU tells at a time of its own. No answer to a question
    // looks like that, and what it tells is known.
    if (parse_stop(reply)) {
      continue;
    }
    if (reply.size() == 3 && reply[0] == 'E') {
      return error(std::string(packet.substr(0, 40)) + ": " + reply);
    }
    return std::move(reply);
  }
}

Result<void> GdbClient::command(std::string_view packet) {
  HR_TRY(reply, ask(packet));
  if (reply != "OK") {
    return error(std::string(packet.substr(0, 40)) + ": \"" + reply + "\"");
  }
  return base::success();
}

}  // namespace hyprelay::rehearse
