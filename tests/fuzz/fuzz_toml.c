/* The TOML reader: any bytes; what is read is walked and looked up again. */
#include "base/toml.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct toml_node *node)
{
	const struct toml_node *found;

	if (node->line == 0 || (node->text && node->text[node->len] != '\0'))
		__builtin_trap();
	if (!node->key)
		return;
	found = toml_get(node->parent, node->key);
	if (found != node) /* a key is there once */
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct toml *doc = NULL;

	if (toml_parse((const char *)data, len, &doc, NULL) < 0)
		return 0;
	for (const struct toml_node *n = toml_root(doc); n; n = toml_next(n))
		check(n);
	toml_free(doc);
	return 0;
}
