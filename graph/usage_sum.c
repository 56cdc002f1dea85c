#include "graph/usage_sum.h"

void usage_sum_init(struct usage_sum *sum, uint32_t file_count)
{
	*sum = (struct usage_sum){ .count = file_count + 1 };
	sum->first = mem_calloc(sum->count, sizeof(*sum->first));
	array_push(&sum->rows, (struct sum_row){ 0 });
}

void usage_sum_release(struct usage_sum *sum)
{
	free(sum->first);
	array_release(&sum->rows);
	*sum = (struct usage_sum){ 0 };
}

uint64_t usage_sum_use_key(enum file_use_kind use, enum use_scope scope, file_id by)
{
	return (uint64_t)use << 40 | (uint64_t)scope << 32 | by;
}

uint64_t usage_sum_memory_key(enum use_scope scope, file_id mapped)
{
	return (uint64_t)scope << 32 | mapped;
}

static void add_to(const struct usage_sum *sum, struct sum_row *into,
		   const struct sum_row *row)
{
	for (size_t i = 0; i < SUM_VALUES; i++)
		into->value[i] = usage_add(into->value[i], row->value[i]);
	into->evidences += row->evidences;
	if (strcmp(sum->digests[row->example], sum->digests[into->example]) < 0)
		into->example = row->example;
}

/*
 * Put the row into its file's chain, which is searched from the row *from on (0: from its
 * begin). The rows of one piece of evidence come in rising order, so that all of a file's
 * rows together cost one walk along the chain.
 */
static void insert(struct usage_sum *sum, file_id file, const struct sum_row *row,
		   uint32_t *from)
{
	uint32_t before = *from, at = before ? before : sum->first[file];
	struct sum_row added = *row;

	while (at && sum->rows.data[at].key < row->key) {
		before = at;
		at = sum->rows.data[at].next;
	}
	if (at && sum->rows.data[at].key == row->key) {
		add_to(sum, &sum->rows.data[at], row);
		*from = at;
		return;
	}
	added.next = at;
	array_push(&sum->rows, added);
	*from = (uint32_t)sum->rows.len - 1;
	if (before)
		sum->rows.data[before].next = *from;
	else
		sum->first[file] = *from;
}

void usage_sum_add_row(struct usage_sum *sum, file_id file, const struct sum_row *row)
{
	uint32_t from = 0;

	insert(sum, file, row, &from);
}

void usage_sum_add_uses(struct usage_sum *sum, const use_rows *rows, uint32_t evidence)
{
	file_id file = 0;
	uint32_t from = 0;

	array_each (rows, i) {
		const struct use_row *use = &rows->data[i];
		struct sum_row row = {
			.key = usage_sum_use_key(use->use, use->scope, use->by),
			.value = { use->count },
			.evidences = 1,
			.example = evidence,
		};

		if (use->file != file)
			from = 0;
		file = use->file;
		insert(sum, file, &row, &from);
	}
}

void usage_sum_add_memory(struct usage_sum *sum, const memory_rows *rows,
			  uint32_t evidence)
{
	file_id file = 0;
	uint32_t from = 0;

	array_each (rows, i) {
		const struct memory_row *memory = &rows->data[i];
		struct sum_row row = {
			.key = usage_sum_memory_key(memory->scope, memory->file),
			.value = { memory->processes, memory->pss_bytes,
				   memory->private_dirty_bytes },
			.evidences = 1,
			.example = evidence,
		};

		if (memory->executable != file)
			from = 0;
		file = memory->executable;
		insert(sum, file, &row, &from);
	}
}
