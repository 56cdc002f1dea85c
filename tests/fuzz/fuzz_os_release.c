/* An os-release file: whatever it holds, what comes out is printable. */
#include "analyzer/os_release.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const char *text)
{
	if (text && (strpbrk(text, "\n\r\x1b") || !text_is_utf8(text, strlen(text))))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct os_release os;

	os_release_parse((const char *)data, len, &os);
	check(os.id);
	check(os.id_like);
	check(os.version_id);
	check(os.variant_id);
	check(os.pretty_name);
	os_release_release(&os);
	return 0;
}
