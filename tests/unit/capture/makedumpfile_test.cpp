// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/makedumpfile.hpp"

#include <gtest/gtest.h>

namespace hyprelay::test {
namespace {

// Debian 12 and 13 have versions whose threads are not to be used on arm.
TEST(Makedumpfile, threads_are_used_where_they_do_not_race) {
  for (const char* version : {"1.7.8", "1.7.9", "1.7.10", "1.8.0", "2.0.0"}) {
    EXPECT_TRUE(capture::has_sound_threads("makedumpfile: version " + std::string(version) +
                                           " (released on 1 Oct 2025)\nlzo\tenabled\n"))
        << version;
  }
  for (const char* version : {"1.7.2", "1.7.6", "1.7.7", "1.6.99", "0.9.9", "1.7", "", "x"}) {
    EXPECT_FALSE(capture::has_sound_threads("makedumpfile: version " + std::string(version) +
                                            " (released on 20 Oct 2022)\n"))
        << version;
  }
  EXPECT_FALSE(capture::has_sound_threads(""));
  EXPECT_FALSE(capture::has_sound_threads("makedumpfile: not found\n"));
}

}  // namespace
}  // namespace hyprelay::test
