// SPDX-License-Identifier: BSD-2-Clause
// A dump on another machine, through the ssh program: its keys, configuration and known hosts are
// what they are for everybody else. The other machine needs a shell with cat, df, mkdir, mv,
// sha256sum and sync.
#include "base/number_text.hpp"
#include "capture/linux/target.hpp"
#include "os/process.hpp"

#include <algorithm>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr const char* kLogName = "dmesg.txt";

// One word for the other machine's shell.
std::string quoted(std::string_view word) {
  std::string text = "'";
  for (const char c : word) {
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return text + "'";
}

// How ssh is called. Nobody is there to type a password; a link that is dead for half a minute is
// given up.
std::vector<std::string> ssh_words(const std::string& program, const TargetName& name,
                                   const Settings& settings) {
  std::vector<std::string> words = {program, "-T",
                                    "-o",    "BatchMode=yes",
                                    "-o",    "ConnectTimeout=20",
                                    "-o",    "ServerAliveInterval=10",
                                    "-o",    "ServerAliveCountMax=3"};
  if (!settings.ssh_key.empty()) {
    words.insert(words.end(), {"-i", settings.ssh_key});
  }
  if (settings.ssh_port != 0) {
    words.insert(words.end(), {"-p", std::to_string(settings.ssh_port)});
  }
  words.insert(words.end(), {"--", name.host});
  return words;
}

// Before the number of the folder that was made; whatever a login prints comes before it.
constexpr std::string_view kFolderMark = "hyprelay-folder:";

// Of what "df -Pk" prints: a heading, then "device blocks used available capacity mounted-on"
// [POSIX, df].
std::optional<std::uint64_t> free_of(std::string_view answer) {
  std::size_t at = answer.find('\n');
  for (int field = 0; field < 3 && at != std::string_view::npos; ++field) {
    at = answer.find_first_not_of(" \t\n", at);
    at = at == std::string_view::npos ? at : answer.find_first_of(" \t", at);
  }
  at = at == std::string_view::npos ? at : answer.find_first_not_of(" \t", at);
  answer.remove_prefix(std::min(at, answer.size()));
  const auto kilobytes = base::take_number(answer);
  return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

class SshTarget : public Target {
 public:
  SshTarget(std::vector<std::string> ssh, TargetName name, const std::string& dump_name)
      : ssh_(std::move(ssh)), name_(std::move(name)), folder_(name_.path + "/" + dump_name) {}

  std::string log_place() const override { return place(kLogName); }
  std::string image_place() const override {
    return place(done_ ? image_name_ : image_name_ + ".incomplete");
  }
  std::optional<std::uint64_t> free_bytes() override { return free_bytes_; }

  // Makes a folder that was not there, as a directory of our own gets one, and asks for its free
  // space, which shows early whether the link works. Without a name for the dump, its parent alone.
  base::Result<void> prepare(const std::string& dump_name) {
    std::string command = "umask 077; d=" + quoted(name_.path) + "; mkdir -p \"$d\" || exit 1; ";
    if (!dump_name.empty()) {
      command +=
          "f=" + quoted(folder_) +
          "; d=$f; n=1; until mkdir \"$d\" 2>/dev/null; do [ -e \"$d\" ] && [ $n -lt 1000 ] || "
          "{ mkdir \"$d\"; exit 1; }; n=$((n+1)); d=$f-$n; done; echo \"" +
          std::string(kFolderMark) + "$n\"; ";
    }
    HR_TRY(answer, ask(command + "df -Pk \"$d\""));
    if (!dump_name.empty()) {
      const std::size_t mark = answer.find(kFolderMark);
      if (mark == std::string::npos) {
        return fault();
      }
      std::string_view number = std::string_view(answer).substr(mark + kFolderMark.size());
      const auto which = base::take_number(number);
      folder_ += which && *which > 1 ? "-" + std::to_string(*which) : "";
      answer.erase(0, answer.find('\n', mark) + 1);
    }
    free_bytes_ = free_of(answer);
    return base::success();
  }

  base::Result<void> save_log(std::string_view log) override {
    const base::ByteView bytes = base::bytes_of(log);
    HR_TRYV(open_pipe(kLogName));
    HR_TRYV(write(bytes));
    return finish(kLogName, base::hex_bytes(base::sha256(bytes)));
  }

  base::Result<void> begin(const std::string& name) override {
    image_name_ = name;
    return open_pipe(name);
  }

  base::Result<void> write(base::ByteView bytes) override {
    if (!write_all(pipe_->input(), bytes, "")) {
      return fault();
    }
    return base::success();
  }

  base::Result<void> commit(const base::Sha256Digest& digest) override {
    HR_TRYV(finish(image_name_, base::hex_bytes(digest)));
    done_ = true;
    return base::success();
  }

  void abandon() override {
    if (pipe_) {
      pipe_->close_input();
      pipe_->wait();
      pipe_.reset();
    }
  }

 private:
  std::string place(const std::string& name) const {
    return target_text({TargetKind::kSsh, folder_ + "/" + name, name_.host});
  }
  Error fault() const { return Error(Code::CAPTURE_SSH, Stage::kCapture, name_.host); }

  std::vector<std::string> words(const std::string& command) const {
    std::vector<std::string> all = ssh_;
    all.push_back(command);
    return all;
  }

  // Runs a command there and gives what it prints.
  base::Result<std::string> ask(const std::string& command) const {
    HR_TRY(process, start_program(words(command), kRead));
    std::string answer = process.read_rest();
    if (process.wait() != 0) {
      return fault();
    }
    return answer;
  }

  base::Result<void> open_pipe(const std::string& name) {
    abandon();
    HR_TRY(process, start_program(words("umask 077 && cat > " + incomplete(name)),
                                  {.input = os::Launch::Input::kPipe,
                                   .output = os::Launch::Output::kOurErrors}));
    pipe_ = std::make_unique<os::Process>(std::move(process));
    return base::success();
  }

  std::string incomplete(const std::string& name) const {
    return quoted(folder_ + "/" + name + ".incomplete");
  }

  // A link that breaks looks like the end of the file over there: only a digest that fits makes it
  // a whole one.
  base::Result<void> finish(const std::string& name, const std::string& digest) {
    pipe_->close_input();
    const int exit_code = pipe_->wait();
    pipe_.reset();
    if (exit_code != 0) {
      return fault();
    }
    const std::string part = incomplete(name);
    const std::string sums = quoted(folder_ + "/SHA256SUMS");
    HR_TRY(answer,
           ask("sum=$(sha256sum < " + part + ") && if [ \"${sum%% *}\" = " + digest +
               " ]; then mv " + part + " " + quoted(folder_ + "/" + name) + " && echo '" + digest +
               "  " + name + "' >> " + sums + " && sync && echo saved; else echo differs; fi"));
    if (answer.starts_with("saved")) {
      return base::success();
    }
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, place(name));
  }

  std::vector<std::string> ssh_;
  TargetName name_;
  std::string folder_;
  std::string image_name_;
  std::unique_ptr<os::Process> pipe_;
  std::optional<std::uint64_t> free_bytes_;
  bool done_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Target>> open_ssh(const TargetName& name, const Settings& settings,
                                               const std::string& dump_name) {
  const std::string program = os::find_program("ssh");
  if (program.empty()) {
    return Error(Code::CAPTURE_SSH, Stage::kCapture, "there is no ssh program");
  }
  auto target = std::make_unique<SshTarget>(ssh_words(program, name, settings), name, dump_name);
  HR_TRYV(target->prepare(dump_name));
  return std::unique_ptr<Target>(std::move(target));
}

}  // namespace hyprelay::capture
