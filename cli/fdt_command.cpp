// SPDX-License-Identifier: BSD-2-Clause
#include "cli/fdt_command.hpp"

#include "abi/hr_abi.h"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "cli/request.hpp"
#include "fdt/dts_print.hpp"
#include "fdt/facts.hpp"
#include "fdt/tree_diff.hpp"
#include "handoff/tree_edits.hpp"
#include "os/files.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

Error fdt_usage(const std::string& what) {
  return Error(Code::USAGE, Stage::kUsage, "fdt " + what);
}

base::Result<int> show(const std::string& file, const std::vector<std::string>& more) {
  if (more.size() > 1) {
    return fdt_usage("show takes FILE and one NODE");
  }
  HR_TRY(tree, read_tree(file));
  const std::string node = more.empty() ? "/" : more.front();
  const auto path = tree.resolve(node);
  const auto text = path ? fdt::dts_of(tree, *path) : std::nullopt;
  if (!text) {
    return Error(Code::EDIT_NO_NODE, Stage::kTree, file + ": " + node);
  }
  return print(*text);
}

base::Result<int> diff(const std::string& file, const std::vector<std::string>& more) {
  if (more.size() != 1) {
    return fdt_usage("diff takes two files");
  }
  HR_TRY(a, read_tree(file));
  HR_TRY(b, read_tree(more.front()));
  const std::vector<std::string> lines = fdt::tree_differences(a, b);
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  HR_TRYV(print(text));
  return lines.empty() ? HR_EXIT_OK : HR_EXIT_DIFFERENT;
}

// `edits`: what is known of them but for the content of their overlays.
base::Result<int> change(const Arguments& arguments, const std::string& file,
                         const std::vector<std::string>& overlays, handoff::TreeEdits edits) {
  const auto output = arguments.text("--output");
  if (!output) {
    return fdt_usage("patch and merge write what comes out: --output is missing");
  }
  HR_TRY(tree, read_tree(file));
  if (fdt::is_overlay(tree)) {
    return Error(Code::TREE_OVERLAY, Stage::kTree, file);
  }
  for (const std::string& path : overlays) {
    HR_TRY(overlay, read_tree(path));
    edits.overlays.push_back({std::move(overlay), path});
  }
  HR_TRY(done, handoff::apply_edits(edits, tree, handoff::EditFor::kFile));
  HR_TRYV(os::write_text(*output, base::text_of(tree.packed())));
  std::string text;
  for (const std::string& what : done) {
    text += "tree: " + what + "\n";
  }
  // Behind a tree on stdout nothing else may stand.
  return *output == "-" ? base::Result<int>(HR_EXIT_OK) : print(text);
}

}  // namespace

base::Result<int> run_fdt(const Arguments& arguments) {
  const std::string action = arguments.text("ACTION").value_or("");
  const std::string file = arguments.text("FILE").value_or("");
  const std::vector<std::string> more = arguments.texts("MORE");
  HR_TRY(edits, edits_of(arguments));
  const std::vector<std::string> overlays = arguments.texts("--overlay");
  const bool has_edits = !edits.empty() || !overlays.empty();
  if (action != "patch" && has_edits) {
    return fdt_usage(action + " takes no --overlay, --set or --delete; patch does");
  }
  if (action == "show") {
    return show(file, more);
  }
  if (action == "diff") {
    return diff(file, more);
  }
  if (action == "merge") {
    return more.empty() ? fdt_usage("merge takes a tree and its overlays")
                        : change(arguments, file, more, std::move(edits));
  }
  return more.empty() ? change(arguments, file, overlays, std::move(edits))
                      : base::Result<int>(fdt_usage("patch takes one FILE"));
}

}  // namespace hyprelay::cli
