/* Files of usage evidence: the first byte chooses the format ('0' the first of
 * EVIDENCE_FORMATS, and so on; another one lets it be found out), the rest is the file. What
 * was read must come back from tare's own format. */
#include "analyzer/evidence_file.h"
#include "analyzer/evidence_format.h"

#include "base/strbuf.h"
#include <stdlib.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_formats(void)
{
	size_t n = 0;

	while (EVIDENCE_FORMATS[n])
		n++;
	return n;
}

static int read_bytes(const void *bytes, size_t len, const struct evidence_format *format,
		      struct evidence *ev)
{
	char *copy = mem_alloc(len + 1);

	memcpy(copy, bytes, len);
	evidence_init(ev, "");
	ev->max_uses = 1000;
	return evidence_read_memory(copy, len, format, ev, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct evidence_format *format = NULL;
	struct evidence ev, again;
	size_t which;

	if (size == 0)
		return 0;
	which = (size_t)(unsigned char)(data[0] - '0');
	if (which < count_formats())
		format = EVIDENCE_FORMATS[which];
	if (read_bytes(data + 1, size - 1, format, &ev) == 0) {
		struct strbuf text = { 0 };

		evidence_write(&ev, &text);
		if (ev.source[0] &&
		    read_bytes(text.data, text.len, &EVIDENCE_NATIVE, &again) == 0) {
			if (again.uses.len != ev.uses.len)
				abort();
			evidence_release(&again);
		} else if (ev.source[0]) {
			evidence_release(&again);
		}
		strbuf_release(&text);
	}
	evidence_release(&ev);
	return 0;
}
