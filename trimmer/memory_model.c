#include "trimmer/memory_model.h"

#include "base/macros.h"
#include "base/text.h"

#include <string.h>

#define PAGE ((uint64_t)4096)
#define KIB  ((uint64_t)1024)
#define MIB  (1024 * KIB)

/* Calibrated on one root of the test bed and tested on another: tests/e2e/memory.sh. */
#define BYTES_PER_RELOCATION 32 /* of the relocation-read-only part */
#define GO_DATA_PERCENT	     40 /* of a Go program's data is written to */
#define TOUCHED_PROGRAM	     90 /* percent of a program's code and constants ... */
#define TOUCHED_LIBRARY	     50 /* ... of a library's ... */
#define TOUCHED_GO	     65 /* ... of a Go program's */
#define FAULT_AROUND	     (64 * KIB) /* the kernel maps so much around one access */
#define HEAP		     (220 * KIB)
#define HEAP_PYTHON	     (34 * MIB)
/*
 * systemd-journald maps its file and clears the table of hashes in it: an item of 16 bytes
 * for each 576 bytes (768 * 3 / 4) of what the file may grow to, which is an eighth of what
 * all may take, at most 128 MiB: what a file system of more than 10 GiB gives.
 */
#define JOURNAL_MAX	 (128 * MIB)
#define JOURNAL_PER_ITEM ((uint64_t)768 * 3 / 4)
#define JOURNAL_ITEM	 16
#define GO_HEAP_PART	 5 /* a fifth of the program's size */

/* The headers may say anything: no file has more than this of any part. */
#define PART_MAX ((uint64_t)1 << 40)

static uint64_t part(uint64_t bytes)
{
	return MIN2(bytes, PART_MAX);
}

static uint64_t pages(uint64_t bytes)
{
	return (part(bytes) + PAGE - 1) / PAGE * PAGE;
}

static uint64_t relocated(const struct graph_elf *elf)
{
	uint64_t touched = MIN2(elf->relocation_count, PART_MAX) * BYTES_PER_RELOCATION;

	return MIN2(pages(elf->relro_bytes), pages(touched) + PAGE);
}

uint64_t memory_model_private(const struct graph_elf *elf)
{
	uint64_t data = pages(elf->data_bytes);

	if (elf->is_go)
		data = pages(data / 100 * GO_DATA_PERCENT);
	return relocated(elf) + data;
}

uint64_t memory_model_shared(const struct graph_elf *elf, bool is_program)
{
	uint64_t clean = part(elf->text_bytes) + part(elf->rodata_bytes) +
			 pages(elf->relro_bytes) - relocated(elf);
	uint64_t percent = elf->is_go	? TOUCHED_GO
			   : is_program ? TOUCHED_PROGRAM
					: TOUCHED_LIBRARY;

	if (clean <= FAULT_AROUND)
		return pages(clean);
	return pages(FAULT_AROUND + (clean - FAULT_AROUND) / 100 * percent);
}

uint64_t memory_model_heap(const struct graph_elf *image, const char *path)
{
	const char *base = strrchr(path, '/');

	if (image->is_go)
		return pages((part(image->text_bytes) + part(image->rodata_bytes) +
			      part(image->relro_bytes)) /
			     GO_HEAP_PART);
	if (base && text_starts(base + 1, "python"))
		return HEAP_PYTHON;
	if (base && strcmp(base + 1, "systemd-journald") == 0)
		return HEAP + pages(JOURNAL_MAX / JOURNAL_PER_ITEM * JOURNAL_ITEM);
	return HEAP;
}

uint64_t memory_model_module(const struct graph_elf *module)
{
	return pages(part(module->text_bytes) + part(module->rodata_bytes) +
		     part(module->relro_bytes) + part(module->data_bytes) +
		     part(module->bss_bytes));
}
