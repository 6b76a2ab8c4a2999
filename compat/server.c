/* SPDX-License-Identifier: BSD-2-Clause */
/* The dispatcher of compat/hr_server.h: SMCCC and PSCI from a table of what the owner offers. */
#include "compat/hr_server.h"
#include "compat/hr_xen_types.h"

HR_STATIC_ASSERT(HR_SERVER_XEN_ENOSYS + 0 == HR_XEN_ENOSYS + 0, "Xen's ENOSYS");

#define NOT_SUPPORTED (~(hr_word)0)
/* Fast, and the owner. */
#define SPACE_OF(id) ((id) & (HR_FUNCTION_FAST | HR_FUNCTION_OWNER))
#define OWNER_ARCHITECTURE SPACE_OF(HR_FID(SMCCC_VERSION))
#define OWNER_STANDARD_SECURE SPACE_OF(HR_FID(PSCI_VERSION))
#define OWNER_VENDOR_HYPERVISOR SPACE_OF(HR_FID(VENDOR_HYPERVISOR_UID))
#define PSCI_1_0 0x10000

/* The function that a word names: without the hint, which says nothing of which function it is. */
static uint32_t id_of(hr_word word) {
  const uint32_t id = (uint32_t)(word & 0xffffffff);
  return (id & HR_FUNCTION_FAST) != 0 ? id & ~(uint32_t)HR_FUNCTION_SVE_HINT : id;
}

/* The row of a function that this caller may call; null: none. */
static const struct hr_server_function* find(const struct hr_server_table* table, uint32_t id) {
  if (sizeof(hr_word) == 4 && (id & HR_FID_BIT64) != 0) {
    return NULL; /* [arm/den0028 2.7]: of an AArch32 caller */
  }
  for (unsigned i = 0; i < table->count; ++i) {
    if (table->functions[i].id == id) {
      return &table->functions[i];
    }
  }
  return NULL;
}

static int has_uid(const struct hr_server_table* table) {
  return table->uid[0] != 0 && table->uid[0] != 0xffffffff;
}

/* How many functions the vendor's hypervisor service has, of both widths, fast and yielding. */
static hr_word count_of_vendor(const struct hr_server_table* table) {
  hr_word count = 0;
  for (unsigned i = 0; i < table->count; ++i) {
    count += (table->functions[i].id & HR_FUNCTION_OWNER) ==
             (OWNER_VENDOR_HYPERVISOR & HR_FUNCTION_OWNER);
  }
  return count;
}

/* What the dispatcher answers itself, or the owner's row; -1: neither. */
static hr_word features_of(const struct hr_server_table* table, uint32_t id, uint32_t space) {
  const struct hr_server_function* row = find(table, id);
  if (space == OWNER_ARCHITECTURE && (id == HR_SMCCC_VERSION || id == HR_SMCCC_ARCH_FEATURES)) {
    return 0;
  }
  if (space == OWNER_STANDARD_SECURE && (id == HR_PSCI_VERSION || id == HR_PSCI_FEATURES)) {
    return 0;
  }
  return row != NULL && SPACE_OF(id) == space ? row->features : NOT_SUPPORTED;
}

/* PSCI_FEATURES is asked of SMCCC_VERSION too: that is how SMCCC 1.1 is found [arm/den0022 5.15].
 */
static hr_word psci_features(const struct hr_server_table* table, uint32_t id) {
  return id == HR_SMCCC_VERSION ? 0 : features_of(table, id, OWNER_STANDARD_SECURE);
}

static void answer_uid(const struct hr_server_table* table, struct hr_registers* registers) {
  for (unsigned i = 0; i < 4; ++i) {
    registers->r[i] = table->uid[i];
  }
}

/* 0: not one of the dispatcher's own. */
static int answer_own(const struct hr_server_table* table, uint32_t id,
                      struct hr_registers* registers) {
  hr_word* const r = registers->r;
  const uint32_t asked = id_of(r[1]);
  switch (id) {
    case HR_SMCCC_VERSION:
      r[0] = HR_SERVER_SMCCC_VERSION;
      return 1;
    case HR_SMCCC_ARCH_FEATURES:
      r[0] = features_of(table, asked, OWNER_ARCHITECTURE);
      return 1;
    case HR_PSCI_VERSION:
      r[0] = table->psci_version != 0 ? table->psci_version : NOT_SUPPORTED;
      return 1;
    case HR_PSCI_FEATURES:
      r[0] = table->psci_version >= PSCI_1_0 ? psci_features(table, asked) : NOT_SUPPORTED;
      return 1;
    case HR_FID(VENDOR_HYPERVISOR_UID):
      if (!has_uid(table)) {
        return 0;
      }
      answer_uid(table, registers);
      return 1;
    case HR_FID(VENDOR_HYPERVISOR_CALL_COUNT):
      r[0] = has_uid(table) ? count_of_vendor(table) : NOT_SUPPORTED;
      return 1;
    case HR_FID(VENDOR_HYPERVISOR_REVISION):
      if (!has_uid(table)) {
        return 0;
      }
      r[0] = table->revision[0];
      r[1] = table->revision[1];
      return 1;
    default:
      return 0;
  }
}

void hr_server_answer(void* table, struct hr_registers* registers) {
  const struct hr_server_table* const offered = (const struct hr_server_table*)table;
  const uint32_t id = id_of(registers->r[0]);
  if (answer_own(offered, id, registers)) {
    return;
  }
  const struct hr_server_function* const row = find(offered, id);
  if (row != NULL) {
    row->call(offered->owner, registers);
  } else {
    registers->r[0] = NOT_SUPPORTED;
  }
}
