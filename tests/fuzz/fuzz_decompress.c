/* Compressed files of the three formats, with a low ceiling. */
#include "analyzer/decompress.h"

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CEILING (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum compression kind = compression_of(data, len);
	uint8_t *out = NULL;
	size_t out_len = 0;

	if (kind == COMPRESSION_NONE)
		return 0;
	if (decompress(data, len, kind, CEILING, &out, &out_len, NULL) == 0 &&
	    (!out || out_len > CEILING))
		__builtin_trap();
	free(out);
	return 0;
}
