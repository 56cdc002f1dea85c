/* Compressed files of the three formats, with a low ceiling. */
#include "analyzer/decompress.h"

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CEILING (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum compression kind = compression_of(data, len);
	struct decompressed out = { 0 };

	if (kind == COMPRESSION_NONE)
		return 0;
	if (decompress(data, len, kind, CEILING, &out, NULL) == 0 &&
	    (!out.data || out.len > CEILING))
		__builtin_trap();
	free(out.data);
	return 0;
}
