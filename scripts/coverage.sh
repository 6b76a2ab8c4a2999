# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: which lines the tests on the host run (unit, cli, nocompile not), counted by gcov in a build of
# its own: the libraries and tests of the checked stage with counters instead of sanitizers.
: "${CACHE:?}" "${BUILD:?}" "${JOBS:?}"

cmd_coverage() {
  local tree=$PWD/build/coverage status=0
  need "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}" gcovr
  build carried_arm carried_arm64
  need_kernels
  need_sshd
  [ -e "$tree/build.ninja" ] || cmake -G Ninja -B "$tree" -DCMAKE_BUILD_TYPE=MinSizeRel -DHYPRELAY_STAGE=checked \
    -DHYPRELAY_COVERAGE=ON -DHYPRELAY_CACHE="$CACHE" -DHYPRELAY_IMAGES="$BUILD/images" >"$CACHE/configure.log" 2>&1 ||
    { cat "$CACHE/configure.log" >&2; die "cmake failed"; }
  say "x: building with counters"
  ninja -C "$tree" -j"$JOBS" >"$CACHE/build.log" 2>&1 || { tail -n 60 "$CACHE/build.log" >&2; die "the build failed"; }
  find "$tree" -name '*.gcda' -delete
  ctest --test-dir "$tree" -j"$JOBS" -L '^(unit|cli)$' --output-on-failure >"$CACHE/ctest.log" 2>&1 || status=$?
  sed -n '/% tests passed, /p' "$CACHE/ctest.log"
  mkdir -p "$tree/html"
  gcovr --root . --object-directory "$tree" --exclude 'tests/' --exclude 'build/' --exclude 'docs/' \
    --exclude-throw-branches --csv "$tree/coverage.csv" --html-details "$tree/html/index.html" "$tree" >"$CACHE/gcovr.log" 2>&1 ||
    { cat "$CACHE/gcovr.log" >&2; die "gcovr failed"; }
  coverage_table <"$tree/coverage.csv"
  say "x: line by line: $tree/html/index.html"
  return $status
}

# coverage_table: gcovr's rows of files as rows of folders.
coverage_table() {
  awk -F, '
    function row(name, l, c, b, t) {
      return sprintf("%-20s %7d %7d %6.1f%% %6.1f%%", name, l, c, l ? 100 * c / l : 100, b ? 100 * t / b : 100)
    }
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
      folder = $1
      if (!sub(/\/[^\/]*$/, "", folder)) folder = "."
      lines[folder] += $column["line_total"]; run[folder] += $column["line_covered"]
      branches[folder] += $column["branch_total"]; taken[folder] += $column["branch_covered"]
    }
    END {
      printf "%-20s %7s %7s %7s %7s\n", "folder", "lines", "run", "lines", "branch"
      fflush()
      for (f in lines) {
        print row(f, lines[f], run[f], branches[f], taken[f]) | "sort"
        l += lines[f]; c += run[f]; b += branches[f]; t += taken[f]
      }
      close("sort")
      print row("all", l, c, b, t)
    }'
}
