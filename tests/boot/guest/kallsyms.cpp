// SPDX-License-Identifier: BSD-2-Clause
// The first program of a kernel: prints the names of its code as a System.map has them, and powers
// off. Debian's packages have no System.map.
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

int main() {
  mkdir("/proc", 0755);
  mount("proc", "/proc", "proc", 0, nullptr);
  std::ifstream symbols("/proc/kallsyms");
  for (std::string line; std::getline(symbols, line);) {
    std::istringstream words(line);
    std::string address;
    std::string type;
    std::string name;
    std::string module;
    words >> address >> type >> name;
    if ((type == "t" || type == "T") && !(words >> module)) {
      std::printf("%s\n", line.c_str());
    }
  }
  std::fflush(stdout);
  tcdrain(STDOUT_FILENO);
  reboot(RB_POWER_OFF);
}
