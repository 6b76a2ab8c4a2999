// SPDX-License-Identifier: BSD-2-Clause
// What hyprelay status says of machines that this one is not.
#include "cli/print.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

TEST(Status, without_reserved_memory_it_says_what_to_boot_with) {
  Status status;
  status.crash_loaded = false;
  EXPECT_NE(status_text(status).find("panic:    no crash kernel is loaded\n"), std::string::npos);
  status.crash_bytes = 256u << 20;
  EXPECT_NE(status_text(status).find("panic:    no crash kernel is loaded\n"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(status_json(status))["crash_bytes"], 256u << 20);
  status.crash_bytes = 0;
  EXPECT_NE(status_text(status).find("boot with crashkernel=SIZE"), std::string::npos)
      << status_text(status);
  // A kernel that cannot hold one has nothing to say.
  status.crash_loaded = std::nullopt;
  EXPECT_EQ(status_text(status).find("panic:"), std::string::npos);
}

}  // namespace
}  // namespace hyprelay::cli
