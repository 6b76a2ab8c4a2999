// SPDX-License-Identifier: BSD-2-Clause
#include "cli/generate.hpp"

#include "cli/roff.hpp"
#include "cli/text.hpp"

#include <algorithm>

namespace hyprelay::cli {
namespace {

constexpr std::string_view kPurpose =
    "kexec between kernels on ARM that stays at HYP/EL2, verified before the jump";

constexpr std::string_view kDescription = R"(
An ARM machine that boots in HYP mode (32-bit) or at EL2 (arm64) loses that privilege easily between
two kernels. hyprelay loads the next kernel with its initrd and a device tree that was patched for
it, each where the boot protocols allow it and nothing will write before it is used, and a relay
that runs between the two kernels: it verifies the digest of everything, puts the CPU into the state
that the next kernel expects, starts it at HYP/EL2, and leaves a record that hyprelay status reads
there. It works where a device tree describes the machine, and where EFI started it, by ACPI or by a
tree; also in SVC or at EL1, where there is no HYP/EL2 to keep.

Nothing is changed before hyprelay exec; hyprelay plan shows beforehand what would go where.)";

// "--initrd FILE, --ramdisk FILE"
std::string usage_of(const OptionRow& row) {
  if (row.positional()) {
    return std::string(row.argument);
  }
  std::string usage;
  for (const std::string_view name : split(row.names, ",")) {
    usage.append(usage.empty() ? "" : ", ").append(name);
    if (row.takes != Takes::kNothing) {
      usage.append(" ").append(row.argument);
    }
  }
  return usage;
}

std::string sentence_of(const OptionRow& row) {
  std::string sentence(row.help);
  if (row.repeats) {
    sentence += "; may be given more than once";
  }
  if (row.required && !row.positional()) {
    sentence += " (required)";
  }
  if (!row.default_text.empty()) {
    sentence.append(" (default: ").append(row.default_text).append(")");
  }
  return sentence;
}

// "hyprelay load KERNEL [OPTION]..."
std::string synopsis_of(const CommandRow& command) {
  std::string synopsis = "hyprelay " + std::string(command.name);
  for (const OptionRow& row : option_rows()) {
    if (!row.belongs_to(command.id)) {
      continue;
    }
    if (row.positional()) {
      synopsis.append(row.required ? " " : " [").append(row.argument);
      synopsis.append(row.required ? "" : "]");
    } else if (row.required) {
      synopsis.append(" ").append(row.shown_name()).append(" ").append(row.argument);
    }
  }
  synopsis += " [OPTION]...";
  return command.id == Command::kRehearse ? synopsis + " [-- LOAD_OPTION...]" : synopsis;
}

std::string overview() {
  std::string text = "hyprelay: " + std::string(kPurpose) + "\n\nUsage: hyprelay COMMAND ...\n\n";
  text += "Commands:\n";
  for (const CommandRow& command : command_rows()) {
    if (!command.hidden) {
      std::string line = "  " + std::string(command.name);
      line.resize(14, ' ');
      text += line.append(command.summary) + '\n';
    }
  }
  return text + "\nhyprelay help COMMAND tells more about each; hyprelay(8) has everything.\n";
}

std::string man_command(const CommandRow& command) {
  std::string page = ".SS " + std::string(command.name) + "\n";
  page += ".B " + roff(synopsis_of(command)) + "\n.PP\n";
  page += man_paragraphs(command.details.empty() ? command.summary : command.details);
  for (const OptionRow& row : option_rows()) {
    if (row.belongs_to(command.id) && !row.hidden && !row.is("--help")) {
      page += ".TP\n.B " + roff(usage_of(row)) + "\n" + roff(sentence_of(row)) + ".\n";
    }
  }
  return page;
}

// Names of the command's options for compgen -W.
std::string completion_words(Command command) {
  std::string words;
  for (const OptionRow& row : option_rows()) {
    if (!row.belongs_to(command) || row.hidden || row.positional()) {
      continue;
    }
    for (const std::string_view name : split(row.names, ",")) {
      words.append(words.empty() ? "" : " ").append(name);
    }
  }
  return words;
}

// What follows an option that takes something: "load:--dtb) files ;;"
std::string completion_values(const CommandRow& command) {
  std::string cases;
  for (const OptionRow& row : option_rows()) {
    if (!row.belongs_to(command.id) || row.takes == Takes::kNothing) {
      continue;
    }
    std::string patterns;
    for (const std::string_view name : split(row.positional() ? "" : row.names, ",")) {
      patterns.append(patterns.empty() ? "" : "|").append(command.name).append(":").append(name);
    }
    if (row.positional()) {
      patterns = std::string(command.name) + ":";
    }
    const std::string words =
        row.takes == Takes::kChoice
            ? "COMPREPLY=($(compgen -W '" + std::string(row.choices) + "' -- \"$current\"))"
        : row.takes == Takes::kFile ? "compopt -o filenames 2>/dev/null\n"
                                      "      COMPREPLY=($(compgen -f -- \"$current\"))"
                                    : ":";
    cases.append("    ").append(patterns).append(")\n      ").append(words);
    cases += "\n      return ;;\n";
  }
  return cases;
}

}  // namespace

std::string help_text(std::optional<Command> id) {
  if (!id) {
    return overview();
  }
  const CommandRow& command = row_of(*id);
  std::string text = "hyprelay " + std::string(command.name) + ": " + std::string(command.summary);
  text += "\n\nUsage: " + synopsis_of(command) + "\n";
  if (!command.details.empty()) {
    text += "\n" + wrapped(command.details, 0);
  }
  text += "\n";
  for (const OptionRow& row : option_rows()) {
    if (row.belongs_to(command.id) && !row.hidden) {
      text += "  " + usage_of(row) + "\n" + wrapped(sentence_of(row), 8);
    }
  }
  return text;
}

std::string man_page() {
  std::string page = ".\\\" Made from the option table by hyprelay generate man.\n";
  page +=
      ".TH HYPRELAY 8 \"\" \"hyprelay " + std::string(version()) + "\" \"System Administration\"\n";
  page += ".SH NAME\nhyprelay \\- " + roff(kPurpose) + "\n";
  page += ".SH SYNOPSIS\n";
  for (const CommandRow& command : command_rows()) {
    if (!command.hidden) {
      page += ".B " + roff(synopsis_of(command)) + "\n.br\n";
    }
  }
  page += ".SH DESCRIPTION\n";
  page += man_paragraphs(kDescription);
  page += ".SH COMMANDS\n";
  for (const CommandRow& command : command_rows()) {
    if (!command.hidden) {
      page += man_command(command);
    }
  }
  page += man_exit_status();
  page += ".SH EXAMPLES\n.nf\n" +
          roff("hyprelay plan /boot/vmlinuz-6.1 --initrd /boot/initrd.img-6.1") + "\n" +
          roff("hyprelay load /boot/vmlinuz-6.1 --initrd /boot/initrd.img-6.1 --reuse-cmdline") +
          "\n" + roff("hyprelay exec") + "\n.fi\n";
  return page + ".SH SEE ALSO\n.BR kexec (8),\n.BR systemctl (1)\n";
}

std::string bash_completion() {
  std::string commands;
  std::string options;
  std::string values;
  for (const CommandRow& command : command_rows()) {
    if (!command.hidden) {
      commands.append(commands.empty() ? "" : " ").append(command.name);
    }
    options +=
        "    " + std::string(command.name) + ") words='" + completion_words(command.id) + "' ;;\n";
    values += completion_values(command);
  }
  // bash splits --dtb=FILE at the equals sign, which then stands as a word of its own.
  return "# Made from the option table by hyprelay generate completion.\n"
         "_hyprelay() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local command=${COMP_WORDS[1]} words=''\n"
         "  if [[ $current == '=' ]]; then\n"
         "    current=''\n"
         "  elif [[ $previous == '=' ]]; then\n"
         "    previous=${COMP_WORDS[COMP_CWORD-2]}\n"
         "  fi\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W '" +
         commands +
         " help --help --version' -- \"$current\"))\n"
         "    return\n"
         "  fi\n"
         "  [[ $previous == -* ]] || previous=''\n"
         "  [[ $current == -* ]] && previous='-'\n"
         "  case $command:$previous in\n" +
         values +
         "  esac\n"
         "  case $command in\n" +
         options +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -F _hyprelay hyprelay\n";
}

}  // namespace hyprelay::cli
