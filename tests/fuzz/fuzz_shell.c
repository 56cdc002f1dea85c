/* Shell text: the lexer and the reader of commands. */
#include "analyzer/shell_commands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void use(void *arg, const struct shell_use *u)
{
	size_t *sum = arg;

	/* every byte is there to be read, and no use is empty of meaning */
	for (size_t i = 0; i < u->len; i++)
		*sum += (unsigned char)u->text[i];
	if (u->line == 0 || u->kind > SHELL_NAMES)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t sum = 0;

	shell_commands((const char *)data, len, 1, use, &sum);
	return 0;
}
