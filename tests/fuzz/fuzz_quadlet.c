/* Quadlet units: the profile that is made of them is a valid rule file. */
#include "rules/profile.h"
#include "workload/profile_text.h"
#include "workload/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct workload w;

	workload_init(&w);
	/* a .kube unit would read the files that it names */
	if (workload_read_text(&w, "x.container", (const char *)data, len, NULL) == 0 &&
	    workload_finish(&w, NULL) == 0) {
		if (profile_text(&w, "fuzz", &text, NULL) == 0 &&
		    profile_parse("fuzz", text.data, text.len, &profile, NULL) < 0)
			__builtin_trap();
	}
	workload_release(&w);
	return 0;
}
