# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: clang-tidy over every file of the checked stage, each by itself, though that stage compiles those of
# a library in units. A file that was clean is not looked at again until its text, a header that its unit includes, its
# command or the checks change: half a minute a file otherwise.
: "${CACHE:?}" "${BUILD:?}" "${JOBS:?}"

# tidy_keys: a line for each file that the checked stage compiles, "KEY FILE": the key is a digest of all that
# clang-tidy's word depends on. What a file includes is what the compiler told ninja. How each is compiled goes to
# $BUILD/tidy, without what GCC precompiled, which clang takes for a file of its own.
tidy_keys() {
  mkdir -p "$BUILD/tidy"
  python3 - "$BUILD/checked" "$BUILD/tidy/compile_commands.json" "$({ clang-tidy --version; cat .clang-tidy; } | sha256sum)" <<'TEXT'
import functools, hashlib, json, os, re, subprocess, sys
checked, commands_path, checks = sys.argv[1:]

@functools.cache
def digest_of(path):
    with open(os.path.join(checked, path), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()

# What each object is made from: its source is the first.
needs = {}
for line in subprocess.run(["ninja", "-C", checked, "-t", "deps"], capture_output=True, text=True, check=True).stdout.splitlines():
    if line.startswith("    "):
        needs[target].append(line.strip())
    elif ": #deps" in line:
        target = line.split(": #deps")[0]
        needs[target] = []

commands, keys = [], {}
for entry in json.load(open(os.path.join(checked, "compile_commands.json"))):
    unit, target = entry["file"], entry.get("output") or re.search(r" -o (\S+)", entry["command"])[1]
    if not target in needs:
        continue
    if "/Unity/unity_" in unit:
        sources = re.findall(r'^#include "(.*\.cpp)"', open(unit).read(), re.M)
    else:
        sources = [unit] if unit.endswith(".cpp") else []
    command = re.sub(r" -Winvalid-pch| -include \S*cmake_pch\.hxx", "", entry["command"])
    own = {os.path.realpath(path) for path in sources + [unit]}
    headers = sorted({os.path.realpath(os.path.join(checked, path)) for path in needs[target]} - own)
    for source in sources:
        alone = command.replace(unit, source)
        commands.append({"directory": entry["directory"], "command": alone, "file": source})
        told = keys.setdefault(os.path.realpath(source), hashlib.sha256(checks.encode()))
        told.update("\n".join([alone, digest_of(source)] + [digest_of(path) for path in headers]).encode())
json.dump(commands, open(commands_path, "w"), indent=1)
for source, told in sorted(keys.items()):
    print(told.hexdigest(), source)
TEXT
}

# tidy_one KEY FILE: its stamp, if it is clean.
tidy_one() { clang-tidy --quiet -p "$BUILD/tidy" "$2" && : >"$CACHE/tidy/$1"; }

# tidy [FILE...]: these, or all.
tidy() {
  local todo keys key file all=0 wanted=" "
  for file in "$@"; do wanted+="$(realpath "$file") "; done
  todo=$(mktemp)
  keys=$(tidy_keys) || die "clang-tidy: what the checked stage compiles could not be read"
  mkdir -p "$CACHE/tidy"
  while read -r key file; do
    [[ $# -eq 0 || $wanted == *" $file "* ]] || continue
    all=$((all + 1))
    [ -e "$CACHE/tidy/$key" ] || printf '%s %s\n' "$key" "$file" >>"$todo"
  done <<<"$keys"
  ((all)) || die "clang-tidy: no such file is compiled in the checked stage: $*"
  say "x: clang-tidy of $(wc -l <"$todo") files, $all looked at"
  export -f tidy_one
  export BUILD CACHE
  xargs -a "$todo" -r -P "$JOBS" -L 1 bash -c 'tidy_one "$@"' tidy_one
  rm -f "$todo"
}
