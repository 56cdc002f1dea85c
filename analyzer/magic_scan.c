#include "analyzer/magic_scan.h"

#include "base/mem.h"

#include <magic.h>
#include <stdbool.h>

/* What classify_content knows by itself, or what would look into other files. */
#define FLAGS                                                                            \
	(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |                \
	 MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_CDF)

struct magic_scan {
	magic_t cookie;
	bool tried;
};

struct magic_scan *magic_scan_new(void)
{
	return mem_calloc(1, sizeof(struct magic_scan));
}

void magic_scan_free(struct magic_scan *scan)
{
	if (!scan)
		return;
	if (scan->cookie)
		magic_close(scan->cookie);
	free(scan);
}

static void load(struct magic_scan *scan)
{
	scan->tried = true;
	scan->cookie = magic_open(FLAGS);
	if (scan->cookie && magic_load(scan->cookie, NULL) < 0) {
		magic_close(scan->cookie);
		scan->cookie = NULL;
	}
}

const char *magic_scan_media(struct magic_scan *scan, const void *head, size_t len)
{
	if (!scan->tried)
		load(scan);
	return scan->cookie ? magic_buffer(scan->cookie, head, len) : NULL;
}
