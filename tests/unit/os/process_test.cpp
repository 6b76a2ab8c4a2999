// SPDX-License-Identifier: BSD-2-Clause
#include "os/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hyprelay::os {
namespace {

TEST(Process, captures_both_streams_and_the_exit_code) {
  const Outcome outcome = run_captured({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.output, "out\n");
  EXPECT_EQ(outcome.errors, "err\n");
}

TEST(Process, more_than_a_pipe_holds) {
  const Outcome outcome =
      run_captured({"/bin/sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output.size(), 300000u);
  EXPECT_EQ(outcome.errors.size(), 300000u);
}

TEST(Process, death_by_signal_and_missing_program) {
  EXPECT_EQ(run_captured({"/bin/sh", "-c", "kill -9 $$"}).exit_code, 128 + 9);
  EXPECT_EQ(run_captured({"/nonexistent"}).exit_code, 127);
}

TEST(Process, streams_as_they_were_asked_for) {
  const Launch both = {.input = Launch::Input::kPipe,
                       .output = Launch::Output::kPipe,
                       .errors = Launch::Errors::kWithOutput,
                       .searched = true};
  auto cat = Process::start({"sh", "-c", "cat; echo err >&2"}, both);
  ASSERT_TRUE(cat);
  ASSERT_TRUE(write_all(cat->input(), "in\n"));
  cat->close_input();
  EXPECT_EQ(cat->read_rest(), "in\nerr\n");
  EXPECT_EQ(cat->wait(), 0);
  EXPECT_EQ(cat->wait(), -1);

  auto nothing = Process::start({"/bin/sh", "-c", "cat; exit 3"},
                                {.input = Launch::Input::kNone, .output = Launch::Output::kPipe});
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->read_rest(), "");
  EXPECT_EQ(nothing->wait(), 3);
}

// In a service all three may be closed, and their numbers are given to pipes.
TEST(Process, streams_that_are_closed_here) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(0);
    ::close(1);
    ::close(2);
    const Outcome outcome = run_captured({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"});
    ::_exit(outcome.exit_code == 7 && outcome.output == "out\n" && outcome.errors == "err\n" ? 0
                                                                                             : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Process, a_path_is_not_searched_for) {
  EXPECT_EQ(run_captured({"sh", "-c", "true"}).exit_code, 127);
  EXPECT_EQ(run_captured({}).exit_code, 127);
  EXPECT_TRUE(find_program("sh").ends_with("/sh"));
  EXPECT_EQ(find_program("no-such-program"), "");
}

// What a rehearsal ignores or holds back must still end the programs that it starts.
TEST(Process, signals_are_the_programs_own) {
  auto* const before = ::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run_captured({"/bin/sh", "-c", "kill -PIPE $$; echo on"}).exit_code, 128 + SIGPIPE);
  ::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace hyprelay::os
