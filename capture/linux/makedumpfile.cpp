// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/makedumpfile.hpp"

#include "base/config_lines.hpp"
#include "base/number_text.hpp"
#include "os/process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::size_t kBuffer = std::size_t{1} << 20;

// Reads a descriptor to its end: digests, counts, and passes on when there is somebody to pass to.
base::Result<DumpResult> drain(int fd, Target* target) {
  DumpResult result;
  base::Sha256 sha = new_sha256();
  std::vector<std::byte> buffer(kBuffer);
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Error(Code::CAPTURE_UNREADABLE, Stage::kCapture, "what makedumpfile wrote");
    }
    if (got == 0) {
      break;
    }
    const base::ByteView bytes(buffer.data(), static_cast<std::size_t>(got));
    sha.update(bytes);
    result.bytes += bytes.size();
    if (target != nullptr) {
      HR_TRYV(target->write(bytes));
    }
  }
  result.digest = sha.finish();
  return result;
}

// It writes VMCOREINFO to /tmp, whatever TMPDIR says, and an initrd may have none.
void provide_folder() {
  ::mkdir("/tmp", 01777);
}

std::string version_of(const std::string& program) {
  const os::Outcome said = os::run_captured({program, "-v"});
  return said.output + said.errors;
}

Error ended(int exit_code) {
  return Error(Code::CAPTURE_TOOL, Stage::kCapture,
               "makedumpfile ended with " + std::to_string(exit_code));
}

base::Result<DumpResult> run_into_file(std::vector<std::string> words, const std::string& image,
                                       Target& target) {
  const std::string path = target.path_for_programs();
  // The file is there already, with the permissions that it is to have.
  words.insert(words.end(), {"-f", image, path});
  HR_TRY(process, start_program(words, kShown));
  const int exit_code = process.wait();
  if (exit_code != 0) {
    // It does not tell a full filesystem from an image that it cannot read.
    constexpr std::uint64_t kFull = std::uint64_t{1} << 20;
    if (target.free_bytes().value_or(kFull) < kFull) {
      return Error(Code::CAPTURE_FULL, Stage::kCapture, path);
    }
    return ended(exit_code);
  }
  const os::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return ended(exit_code);
  }
  // The disk writes while we digest. That it has written is for commit() to see to.
  ::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return drain(file.get(), nullptr);
}

base::Result<DumpResult> run_into_pipe(std::vector<std::string> words, const std::string& image,
                                       Target& target) {
  words.insert(words.end(), {"-F", image});
  HR_TRY(process, start_program(words, kRead));
  HR_TRY(result, drain(process.output(), &target));
  const int exit_code = process.wait();
  return exit_code == 0 ? base::Result<DumpResult>(result) : ended(exit_code);
}

}  // namespace

std::string find_makedumpfile() {
  return os::find_program("makedumpfile");
}

bool has_sound_threads(std::string_view version) {
  constexpr std::array<std::uint64_t, 3> kFirst = {1, 7, 8};
  constexpr std::string_view kWord = "version ";
  const std::size_t at = version.find(kWord);
  if (at == std::string_view::npos) {
    return false;
  }
  version.remove_prefix(at + kWord.size());
  std::array<std::uint64_t, 3> numbers{};
  for (std::uint64_t& number : numbers) {
    const auto taken = base::take_number(version);
    if (!taken) {
      return false;
    }
    number = *taken;
    base::take_prefix(version, ".");
  }
  return numbers >= kFirst;
}

base::Result<DumpResult> run_makedumpfile(const std::string& program, const std::string& image,
                                          std::uint32_t level, unsigned threads, Target& target) {
  provide_folder();
  std::vector<std::string> words = {program, "-l", "-d", std::to_string(level)};
  // With one CPU, its threads would only wait for each other.
  if (threads > 1 && has_sound_threads(version_of(program))) {
    words.insert(words.end(), {"--num-threads", std::to_string(threads)});
  }
  return target.path_for_programs().empty() ? run_into_pipe(std::move(words), image, target)
                                            : run_into_file(std::move(words), image, target);
}

}  // namespace hyprelay::capture
