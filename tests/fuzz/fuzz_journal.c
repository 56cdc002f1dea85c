/* The journal of an apply: whatever it holds is read or refused. */
#include "base/mem.h"
#include "trimmer/apply_journal.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct error err = { 0 };
	struct journal journal;
	char *copy = mem_alloc(len); /* no byte behind it */
	int r;

	memcpy(copy, data, len);
	r = journal_parse(copy, len, &journal, &err);
	if (r == 0 && (journal.root[0] != '/' || journal.target[0] != '/' ||
		       !apply_step_name(journal.step)))
		__builtin_trap();
	if (r < 0 && !err.text[0])
		__builtin_trap();
	journal_release(&journal);
	free(copy);
	return 0;
}
