# SPDX-License-Identifier: BSD-2-Clause
# hyprelay capture in the crash kernel of a rehearsal: the log and all of the memory of the kernel that
# panicked are copied to the crash kernel's own memory, half of which a copy may take. The log itself
# is not printed here, since the rehearsal would take its last lines for a panic of the crash kernel.

# hr_capture_test(name ARGS ... EXPECT ...)
function(hr_capture_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ARGS;EXPECT")
  hr_boot_test(capture.${name}
    ARGS ${arg_ARGS} --panic --cpus 2
         --capture-run "/hyprelay-rehearse/hyprelay capture --to /crash --format zstd --json"
    EXPECT ok=true kernels.*.initrd_intact=true vmcore.readable=true vmcore.saved_by=hyprelay
           ${arg_EXPECT}
    SAYS_AFTER "log of the dead kernel saved: /crash/" "{\"complete\":true,\"to\":\"/crash\"")
endfunction()

foreach(flavour armmp armmp-lpae)
  hr_capture_test(${flavour}
    ARGS ${arm} --from @${flavour} --to @${flavour} --memory 768M --crashkernel 384M
    EXPECT ${in_hyp})
endforeach()
hr_capture_test(arm64 ARGS ${arm64} --memory 1536M --crashkernel 960M EXPECT ${at_el2})
