/*
 * The folders that glibc's ld.so has built in: one array of texts, each with a '/' at its
 * end ("/lib64/", "/usr/lib64/"), which nothing else in it looks like.
 */
#include "analyzer/elf_scan.h"

#include "base/io.h"
#include "base/mem.h"

#include <ctype.h>
#include <string.h>

#define LOADER_MAX (8u << 20)
#define DIR_MAX	   128
#define DIRS_MAX   16

/* Length of a text at @p p that is a library folder with a NUL behind it; 0: none. */
static size_t dir_length(const char *p, const char *end)
{
	size_t len = strnlen(p, MIN2((size_t)(end - p), (size_t)DIR_MAX));

	if (len < 2 || len == (size_t)(end - p) || len == DIR_MAX)
		return 0;
	if (p[0] != '/' || p[len - 1] != '/' || !memmem(p, len, "lib", 3))
		return 0;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)p[i]))
			return 0;
	return len;
}

static void take_dirs(const char *p, const char *end, struct strpool *pool,
		      struct text_list *ret)
{
	size_t len;

	while (ret->len < DIRS_MAX && (len = dir_length(p, end)) > 0) {
		str_id dir = strpool_add_len(pool, p, len - 1);

		array_push(ret, strpool_text(pool, dir));
		p += len + 1;
	}
}

int elfscan_system_dirs(int fd, uint64_t size, struct strpool *pool,
			struct text_list *ret)
{
	_cleanup_(freep) char *data = NULL;
	const char *p, *end;
	ssize_t len;

	if (size > LOADER_MAX)
		return 1;
	data = mem_alloc(size + 1);
	len = io_pread(fd, data, size, 0);
	if (len <= 0)
		return 1;
	end = data + len;
	for (p = memchr(data, '/', (size_t)len); p;
	     p = memchr(p, '/', (size_t)(end - p))) {
		size_t first = dir_length(p, end);

		/* one alone can be anything */
		if (p > data && p[-1] == 0 && first &&
		    dir_length(p + first + 1, end) > 0) {
			take_dirs(p, end, pool, ret);
			return 0;
		}
		p++;
	}
	return 1;
}
