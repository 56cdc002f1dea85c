/*
 * The readers of Berkeley DB and ndb, each with the input as the whole database; what it
 * calls readable must be readable to its last byte.
 */
#include "analyzer/rpm_record.h"
#include "base/io.h"
#include "base/macros.h"

#include <stdlib.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct sum {
	uint64_t records;
	volatile uint8_t last;
};

static int on_record(const struct rpm_record *record, void *arg, struct error *err)
{
	struct sum *sum = arg;

	(void)err;
	if (!record->bytes == !record->damage)
		__builtin_trap();
	for (size_t i = 0; record->bytes && i < record->len; i++)
		sum->last ^= ((const uint8_t *)record->bytes)[i];
	sum->records++;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct error err = { 0 };
	struct sum sum = { 0 };

	if (fd < 0 || io_write_all(fd, data, len) < 0)
		abort();
	if (rpm_ndb_each(fd, on_record, &sum, &err) < 0 && !err.text[0])
		__builtin_trap();
	if (rpm_bdb_each(fd, on_record, &sum, &err) < 0 && !err.text[0])
		__builtin_trap();
	return 0;
}
