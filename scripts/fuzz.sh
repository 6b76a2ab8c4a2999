# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: one fuzz target for as long as is wanted, by libFuzzer with ASan and UBSan, in a build of its own
# (clang; the checked stage's driver is for ./x test). What it learned is kept in .cache/fuzz and is where it goes on.
: "${CACHE:?}" "${BUILD:?}" "${JOBS:?}"

FUZZ_PACKAGES=(clang device-tree-compiler)

# cmd_fuzz TARGET [--minutes N] [LIBFUZZER-OPTION...]; without a target: which there are.
cmd_fuzz() {
  local tree=$PWD/build/fuzz target='' minutes=1 options=()
  if (($#)) && [[ $1 != -* ]]; then
    target=$1
    shift
  fi
  while (($#)); do
    case $1 in
      --minutes)
        [[ ${2:-} =~ ^[1-9][0-9]{0,4}$ ]] || die "fuzz: --minutes wants a number of minutes, not '${2:-}'"
        minutes=$2
        shift 2
        ;;
      -?*) options+=("$1"); shift ;;
      *) die "fuzz: one target at a time, and '$1' is one too many" ;;
    esac
  done
  need "${FUZZ_PACKAGES[@]}" "${BUILD_PACKAGES[@]}"
  build carried_arm carried_arm64
  cmake -G Ninja -B "$tree" -DCMAKE_BUILD_TYPE=MinSizeRel -DHYPRELAY_STAGE=checked -DHYPRELAY_LIBFUZZER=ON \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    -DHYPRELAY_CACHE="$CACHE" -DHYPRELAY_IMAGES="$BUILD/images" >"$CACHE/configure.log" 2>&1 ||
    { cat "$CACHE/configure.log" >&2; die "cmake failed"; }
  if [ ! -e "$tree/tests/fuzz/$target.seeds" ]; then
    (cd "$tree/tests/fuzz" && basename -s .seeds -a -- *.seeds)
    [ -z "$target" ] || die "no such fuzz target: $target"
    return
  fi
  step "building fuzz_$target with clang"
  ninja -C "$tree" -j"$JOBS" "fuzz_$target" >"$CACHE/build.log" 2>&1 || { tail -n 60 "$CACHE/build.log" >&2; die "the build failed"; }
  fuzz_run "$tree" "$target" "$minutes" "${options[@]}"
}

# fuzz_run TREE TARGET MINUTES [LIBFUZZER-OPTION...]
fuzz_run() {
  local tree=$1 target=$2 minutes=$3 home=$CACHE/fuzz/$2 seed status=0
  shift 3
  rm -rf "$home/seeds"
  mkdir -p "$home/corpus" "$home/seeds" "$home/findings"
  while IFS= read -r seed; do
    cp "$seed" "$home/seeds/$(basename "$(dirname "$seed")")_$(basename "$seed")"
  done <"$tree/tests/fuzz/$target.seeds"
  say "x: fuzzing $target for $minutes min; findings go to $home/findings"
  # A trap of ours and an assertion are findings. Values that are compared are learned, not only guessed.
  ASAN_OPTIONS=handle_abort=1:handle_sigill=1:${ASAN_OPTIONS:-} UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-} \
    "$tree/tests/fuzz/fuzz_$target" "$home/corpus" "$home/seeds" -max_total_time=$((minutes * 60)) \
    -use_value_profile=1 -timeout=10 -print_final_stats=1 -artifact_prefix="$home/findings/" "$@" \
    >"$home/log" 2>&1 || status=$?
  fuzz_summary "$target" <"$home/log"
  ((status == 0)) || { fuzz_finding "$home/log" >&2; say "x: fuzz_$target found something: $home/log"; }
  return $status
}

# fuzz_summary TARGET: of libFuzzer's log, what was run and what of the program was reached.
fuzz_summary() {
  awk -v target="$1" '
    /^INFO: Loaded .* inline 8-bit counters/ { edges = $5; gsub(/[^0-9]/, "", edges) }
    / cov: [0-9]+ / {
      last = substr($1, 2)
      for (i = 1; i < NF; i++) { if ($i == "cov:") reached = $(i + 1); if ($i == "corp:") corpus = $(i + 1) }
      sub(/\/.*/, "", corpus)
    }
    /^stat::number_of_executed_units:/ { last = $2 }
    /^stat::average_exec_per_sec:/ { rate = $2 }
    END {
      printf "fuzz.%s: %d executions", target, last
      if (rate != "") printf ", %d a second", rate
      printf "; coverage: %d of %d edges (%.1f %%); corpus: %d inputs\n", reached, edges, edges ? 100 * reached / edges : 0, corpus
    }'
}

# fuzz_finding LOG: the report without the table of the fuzzer's progress.
fuzz_finding() { sed -n '/ERROR: \|runtime error: /,$p' "$1" | head -n 60; }
