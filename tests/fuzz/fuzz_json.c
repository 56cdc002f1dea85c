/* JSON with the limits of base/json.h: what is read can be written, and read again. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	json_t *json = NULL, *again = NULL;
	char *text;

	if (json_parse((const char *)data, len, &json, NULL) < 0)
		return 0;
	text = json_text(json);
	if (json_parse(text, strlen(text), &again, NULL) < 0 || !json_equal(json, again))
		__builtin_trap();
	json_decref(again);
	json_decref(json);
	free(text);
	return 0;
}
