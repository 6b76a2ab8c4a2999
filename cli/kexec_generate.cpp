// SPDX-License-Identifier: BSD-2-Clause
#include "cli/kexec_generate.hpp"

#include "cli/kexec_rows.hpp"
#include "cli/roff.hpp"

namespace hyprelay::cli {
namespace {

constexpr std::string_view kKexecPurpose =
    "kernels loaded and started by hyprelay, by kexec-tools' options";
constexpr std::string_view kKexecSynopsis = "hyprelay-kexec [OPTION]... [KERNEL]";

constexpr std::string_view kKexecDescription = R"(
Boot menus, systemd and the services that save dumps call kexec. hyprelay-kexec takes what they say
and does it by hyprelay: the next kernel starts at HYP/EL2, and what is loaded is verified before.
It is the same program as hyprelay under another name; a link named kexec to it does the same.

Without -l, -p, -e, -f, -u and -S, KERNEL is loaded, and then the machine goes down in order and
starts it: by systemctl kexec, or where systemd does not run by shutdown -r now, whose scripts call
kexec -e. Options may follow KERNEL and may be abbreviated. Of an option that is given twice the
last counts, and so does the last of -l, -p, -e, -f and -u; but -l KERNEL -e does both. What it
cannot do it refuses with the reason, before anything is done.)";

struct KexecGroup {
  std::string_view title;
  bool (*has)(KexecOption);
};
constexpr auto kKexecGroups = std::to_array<KexecGroup>({
    {"Options", [](KexecOption does) { return does < KexecOption::kHolds; }},
    {"Options that change nothing",
     [](KexecOption does) { return does == KexecOption::kHolds || does == KexecOption::kIgnored; }},
    {"Options that are refused", [](KexecOption does) { return does == KexecOption::kRefused; }},
});

// "--initrd=FILE, --ramdisk=FILE", "--type=TYPE, -t TYPE"
std::string kexec_usage_of(const KexecRow& row) {
  std::string usage;
  for (const std::string_view name : split(row.names, ",")) {
    usage.append(usage.empty() ? "" : ", ").append(name);
    if (!row.argument.empty()) {
      usage.append(name.starts_with("--") ? "=" : " ").append(row.argument);
    }
  }
  return usage;
}

const char* kexec_effect_of(KexecOption does) {
  return does == KexecOption::kIgnored   ? "changes nothing, and a note says so: "
         : does == KexecOption::kHolds   ? "changes nothing: "
         : does == KexecOption::kRefused ? "refused (E00b): "
                                         : "";
}

}  // namespace

std::string kexec_help_text() {
  std::string text = "hyprelay-kexec: " + std::string(kKexecPurpose) +
                     "\n\nUsage: " + std::string(kKexecSynopsis) + "\n\n" +
                     wrapped(kKexecDescription, 0);
  for (const KexecGroup& group : kKexecGroups) {
    text += "\n" + std::string(group.title) + ":\n";
    for (const KexecRow& row : kKexecRows) {
      if (group.has(row.does)) {
        text += "  " + kexec_usage_of(row) + "\n" + wrapped(row.what, 8);
      }
    }
  }
  return text;
}

std::string kexec_man_page() {
  std::string page = ".\\\" Made from the table of options by hyprelay generate kexec-man.\n";
  page += ".TH HYPRELAY\\-KEXEC 8 \"\" \"hyprelay " + std::string(version()) +
          "\" \"System Administration\"\n";
  page += ".SH NAME\nhyprelay\\-kexec \\- " + roff(kKexecPurpose) + "\n";
  page += ".SH SYNOPSIS\n.B " + roff(kKexecSynopsis) + "\n";
  page += ".SH DESCRIPTION\n" + man_paragraphs(kKexecDescription);
  page += ".SH OPTIONS\n";
  for (const KexecGroup& group : kKexecGroups) {
    page += ".SS " + std::string(group.title) + "\n";
    for (const KexecRow& row : kKexecRows) {
      if (group.has(row.does)) {
        page += ".TP\n.B " + roff(kexec_usage_of(row)) + "\n" + roff(row.what) + ".\n";
      }
    }
  }
  page += man_exit_status();
  page +=
      ".SH EXAMPLES\n.nf\n" +
      roff("hyprelay-kexec -l /boot/vmlinuz-6.1 --initrd=/boot/initrd.img-6.1 --reuse-cmdline") +
      "\n" + roff("hyprelay-kexec -e") + "\n.fi\n";
  return page + ".SH SEE ALSO\n.BR hyprelay (8),\n.BR kexec (8),\n.BR systemctl (1)\n";
}

std::string kexec_bash_completion() {
  std::string words;
  std::string files;
  for (const KexecRow& row : kKexecRows) {
    for (const std::string_view name : split(row.names, ",")) {
      words.append(words.empty() ? "" : " ").append(name);
      if (!row.argument.empty() && row.argument != "FILE") {
        files.append(files.empty() ? "" : "|").append(name);
      }
    }
  }
  // bash splits --dtb=FILE at the equals sign, which then stands as a word of its own.
  return "# Made from the table of options by hyprelay generate kexec-completion.\n"
         "_hyprelay_kexec() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  if [[ $current == '=' ]]; then\n"
         "    current=''\n"
         "  elif [[ $previous == '=' ]]; then\n"
         "    previous=${COMP_WORDS[COMP_CWORD-2]}\n"
         "  fi\n"
         "  case $previous in\n"
         "    " +
         files +
         ")\n"
         "      COMPREPLY=()\n"
         "      return ;;\n"
         "  esac\n"
         "  if [[ $current == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         words +
         "' -- \"$current\"))\n"
         "  else\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -F _hyprelay_kexec hyprelay-kexec\n";
}

std::string kexec_table() {
  std::string table = "| option of kexec-tools | what hyprelay-kexec does |\n| --- | --- |\n";
  for (const KexecRow& row : kKexecRows) {
    std::string names;
    for (const std::string_view name : split(row.names, ",")) {
      const bool takes = !row.argument.empty();
      names.append(names.empty() ? "`" : ", `").append(name);
      names.append(!takes                   ? std::string()
                   : name.starts_with("--") ? "=" + std::string(row.argument)
                                            : " " + std::string(row.argument));
      names += "`";
    }
    table += "| " + names + " | " + kexec_effect_of(row.does) + std::string(row.what) + " |\n";
  }
  return table;
}

}  // namespace hyprelay::cli
