// SPDX-License-Identifier: BSD-2-Clause
// Every typed operation of compat/hr_xen.h, and what must arrive for it: numbers and arguments as
// Xen's public headers have them, not as abi/xen.def has. Included twice, for both forms.
#pragma once

#include "compat/hr_xen.h"
#include "tests/target/xen/resident.hpp"

namespace hyprelay::target {
namespace {

// clang-format off
#define HR_NOTHING(function, number, command) \
  {#function, [](void*) -> long { return function(); }, number, 2, {command, 0, 0}, number == 12},
#define HR_POINTER(function, type, number, command)                                            \
  {#function, [](void* memory) -> long { return function(static_cast<type*>(memory)); }, number, \
   2, {command, kMemory, 0}, number == 12},
#define HR_ARRAY(function, type, command)                                                       \
  {#function, [](void* memory) -> long { return function(static_cast<type*>(memory), 3); }, 20, 3, \
   {command, kMemory, 3}, false},
#define HR_VCPU(function, type, command)                                                           \
  {#function, [](void* memory) -> long { return function(6, static_cast<type*>(memory)); }, 24, 3, \
   {command, 6, kMemory}, false},
constinit const Operation kOperations[] = {
  HR_NOTHING(hr_xenver_version, 17, 0)
  HR_POINTER(hr_xenver_extraversion, struct hr_xen_extraversion, 17, 1)
  HR_POINTER(hr_xenver_compile_info, struct hr_xen_compile_info, 17, 2)
  HR_POINTER(hr_xenver_capabilities, struct hr_xen_capabilities_info, 17, 3)
  HR_POINTER(hr_xenver_changeset, struct hr_xen_changeset_info, 17, 4)
  HR_POINTER(hr_xenver_platform_parameters, struct hr_xen_platform_parameters, 17, 5)
  HR_POINTER(hr_xenver_get_features, struct hr_xen_feature_info, 17, 6)
  HR_NOTHING(hr_xenver_pagesize, 17, 7)
  HR_POINTER(hr_xenver_guest_handle, struct hr_xen_domain_handle, 17, 8)
  HR_POINTER(hr_xenver_commandline, struct hr_xen_commandline, 17, 9)
  HR_POINTER(hr_xenver_build_id, struct hr_xen_build_id, 17, 10)
  HR_POINTER(hr_xenmem_increase_reservation, struct hr_xen_memory_reservation, 12, 0)
  HR_POINTER(hr_xenmem_decrease_reservation, struct hr_xen_memory_reservation, 12, 1)
  HR_NOTHING(hr_xenmem_maximum_ram_page, 12, 2)
  HR_POINTER(hr_xenmem_current_reservation, struct hr_xen_memory_domain, 12, 3)
  HR_POINTER(hr_xenmem_maximum_reservation, struct hr_xen_memory_domain, 12, 4)
  HR_POINTER(hr_xenmem_populate_physmap, struct hr_xen_memory_reservation, 12, 6)
  HR_POINTER(hr_xenmem_add_to_physmap, struct hr_xen_add_to_physmap, 12, 7)
  HR_POINTER(hr_xenmem_exchange, struct hr_xen_memory_exchange, 12, 11)
  HR_POINTER(hr_xenmem_maximum_gpfn, struct hr_xen_memory_domain, 12, 14)
  HR_POINTER(hr_xenmem_remove_from_physmap, struct hr_xen_remove_from_physmap, 12, 15)
  HR_POINTER(hr_xenmem_add_to_physmap_batch, struct hr_xen_add_to_physmap_batch, 12, 23)
  HR_POINTER(hr_xenmem_acquire_resource, struct hr_xen_mem_acquire_resource, 12, 28)
  HR_NOTHING(hr_schedop_yield, 29, 0)
  HR_POINTER(hr_schedop_shutdown, struct hr_sched_shutdown, 29, 2)
  HR_POINTER(hr_schedop_poll, struct hr_sched_poll, 29, 3)
  HR_POINTER(hr_schedop_remote_shutdown, struct hr_sched_remote_shutdown, 29, 4)
  HR_POINTER(hr_schedop_shutdown_code, struct hr_sched_shutdown, 29, 5)
  HR_POINTER(hr_schedop_watchdog, struct hr_sched_watchdog, 29, 6)
  HR_POINTER(hr_schedop_pin_override, struct hr_sched_pin_override, 29, 7)
  HR_POINTER(hr_evtchnop_bind_interdomain, struct hr_evtchn_bind_interdomain, 32, 0)
  HR_POINTER(hr_evtchnop_bind_virq, struct hr_evtchn_bind_virq, 32, 1)
  HR_POINTER(hr_evtchnop_close, struct hr_evtchn_close, 32, 3)
  HR_POINTER(hr_evtchnop_send, struct hr_evtchn_send, 32, 4)
  HR_POINTER(hr_evtchnop_status, struct hr_evtchn_status, 32, 5)
  HR_POINTER(hr_evtchnop_alloc_unbound, struct hr_evtchn_alloc_unbound, 32, 6)
  HR_POINTER(hr_evtchnop_bind_ipi, struct hr_evtchn_bind_ipi, 32, 7)
  HR_POINTER(hr_evtchnop_bind_vcpu, struct hr_evtchn_bind_vcpu, 32, 8)
  HR_POINTER(hr_evtchnop_unmask, struct hr_evtchn_unmask, 32, 9)
  HR_POINTER(hr_evtchnop_reset, struct hr_evtchn_reset, 32, 10)
  HR_POINTER(hr_evtchnop_init_control, struct hr_evtchn_init_control, 32, 11)
  HR_POINTER(hr_evtchnop_expand_array, struct hr_evtchn_expand_array, 32, 12)
  HR_POINTER(hr_evtchnop_set_priority, struct hr_evtchn_set_priority, 32, 13)
  HR_ARRAY(hr_gnttabop_map_grant_ref, struct hr_gnttab_map_grant_ref, 0)
  HR_ARRAY(hr_gnttabop_unmap_grant_ref, struct hr_gnttab_unmap_grant_ref, 1)
  HR_ARRAY(hr_gnttabop_setup_table, struct hr_gnttab_setup_table, 2)
  HR_ARRAY(hr_gnttabop_dump_table, struct hr_gnttab_dump_table, 3)
  HR_ARRAY(hr_gnttabop_transfer, struct hr_gnttab_transfer, 4)
  HR_ARRAY(hr_gnttabop_copy, struct hr_gnttab_copy, 5)
  HR_ARRAY(hr_gnttabop_query_size, struct hr_gnttab_query_size, 6)
  HR_ARRAY(hr_gnttabop_unmap_and_replace, struct hr_gnttab_unmap_and_replace, 7)
  HR_ARRAY(hr_gnttabop_set_version, struct hr_gnttab_set_version, 8)
  HR_ARRAY(hr_gnttabop_get_status_frames, struct hr_gnttab_get_status_frames, 9)
  HR_ARRAY(hr_gnttabop_get_version, struct hr_gnttab_get_version, 10)
  HR_ARRAY(hr_gnttabop_swap_grant_ref, struct hr_gnttab_swap_grant_ref, 11)
  HR_ARRAY(hr_gnttabop_cache_flush, struct hr_gnttab_cache_flush, 12)
  HR_VCPU(hr_vcpuop_is_up, void, 3)
  HR_VCPU(hr_vcpuop_register_runstate_memory_area, struct hr_vcpu_register_runstate_memory_area, 5)
  HR_VCPU(hr_vcpuop_register_vcpu_info, struct hr_vcpu_register_vcpu_info, 10)
  HR_POINTER(hr_physdevop_pci_device_add, struct hr_physdev_pci_device_add, 33, 25)
  HR_POINTER(hr_physdevop_pci_device_remove, struct hr_physdev_pci_device, 33, 26)
  HR_POINTER(hr_hvmop_set_param, struct hr_xen_hvm_param, 34, 0)
  HR_POINTER(hr_hvmop_get_param, struct hr_xen_hvm_param, 34, 1)
  {"hr_consoleio_write",
   [](void* memory) -> long { return hr_consoleio_write(static_cast<char*>(memory), 9); }, 18, 3,
   {0, 9, kMemory}, false},
  {"hr_consoleio_read",
   [](void* memory) -> long { return hr_consoleio_read(static_cast<char*>(memory), 9); }, 18, 3,
   {1, 9, kMemory}, false},
  {"hr_xen_multicall",
   [](void* memory) -> long {
     return hr_xen_multicall(static_cast<struct hr_multicall_entry*>(memory), 7);
   }, 13, 2, {kMemory, 7, 0}, false},
};
// clang-format on
#undef HR_NOTHING
#undef HR_POINTER
#undef HR_ARRAY
#undef HR_VCPU
// One for each row of abi/xen.def, and those three.
constexpr unsigned kCommands = 0
#define HR_XEN_CALL(...)
#define HR_XEN_COMMAND(...) +1
#define HR_XEN_VALUE(...)
#include "abi/xen.def"
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE
    ;
constexpr unsigned kOperationCount = sizeof kOperations / sizeof *kOperations;
static_assert(kOperationCount == kCommands + 3);

}  // namespace
}  // namespace hyprelay::target
