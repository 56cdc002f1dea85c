/*
 * Rule files of a user: the YAML reader, profiles with selectors and conditions, plain keep
 * files. What is read is also written as text, so that every part of the tree is visited.
 */
#include "base/mem.h"
#include "rules/profile.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void visit_entries(const profile_entries *entries)
{
	array_each (entries, i) {
		_cleanup_(freep) char *selector =
			selector_text(entries->data[i].selector);
		_cleanup_(freep) char *when = condition_text(entries->data[i].when);

		if (!selector || !when || !entries->data[i].why)
			__builtin_trap();
	}
}

static void visit(const struct profile *profile)
{
	_cleanup_(freep) char *when = condition_text(profile->when);

	visit_entries(&profile->keep);
	visit_entries(&profile->protect);
	visit_entries(&profile->unwanted);
	if (!when || !profile->name || !profile->summary || !profile->feature)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(profile_freep) struct profile *yaml = NULL, *plain = NULL;
	struct error err = { 0 };

	if (profile_parse("fuzz.yaml", (const char *)data, len, &yaml, &err) == 0)
		visit(yaml);
	else if (err.code >= 0 || err.text[0] == '\0')
		__builtin_trap(); /* a failure without a message */
	err = (struct error){ 0 };
	if (keep_file_parse("fuzz.keep", (const char *)data, len, &plain, &err) == 0)
		visit(plain);
	else if (err.code >= 0 || err.text[0] == '\0')
		__builtin_trap();
	return 0;
}
