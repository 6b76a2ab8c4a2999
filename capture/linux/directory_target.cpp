// SPDX-License-Identifier: BSD-2-Clause
// A dump in a folder of a mounted filesystem: dmesg.txt, the image, and SHA256SUMS for both.
#include "base/number_text.hpp"
#include "capture/linux/target.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;
using os::FileDescriptor;

constexpr const char* kIncomplete = ".incomplete";
constexpr const char* kLogName = "dmesg.txt";

// The memory of a machine holds secrets: for root alone.
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

// The folder is ours and new, but what it lies in may not be: nothing that somebody has put there
// is written through.
FileDescriptor create(const std::string& path) {
  ::unlink(path.c_str());
  return FileDescriptor(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
}

void sync_folder(const std::string& path) {
  const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.valid()) {
    ::fsync(folder.get());
  }
}

class DirectoryTarget : public Target {
 public:
  explicit DirectoryTarget(std::string folder) : folder_(std::move(folder)) {}

  std::string log_place() const override { return in_folder(kLogName); }
  std::string image_place() const override {
    return done_ ? in_folder(name_) : in_folder(name_) + kIncomplete;
  }
  std::string path_for_programs() const override { return image_place(); }

  std::optional<std::uint64_t> free_bytes() override {
    struct statvfs facts {};
    // A ramfs tells no sizes at all.
    if (::statvfs(folder_.c_str(), &facts) != 0 || facts.f_blocks == 0) {
      return std::nullopt;
    }
    return std::uint64_t{facts.f_bavail} * facts.f_frsize;
  }

  base::Result<void> save_log(std::string_view log) override {
    HR_TRYV(save_whole(kLogName, log));
    sums_ = base::hex_bytes(base::sha256(base::bytes_of(log))) + "  " + kLogName + "\n";
    return base::success();
  }

  base::Result<void> begin(const std::string& name) override {
    discard();
    name_ = name;
    holes_bytes_ = 0;
    file_ = create(image_place());
    return file_.valid() ? base::Result<void>(base::success()) : fault(errno, image_place());
  }

  base::Result<void> write(base::ByteView bytes) override {
    HR_TRYV(make_hole());
    return write_all(file_.get(), bytes, image_place());
  }

  base::Result<void> skip(std::uint64_t size_bytes) override {
    holes_bytes_ += size_bytes;
    return base::success();
  }

  base::Result<void> commit(const base::Sha256Digest& digest) override {
    HR_TRYV(make_hole());
    if (::fsync(file_.get()) != 0) {
      return fault(errno, image_place());
    }
    const std::string before = image_place();
    if (::rename(before.c_str(), in_folder(name_).c_str()) != 0) {
      return fault(errno, before);
    }
    done_ = true;
    HR_TRYV(save_whole("SHA256SUMS", sums_ + base::hex_bytes(digest) + "  " + name_ + "\n"));
    sync_folder(folder_);
    return base::success();
  }

  void discard() override {
    if (!name_.empty()) {
      ::unlink(image_place().c_str());
    }
    name_.clear();
    file_ = {};
  }

  void abandon() override {
    if (file_.valid()) {
      static_cast<void>(make_hole());
      ::fsync(file_.get());
    }
    sync_folder(folder_);
  }

 private:
  std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }

  static Error fault(int system_error, const std::string& place) {
    const bool full = system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
    return Error(full ? Code::CAPTURE_FULL : Code::CAPTURE_WRITE, Stage::kCapture, place);
  }

  // A small file: under another name until it is on the medium.
  base::Result<void> save_whole(const std::string& name, std::string_view content) {
    const std::string part = in_folder(name) + kIncomplete;
    const FileDescriptor file = create(part);
    if (!file.valid()) {
      return fault(errno, part);
    }
    HR_TRYV(write_all(file.get(), base::bytes_of(content), part));
    if (::fsync(file.get()) != 0 || ::rename(part.c_str(), in_folder(name).c_str()) != 0) {
      return fault(errno, part);
    }
    sync_folder(folder_);
    return base::success();
  }

  // The file gets longer by what was skipped, without taking room for it.
  base::Result<void> make_hole() {
    if (holes_bytes_ == 0) {
      return base::success();
    }
    const off_t end = ::lseek(file_.get(), static_cast<off_t>(holes_bytes_), SEEK_CUR);
    holes_bytes_ = 0;
    if (end < 0 || ::ftruncate(file_.get(), end) != 0) {
      return fault(errno, image_place());
    }
    return base::success();
  }

  std::string folder_;
  std::string name_;
  std::string sums_;
  FileDescriptor file_;
  std::uint64_t holes_bytes_ = 0;
  bool done_ = false;
};

// A folder, or the error that says why not.
base::Result<bool> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) {
    return true;
  }
  if (errno == EEXIST) {
    return false;
  }
  return Error(errno == ENOENT ? Code::FILE_MISSING : Code::FILE_UNWRITABLE, Stage::kCapture, path);
}

}  // namespace

base::Result<std::unique_ptr<Target>> open_directory(const std::string& path,
                                                     const std::string& dump_name) {
  HR_TRY(made_parent, make_folder(path));
  static_cast<void>(made_parent);
  // A second dump of the same crash gets a folder of its own.
  std::string folder = path + "/" + dump_name;
  for (unsigned number = 2;; ++number) {
    HR_TRY(made, make_folder(folder));
    if (made) {
      break;
    }
    constexpr unsigned kMost = 1000;
    if (number > kMost) {
      return Error(Code::FILE_UNWRITABLE, Stage::kCapture, folder);
    }
    folder.assign(path).append("/").append(dump_name);
    folder.append("-").append(std::to_string(number));
  }
  sync_folder(path);
  return std::unique_ptr<Target>(std::make_unique<DirectoryTarget>(folder));
}

}  // namespace hyprelay::capture
