// SPDX-License-Identifier: BSD-2-Clause
// By which names and forms a secret is known: words of command lines and configurations, properties
// of device trees, and what stands in any text. docs/machines.md has the same lists for users.
// Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

// Who found something: gives what goes in its place. `what`: "password". `remembered`: it is to be
// looked for elsewhere too.
using MarkSecret =
    std::function<std::string(std::string_view value, std::string_view what, bool remembered)>;

// What the value of a parameter or a key of a configuration is, by its name; empty: no secret.
std::string_view secret_of_word(std::string_view name);
// The same for a property of a device tree; `node`: its path.
std::string_view secret_of_property(std::string_view node, std::string_view name);
// Whether the property holds a command line: bootargs, xen,dom0-bootargs.
bool is_command_line_property(std::string_view name);

// The line with a mark for every value that is secret by its name, in a comma-separated list within
// a value too ("rootflags=user=x,password=y"), and for what stands before the '@' of an address
// ("nfs://user:password@host").
std::string mark_words(std::string_view line, const MarkSecret& mark);
// The same for one value whose name says nothing.
std::string mark_value(std::string_view value, const MarkSecret& mark);
// Whatever the text is: MAC addresses, serial numbers, private keys in PEM.
std::string mark_text(std::string_view text, const MarkSecret& mark);

// How long the MAC address is that the text begins with, or what is written so with more bytes, as
// a GUID of InfiniBand's: "aa:bb:cc:dd:ee:ff", or with hyphens. 0: there is none.
std::size_t mac_bytes(std::string_view text);

}  // namespace hyprelay::handoff
