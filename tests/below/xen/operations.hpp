// SPDX-License-Identifier: BSD-2-Clause
// Every typed operation of compat/hr_xen.h, asked of the real Xen 4.17 by dom0 or a guest. Included
// twice: inline, and with HR_OUT_OF_LINE. What Xen answers is written here as it was described,
// or, with the reason beside it, as it was seen.
#pragma once

#include "tests/below/xen/pages.hpp"

namespace hyprelay::below {
namespace {

constinit unsigned calls = 0;

// One call, one answer.
#define ANSWERS(call, wanted)                                             \
  (++calls, CHECK_EQ(static_cast<std::uint64_t>(static_cast<long>(call)), \
                     static_cast<std::uint64_t>(static_cast<long>(wanted))))

constexpr hr_le16 kSelf = {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    0xf07f
#else
    0x7ff0
#endif
};

bool has(const char* text, const char* part, unsigned size) {
  for (unsigned at = 0; at < size && text[at] != '\0'; ++at) {
    unsigned i = 0;
    while (part[i] != '\0' && at + i < size && text[at + i] == part[i]) {
      ++i;
    }
    if (part[i] == '\0') {
      return true;
    }
  }
  return false;
}

void ask_version() {
  ANSWERS(hr_xenver_version(), 0x40011);
  struct hr_xen_extraversion extra = {};
  ANSWERS(hr_xenver_extraversion(&extra), 0);
  CHECK(extra.text[0] == '.');
  struct hr_xen_compile_info compiled = {};
  ANSWERS(hr_xenver_compile_info(&compiled), 0);
  CHECK(has(compiled.compiler, "gcc", sizeof compiled.compiler));
  CHECK(compiled.compile_date[0] != '\0');
  struct hr_xen_capabilities_info capabilities = {};
  ANSWERS(hr_xenver_capabilities(&capabilities), 0);
#ifdef __arm__
  CHECK(has(capabilities.text, "xen-3.0-armv7l", sizeof capabilities.text));
#else
  CHECK(has(capabilities.text, "xen-3.0-aarch64", sizeof capabilities.text));
#endif
  struct hr_xen_changeset_info changeset = {};
  ANSWERS(hr_xenver_changeset(&changeset), 0);
  struct hr_xen_platform_parameters parameters = {};
  parameters.virt_start = hr_le64_of(1);
  ANSWERS(hr_xenver_platform_parameters(&parameters), 0);
  CHECK(hr_le64_value(parameters.virt_start) != 1);
  struct hr_xen_feature_info features = {};
  ANSWERS(hr_xenver_get_features(&features), 0);
  const std::uint32_t submap = hr_le32_value(features.submap);
  CHECK((submap >> HR_XENFEAT_DOM0 & 1) == kIsDom0);
  CHECK((submap >> HR_XENFEAT_AUTO_TRANSLATED_PHYSMAP & 1) == 1);
  CHECK((submap >> HR_XENFEAT_ARM_SMCCC_SUPPORTED & 1) == 1);
  // The second submap does not exist: the index arrived as little endian.
  features.submap_idx = hr_le32_of(1);
  ANSWERS(hr_xenver_get_features(&features), -HR_XEN_EINVAL);
  ANSWERS(hr_xenver_pagesize(), 4096);
  struct hr_xen_domain_handle handle = {};
  ANSWERS(hr_xenver_guest_handle(&handle), 0);
  struct hr_xen_commandline line = {};
  ANSWERS(hr_xenver_commandline(&line), 0);
  CHECK(has(line.text, kIsDom0 ? "dom0_mem=128M" : "<denied>", sizeof line.text));
  ANSWERS(hr_xenver_build_id(nullptr), kIsDom0 ? 20 : -HR_XEN_EPERM);
}

struct hr_xen_memory_reservation one_page(hr_le64* frame) {
  struct hr_xen_memory_reservation reservation = {};
  reservation.extent_start = hr_xen_handle(frame);
  reservation.nr_extents = hr_le64_of(1);
  reservation.domid = kSelf;
  return reservation;
}

// The memory behind a frame is Xen's again: a frame that gets something else would keep it.
void give_back(const Page& page) {
  hr_le64 frame = hr_le64_of(frame_of(page));
  struct hr_xen_memory_reservation reservation = one_page(&frame);
  ANSWERS(hr_xenmem_decrease_reservation(&reservation), 1);
}

// Memory behind a frame that has none.
void populate(const Page& page) {
  hr_le64 frame = hr_le64_of(frame_of(page));
  struct hr_xen_memory_reservation reservation = one_page(&frame);
  ANSWERS(hr_xenmem_populate_physmap(&reservation), 1);
}

// What Xen has put behind a frame goes, and memory comes in its place.
void take_back(const Page& page) {
  struct hr_xen_remove_from_physmap remove = {};
  remove.domid = kSelf;
  remove.gpfn = hr_le64_of(frame_of(page));
  ANSWERS(hr_xenmem_remove_from_physmap(&remove), 0);
  populate(page);
}

void ask_memory() {
  struct hr_xen_memory_domain self = {kSelf};
  ANSWERS(hr_xenmem_current_reservation(&self), 0x8000);  // pages of 128 MiB
  ANSWERS(hr_xenmem_maximum_reservation(&self), 0x8000);
  const long last = hr_xenmem_maximum_gpfn(&self);
  CHECK(last >= static_cast<long>(frame_of(target_page)));
  const long ram = hr_xenmem_maximum_ram_page();
  CHECK(ram > 0x40000 && ram <= 0x80000);  // 1 GiB from 0x40000000
  calls += 2;

  give_back(target_page);
  populate(target_page);
  target_page.byte[5] = 0x55;
  CHECK_EQ(target_page.byte[5], 0x55u);
  // Nothing is asked for, and nothing is given.
  struct hr_xen_memory_reservation reservation = one_page(nullptr);
  reservation.nr_extents = hr_le64_of(0);
  ANSWERS(hr_xenmem_increase_reservation(&reservation), 0);
  struct hr_xen_memory_exchange exchange = {};
  exchange.in = reservation;
  exchange.out = reservation;
  ANSWERS(hr_xenmem_exchange(&exchange), 0);

  struct hr_xen_add_to_physmap add = {};
  add.domid = kSelf;
  add.space = hr_le32_of(HR_XENMAPSPACE_SHARED_INFO);
  add.gpfn = hr_le64_of(frame_of(shared_info_page));
  shared_info_page.byte[kPage - 1] = 0x77;
  give_back(shared_info_page);
  ANSWERS(hr_xenmem_add_to_physmap(&add), 0);
  CHECK_EQ(shared_info_page.byte[kPage - 1], 0u);          // another page now
  ANSWERS(hr_xenmem_add_to_physmap(&add), -HR_XEN_EBUSY);  // it has one place
  add.space = hr_le32_of(99);
  ANSWERS(hr_xenmem_add_to_physmap(&add), -HR_XEN_ENOSYS);
}

struct hr_shared_info& shared_info() {
  return *at<struct hr_shared_info>(shared_info_page);
}

bool is_pending(std::uint32_t port) {
  return (hr_le64_value(shared_info().evtchn_pending[port / 64]) >> (port % 64) & 1) != 0;
}

void check_status(std::uint32_t port, std::uint32_t wanted, std::uint32_t remote) {
  struct hr_evtchn_status status = {};
  status.dom = kSelf;
  status.port = hr_le32_of(port);
  ANSWERS(hr_evtchnop_status(&status), 0);
  CHECK_EQ(hr_le32_value(status.status), wanted);
  if (wanted == HR_EVTCHNSTAT_INTERDOMAIN) {
    CHECK_EQ(hr_le32_value(status.remote) & 0xffff, kOwnDomain);
    CHECK_EQ(hr_le32_value(status.remote_port), remote);
  }
}

void close(std::uint32_t port) {
  struct hr_evtchn_close closed = {hr_le32_of(port)};
  ANSWERS(hr_evtchnop_close(&closed), 0);
}

// A channel from this domain to itself.
void ask_channel() {
  struct hr_evtchn_alloc_unbound alloc = {};
  alloc.dom = kSelf;
  alloc.remote_dom = kSelf;
  ANSWERS(hr_evtchnop_alloc_unbound(&alloc), 0);
  const std::uint32_t far_port = hr_le32_value(alloc.port);
  CHECK(far_port != 0 && far_port < 64);
  check_status(far_port, HR_EVTCHNSTAT_UNBOUND, 0);
  struct hr_evtchn_bind_interdomain bind = {};
  bind.remote_dom = kSelf;
  bind.remote_port = alloc.port;
  ANSWERS(hr_evtchnop_bind_interdomain(&bind), 0);
  const std::uint32_t near_port = hr_le32_value(bind.local_port);
  check_status(near_port, HR_EVTCHNSTAT_INTERDOMAIN, far_port);
  CHECK(!is_pending(far_port));
  struct hr_evtchn_send send = {bind.local_port};
  ANSWERS(hr_evtchnop_send(&send), 0);
  CHECK(is_pending(far_port));

  // What is pending is waited for, and does not wait.
  hr_le32 ports[1] = {alloc.port};
  struct hr_sched_poll poll = {};
  poll.ports = hr_xen_handle(ports);
  poll.nr_ports = hr_le32_of(1);
  ANSWERS(hr_schedop_poll(&poll), 0);
  // And what is not, until a time that is over.
  ports[0] = bind.local_port;
  poll.timeout = hr_le64_of(1);
  ANSWERS(hr_schedop_poll(&poll), 0);
  poll.nr_ports = hr_le32_of(129);
  ANSWERS(hr_schedop_poll(&poll), -HR_XEN_EINVAL);

  struct hr_evtchn_bind_vcpu to = {bind.local_port, hr_le32_of(0)};
  ANSWERS(hr_evtchnop_bind_vcpu(&to), 0);
  struct hr_evtchn_unmask unmask = {bind.local_port};
  ANSWERS(hr_evtchnop_unmask(&unmask), 0);
  close(near_port);
  close(far_port);
  check_status(far_port, HR_EVTCHNSTAT_CLOSED, 0);
}

// Events in a list of words, one for each channel, and back to bits in the shared page.
void ask_fifo() {
  struct hr_evtchn_init_control control = {};
  control.vcpu = hr_le32_of(7);
  ANSWERS(hr_evtchnop_init_control(&control), -HR_XEN_ENOENT);
  control.control_gfn = hr_le64_of(frame_of(source_page));
  control.vcpu = hr_le32_of(0);
  ANSWERS(hr_evtchnop_init_control(&control), 0);
  CHECK_EQ(control.link_bits, 17u);
  for (unsigned char& byte : target_page.byte) {
    byte = 0;
  }
  struct hr_evtchn_expand_array expand = {hr_le64_of(frame_of(target_page))};
  ANSWERS(hr_evtchnop_expand_array(&expand), 0);
  struct hr_evtchn_bind_ipi ipi = {};
  ANSWERS(hr_evtchnop_bind_ipi(&ipi), 0);
  struct hr_evtchn_set_priority priority = {ipi.port, hr_le32_of(3)};
  ANSWERS(hr_evtchnop_set_priority(&priority), 0);
  struct hr_evtchn_send send = {ipi.port};
  ANSWERS(hr_evtchnop_send(&send), 0);
  const hr_le32 word = {at<volatile hr_le32>(target_page)[hr_le32_value(ipi.port)].raw};
  CHECK(hr_le32_value(word) >> 31 == 1);  // pending
  struct hr_evtchn_reset reset = {kSelf};
  ANSWERS(hr_evtchnop_reset(&reset), 0);
}

void ask_events() {
  ask_channel();
  struct hr_evtchn_bind_ipi ipi = {};
  ANSWERS(hr_evtchnop_bind_ipi(&ipi), 0);
  check_status(hr_le32_value(ipi.port), HR_EVTCHNSTAT_IPI, 0);
  struct hr_evtchn_bind_virq virq = {};
  virq.virq = hr_le32_of(HR_VIRQ_DEBUG);
  ANSWERS(hr_evtchnop_bind_virq(&virq), 0);
  check_status(hr_le32_value(virq.port), HR_EVTCHNSTAT_VIRQ, 0);
  ANSWERS(hr_evtchnop_bind_virq(&virq), -HR_XEN_EEXIST);
  // Of FIFO channels, which this domain has not chosen yet.
  struct hr_evtchn_set_priority priority = {ipi.port, hr_le32_of(3)};
  ANSWERS(hr_evtchnop_set_priority(&priority), -HR_XEN_ENOSYS);
  struct hr_evtchn_reset reset = {kSelf};
  ANSWERS(hr_evtchnop_reset(&reset), 0);
  check_status(hr_le32_value(ipi.port), HR_EVTCHNSTAT_CLOSED, 0);
  ask_fifo();
}

void ask_grants();

void ask_scheduler() {
  ANSWERS(hr_schedop_yield(), 0);
  struct hr_sched_shutdown code = {hr_le32_of(HR_SHUTDOWN_POWEROFF)};
  ANSWERS(hr_schedop_shutdown_code(&code), 0);
  struct hr_sched_watchdog watchdog = {hr_le32_of(0), hr_le32_of(60)};
  const int id = hr_schedop_watchdog(&watchdog);
  CHECK(id > 0);
  ++calls;
  watchdog.id = hr_le32_of(static_cast<std::uint32_t>(id));
  watchdog.timeout = hr_le32_of(0);
  ANSWERS(hr_schedop_watchdog(&watchdog), 0);
  struct hr_sched_pin_override pin = {hr_le32_of(0)};
  ANSWERS(hr_schedop_pin_override(&pin), kIsDom0 ? 0 : -HR_XEN_EPERM);
  pin.pcpu = hr_le32_of(0xffffffff);
  ANSWERS(hr_schedop_pin_override(&pin), kIsDom0 ? 0 : -HR_XEN_EPERM);
  struct hr_sched_remote_shutdown remote = {hr_le16_of(0x1234), hr_le32_of(HR_SHUTDOWN_CRASH)};
  ANSWERS(hr_schedop_remote_shutdown(&remote), -HR_XEN_ESRCH);
  // It is not done here, where it would end the machine: examples/xen-hello does it.
  ANSWERS(hr_schedop_shutdown(nullptr), -HR_XEN_EFAULT);
}

void ask_vcpu(bool first) {
  // Of Xen on x86 only.
  ANSWERS(hr_vcpuop_is_up(0, nullptr), -HR_XEN_EINVAL);
  struct hr_vcpu_register_vcpu_info info = {};
  info.mfn = hr_le64_of(frame_of(vcpu_page));
  info.offset = hr_le32_of(64);
  ANSWERS(hr_vcpuop_register_vcpu_info(0, &info), first ? 0 : -HR_XEN_EINVAL);
  ANSWERS(hr_vcpuop_register_vcpu_info(5, &info), -HR_XEN_ENOENT);
  auto& state = *at<struct hr_vcpu_runstate_info>(vcpu_page, 512);
  state = {};
  state.state = hr_le32_of(9);
  struct hr_vcpu_register_runstate_memory_area area = {hr_xen_handle(&state)};
  ANSWERS(hr_vcpuop_register_runstate_memory_area(0, &area), 0);
  CHECK_EQ(hr_le32_value(state.state), 0u);  // running
  CHECK(hr_le64_value(state.state_entry_time) != 0);
}

void ask_parameters() {
  struct hr_xen_hvm_param param = {};
  param.domid = kSelf;
  param.index = hr_le32_of(HR_HVM_PARAM_CALLBACK_IRQ);
  ANSWERS(hr_hvmop_get_param(&param), 0);
  // dom0's is by PPI, and which [xen/include/public/hvm/params.h]; nobody has set that of the
  // guest.
  const std::uint64_t interrupt = hr_le64_value(param.value);
  CHECK_EQ(interrupt >> 56, kIsDom0 ? 2u : 0u);
  CHECK(!kIsDom0 || ((interrupt & 0xff) >= 16 && (interrupt & 0xff) < 32));
  param.index = hr_le32_of(HR_HVM_PARAM_STORE_EVTCHN);
  param.value = hr_le64_of(7);
  ANSWERS(hr_hvmop_get_param(&param), 0);
  param.index = hr_le32_of(1000);
  ANSWERS(hr_hvmop_get_param(&param), -HR_XEN_EINVAL);
  ANSWERS(hr_hvmop_set_param(&param), -HR_XEN_EINVAL);
  param.index = hr_le32_of(HR_HVM_PARAM_STORE_PFN);
  ANSWERS(hr_hvmop_set_param(&param), -HR_XEN_EPERM);  // dom0 may, for another domain
}

void ask_physdev() {
  // Debian's Xen has no PCI on ARM: seen.
  struct hr_physdev_pci_device_add add = {};
  ANSWERS(hr_physdevop_pci_device_add(&add), -HR_XEN_ENOSYS);
  struct hr_physdev_pci_device remove = {};
  ANSWERS(hr_physdevop_pci_device_remove(&remove), -HR_XEN_ENOSYS);
}

void ask_multicall() {
  struct hr_multicall_entry entries[3] = {};
  entries[0].op = hr_le64_of(HR_XEN_VERSION);
  entries[1].op = hr_le64_of(HR_XEN_SCHED_OP);
  entries[1].result = hr_le64_of(9);
  entries[2].op = hr_le64_of(HR_XEN_VERSION);
  entries[2].args[0] = hr_le64_of(HR_XENVER_PAGESIZE);
  ANSWERS(hr_xen_multicall(entries, 3), 0);
  CHECK_EQ(hr_le64_value(entries[0].result), 0x40011u);
  CHECK_EQ(hr_le64_value(entries[1].result), 0u);
  CHECK_EQ(hr_le64_value(entries[2].result), 4096u);
}

void ask_console(const char* text, unsigned size) {
  ANSWERS(hr_consoleio_write(text, size), 0);
  char typed[4];
  ANSWERS(hr_consoleio_read(typed, sizeof typed), 0);
}

unsigned ask_all(bool first) {
  calls = 0;
  ask_version();
  ask_memory();
  ask_events();
  ask_grants();
  ask_scheduler();
  ask_vcpu(first);
  ask_parameters();
  ask_physdev();
  ask_multicall();
  take_back(shared_info_page);
  return calls;
}

}  // namespace
}  // namespace hyprelay::below
