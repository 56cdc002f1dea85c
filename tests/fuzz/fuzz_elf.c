/* ELF files: scanned in memory and from a descriptor, which agree on whole files; and as a loader. */
#include "analyzer/elf_scan.h"

#include "base/io.h"
#include "base/mem.h"

#include <string.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int scan_fd(const uint8_t *data, size_t len, struct strpool *pool,
		   struct elfinfo *info)
{
	_cleanup_(closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct text_list dirs = { 0 };

	if (fd < 0 || io_write_all(fd, data, len) < 0)
		return -1;
	elfscan_system_dirs(fd, len, pool, &dirs);
	array_release(&dirs);
	return elfscan_fd(fd, len, pool, info);
}

/*
 * Texts are in one pool, so equal ones are the same pointer. Of a damaged file libelf may
 * give up on another part when it reads from a descriptor.
 */
static void compare(const struct elfinfo *a, const struct elfinfo *b)
{
	if (a->bad || b->bad)
		return;
	if (a->type != b->type || a->soname != b->soname ||
	    a->needed.len != b->needed.len || a->versions.len != b->versions.len ||
	    a->text_bytes != b->text_bytes ||
	    a->relocation_count != b->relocation_count || a->go_module != b->go_module ||
	    a->build_id != b->build_id)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(freep) uint8_t *copy = mem_alloc(len);
	struct elfinfo in_memory = { 0 }, from_file = { 0 };
	struct strpool pool;

	if (elfscan_start() < 0)
		return 0;
	strpool_init(&pool);
	memcpy(copy, data, len);
	if (elfscan_memory(copy, len, &pool, &in_memory) ==
	    scan_fd(data, len, &pool, &from_file))
		compare(&in_memory, &from_file);
	else
		__builtin_trap();
	if (memcmp(copy, data, len) != 0)
		__builtin_trap();
	elfinfo_release(&in_memory);
	elfinfo_release(&from_file);
	strpool_release(&pool);
	return 0;
}
