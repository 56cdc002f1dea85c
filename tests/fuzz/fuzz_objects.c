/*
 * Kubernetes objects and compose files. Whatever they say, the profile that is made of
 * them is a valid rule file, and both readers of JSON agree with each other whole or in
 * pieces.
 */
#include "base/text.h"
#include "rules/profile.h"
#include "workload/object_formats.h"
#include "workload/profile_text.h"
#include "workload/workload.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The input in pieces of @size bytes. */
struct pieces {
	const char *data;
	size_t len, size;
};

static int next_piece(void *arg, const char **ret_data, size_t *ret_len,
		      struct error *err)
{
	struct pieces *pieces = arg;
	size_t n = MIN2(pieces->size, pieces->len);

	(void)err;
	*ret_data = pieces->data;
	*ret_len = n;
	pieces->data += n;
	pieces->len -= n;
	return 0;
}

static int count(void *arg, const struct object_found *found, struct error *err)
{
	(void)err;
	*(size_t *)arg += 1 + found->line + json_object_size(found->json);
	return 0;
}

static size_t read_in_pieces(const uint8_t *data, size_t len, size_t size, int *ret)
{
	struct pieces pieces = { (const char *)data, len, size };
	size_t sum = 0;
	struct object_input input = { "x", next_piece, &pieces, count, &sum };

	*ret = objects_read_json(&input, NULL);
	return sum;
}

static void check_profile(struct workload *w)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(profile_freep) struct profile *profile = NULL;

	if (profile_text(w, "fuzz", &text, NULL) == 0 &&
	    profile_parse("fuzz", text.data, text.len, &profile, NULL) < 0)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct workload w;
	int whole, cut;

	workload_init(&w);
	if (workload_read_text(&w, "x", (const char *)data, len, NULL) == 0 &&
	    workload_finish(&w, NULL) == 0)
		check_profile(&w);
	workload_release(&w);
	if (read_in_pieces(data, len, len ? len : 1, &whole) !=
		    read_in_pieces(data, len, 3, &cut) ||
	    whole != cut)
		__builtin_trap();
	return 0;
}
