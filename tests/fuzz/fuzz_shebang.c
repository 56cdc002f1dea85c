/* The first line of a script, as the kernel and env read it. */
#include "analyzer/shebang.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(shebang_release) struct shebang shebang = { 0 };
	int r = shebang_parse((const char *)data, len, &shebang);

	if (r == 0)
		return 0;
	/* What is named has a name, and only env has a command. */
	if (shebang.interpreter &&
	    (!shebang.interpreter[0] || strpbrk(shebang.interpreter, " \t\n")))
		__builtin_trap();
	if (shebang.command && (!shebang.command[0] || !shebang.argument))
		__builtin_trap();
	if (shebang.fault == SHEBANG_FINE && !shebang.interpreter)
		__builtin_trap();
	return 0;
}
