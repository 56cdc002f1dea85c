/* Unit files: the reader of "Key=value" and the splitter of words. */
#include "base/ini_reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void item(void *arg, const struct ini_item *it)
{
	const char *rest = it->value;
	char word[64];

	(void)arg;
	if (it->line == 0 || !it->key[0] || strlen(it->section) >= 256)
		__builtin_trap();
	while (ini_word(&rest, word, sizeof(word)))
		if (strlen(word) >= sizeof(word))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	ini_read((const char *)data, len, item, NULL);
	return 0;
}
