// SPDX-License-Identifier: BSD-2-Clause
// The grant table, asked of the real Xen. Included by the two forms, behind operations.hpp.
#pragma once

#include "tests/below/xen/operations.hpp"

namespace hyprelay::below {
namespace {

constexpr unsigned kReference = 8;  // the first that Xen does not reserve

void map_table() {
  struct hr_gnttab_query_size size = {};
  size.dom = kSelf;
  ANSWERS(hr_gnttabop_query_size(&size, 1), 0);
  CHECK_EQ(hr_le16_value(size.status), 0u);
  CHECK(hr_le32_value(size.max_nr_frames) >= 1);
  hr_le64 frames[1] = {};
  struct hr_gnttab_setup_table setup = {};
  setup.dom = kSelf;
  setup.nr_frames = hr_le32_of(1);
  setup.frame_list = hr_xen_handle(frames);
  ANSWERS(hr_gnttabop_setup_table(&setup, 1), 0);
  CHECK_EQ(hr_le16_value(setup.status), 0u);

  hr_le64 index = hr_le64_of(0);
  hr_le64 frame = hr_le64_of(frame_of(grant_page));
  hr_le32 error = hr_le32_of(1);
  give_back(grant_page);
  struct hr_xen_add_to_physmap_batch batch = {};
  batch.domid = kSelf;
  batch.space = hr_le16_of(HR_XENMAPSPACE_GRANT_TABLE);
  batch.size = hr_le16_of(1);
  batch.idxs = hr_xen_handle(&index);
  batch.gpfns = hr_xen_handle(&frame);
  batch.errs = hr_xen_handle(&error);
  ANSWERS(hr_xenmem_add_to_physmap_batch(&batch), 0);
  CHECK_EQ(hr_le32_value(error), 0u);
}

// The domain lets itself read a page: by copying, and by mapping it elsewhere.
void use_grant() {
  source_page.byte[0x123] = 0xa5;
  target_page.byte[0x321] = 0;
  auto* entry = at<volatile struct hr_grant_entry_v1>(grant_page) + kReference;
  entry->domid.raw = hr_le16_of(kOwnDomain).raw;
  entry->frame.raw = hr_le32_of(static_cast<std::uint32_t>(frame_of(source_page))).raw;
  entry->flags.raw = hr_le16_of(HR_GTF_PERMIT_ACCESS).raw;

  struct hr_gnttab_copy copy = {};
  copy.source.u = hr_le64_of(kReference);
  copy.source.domid = kSelf;
  copy.source.offset = hr_le16_of(0x123);
  copy.dest.u = hr_le64_of(frame_of(target_page));
  copy.dest.domid = kSelf;
  copy.dest.offset = hr_le16_of(0x321);
  copy.len = hr_le16_of(1);
  copy.flags = hr_le16_of(HR_GNTCOPY_SOURCE_GREF);
  ANSWERS(hr_gnttabop_copy(&copy, 1), 0);
  CHECK_EQ(hr_le16_value(copy.status), 0u);
  CHECK_EQ(target_page.byte[0x321], 0xa5u);

  struct hr_gnttab_map_grant_ref map = {};
  map.host_addr = hr_le64_of(frame_of(target_page) * kPage);
  map.flags = hr_le32_of(HR_GNTMAP_HOST_MAP);
  map.ref = hr_le32_of(kReference);
  map.dom = hr_le16_of(kOwnDomain);  // by its number: this one knows no "self"
  give_back(target_page);
  ANSWERS(hr_gnttabop_map_grant_ref(&map, 1), 0);
  CHECK_EQ(hr_le16_value(map.status), 0u);
  CHECK_EQ(target_page.byte[0x123], 0xa5u);
  struct hr_gnttab_unmap_grant_ref unmap = {};
  unmap.host_addr = map.host_addr;
  unmap.handle = map.handle;
  ANSWERS(hr_gnttabop_unmap_grant_ref(&unmap, 1), 0);
  CHECK_EQ(hr_le16_value(unmap.status), 0u);
  populate(target_page);  // the frame has nothing behind it now
}

void ask_table() {
  struct hr_gnttab_get_version version = {};
  version.dom = kSelf;
  ANSWERS(hr_gnttabop_get_version(&version, 1), 0);
  CHECK_EQ(hr_le32_value(version.version), 1u);
  // Version 2 is switched off on ARM.
  struct hr_gnttab_set_version set = {hr_le32_of(1)};
  ANSWERS(hr_gnttabop_set_version(&set, 1), 0);
  struct hr_gnttab_get_status_frames status = {};
  status.dom = kSelf;
  ANSWERS(hr_gnttabop_get_status_frames(&status, 1), 0);
  struct hr_gnttab_swap_grant_ref swap = {hr_le32_of(kReference), hr_le32_of(kReference + 1), {}};
  ANSWERS(hr_gnttabop_swap_grant_ref(&swap, 1), 0);
  CHECK_EQ(hr_le16_value(swap.status), 0u);
  auto* entry = at<volatile struct hr_grant_entry_v1>(grant_page) + kReference;
  CHECK_EQ(entry[0].flags.raw, 0u);
  CHECK_EQ(entry[1].flags.raw, hr_le16_of(HR_GTF_PERMIT_ACCESS).raw);
  entry[1].flags.raw = 0;
  struct hr_gnttab_cache_flush flush = {};
  flush.a = hr_le64_of(frame_of(source_page) * kPage);
  flush.length = hr_le16_of(64);
  flush.op = hr_le32_of(1);  // GNTTAB_CACHE_CLEAN
  // The address is the machine's, which only dom0 knows.
  ANSWERS(hr_gnttabop_cache_flush(&flush, 1), kIsDom0 ? 0 : -HR_XEN_EPERM);
  struct hr_gnttab_unmap_and_replace replace = {};
  ANSWERS(hr_gnttabop_unmap_and_replace(&replace, 1), 0);
  CHECK(hr_le16_value(replace.status) != 0);
  struct hr_gnttab_transfer transfer = {};
  transfer.domid = hr_le16_of(0x1234);
  ANSWERS(hr_gnttabop_transfer(&transfer, 1), -HR_XEN_EOPNOTSUPP);  // on ARM: seen
  struct hr_gnttab_dump_table dump = {kSelf, {}};
  ANSWERS(hr_gnttabop_dump_table(&dump, 1), -HR_XEN_ENOSYS);  // without debugging: seen
  // Of other domains only.
  struct hr_xen_mem_acquire_resource resource = {};
  resource.domid = hr_le16_of(kOwnDomain);
  resource.type = hr_le16_of(1);  // the grant table
  ANSWERS(hr_xenmem_acquire_resource(&resource), -HR_XEN_EPERM);
}

void ask_grants() {
  map_table();
  use_grant();
  ask_table();
  take_back(grant_page);
}

}  // namespace
}  // namespace hyprelay::below
