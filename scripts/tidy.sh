# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: clang-tidy over every file of the checked stage. A file that was clean is not looked at again
# until its text, a header that it includes, its command or the checks change: half a minute a file otherwise.
: "${CACHE:?}" "${BUILD:?}" "${JOBS:?}"

# tidy_keys: a line for each file that the checked stage compiles, "KEY FILE": the key is a digest of all that
# clang-tidy's word depends on. What a file includes is what the compiler told ninja.
tidy_keys() {
  local checked=$BUILD/checked sums checks source all file command
  local -A command_of
  sums=$(mktemp)
  checks=$({ clang-tidy --version; cat .clang-tidy; } | sha256sum | cut -d' ' -f1)
  # CMake writes a line for each of a file's keys; of several commands for one file all count.
  while IFS=$'\t' read -r command file; do
    command_of[$file]+=$command
  done < <(sed -n 's/^ *"command": //p; s/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$checked/compile_commands.json" | paste - -)
  ninja -C "$checked" -t deps | sed -n 's/^    //p' | sort -u | (cd "$checked" && xargs -d '\n' sha256sum) >"$sums"
  # The first dependency of an object is its source. A line of digests each, digested in its turn.
  ninja -C "$checked" -t deps | awk -v sums="$sums" -v checks="$checks" '
    BEGIN { while ((getline line < sums) > 0) sum[substr(line, 67)] = substr(line, 1, 64) }
    /: #deps/ { if (source ~ /\.cpp$/) print source, all; source = ""; all = checks; next }
    /^    / { name = substr($0, 5); if (source == "") source = name; all = all sum[name] }
    END { if (source ~ /\.cpp$/) print source, all }' |
    while read -r source all; do
      file=$(realpath "$checked/$source" 2>/dev/null || realpath "$source")
      printf '%s %s\n' "$(sha256sum <<<"$all ${command_of[$file]:-}" | cut -d' ' -f1)" "$file"
    done | sort -u
  rm -f "$sums"
}

# tidy_commands: how files are compiled, without what GCC precompiled, which clang takes for a file of its own.
tidy_commands() {
  mkdir -p "$BUILD/tidy"
  sed 's/ -Winvalid-pch//; s/ -include [^ ]*cmake_pch\.hxx//' "$BUILD/checked/compile_commands.json" \
    >"$BUILD/tidy/compile_commands.json"
}

# tidy_one KEY FILE: its stamp, if it is clean.
tidy_one() { clang-tidy --quiet -p "$BUILD/tidy" "$2" && : >"$CACHE/tidy/$1"; }

# tidy [FILE...]: these, or all.
tidy() {
  local todo key file all=0 wanted=" "
  for file in "$@"; do wanted+="$(realpath "$file") "; done
  todo=$(mktemp)
  mkdir -p "$CACHE/tidy"
  while read -r key file; do
    [[ $# -eq 0 || $wanted == *" $file "* ]] || continue
    all=$((all + 1))
    [ -e "$CACHE/tidy/$key" ] || printf '%s %s\n' "$key" "$file" >>"$todo"
  done < <(tidy_keys)
  ((all)) || die "clang-tidy: no such file is compiled in the checked stage: $*"
  say "x: clang-tidy of $(wc -l <"$todo") files, $all looked at"
  tidy_commands
  export -f tidy_one
  export BUILD CACHE
  xargs -a "$todo" -r -P "$JOBS" -L 1 bash -c 'tidy_one "$@"' tidy_one
  rm -f "$todo"
}
