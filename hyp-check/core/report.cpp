// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/report.hpp"

namespace hyprelay::hyp_check {

void Report::begin() {
  // Whatever a boot stage left on its last line ends here.
  output_.line();
  end();
  output_.line() << "TAP version 14";
  end();
}

bare::Voice& Report::note() {
  return output_.line() << "# ";
}

bare::Voice& Report::test(bool holds) {
  return output_.line() << (holds ? "ok " : "not ok ") << ++tests_ << " - ";
}

void Report::finish() {
  output_.line() << "1.." << tests_;
  end();
  note() << "end";
  end();
  output_.drain();
}

bare::Voice& Report::bail_out() {
  return output_.line() << "Bail out! ";
}

}  // namespace hyprelay::hyp_check
