#include "graph/waste_internal.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool waste_has(const struct waste_search *s, file_id file)
{
	return graph_file_on_disk(&s->g->files[file]) &&
	       !(s->gone && idset_has(s->gone, file));
}

void waste_add(const struct waste_search *s, struct waste waste, const char *format, ...)
{
	_cleanup_(freep) char *text = NULL;
	va_list args;

	if (waste.bytes < WASTE_BYTES_MIN)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	waste.text = text_printable_dup(text);
	array_push(s->list, waste);
}

const char *waste_size(char buf[UNITS_TEXT_MAX], uint64_t bytes)
{
	return units_format(buf, bytes, UNITS_IEC);
}

static int order(const void *va, const void *vb)
{
	const struct waste *a = va, *b = vb;
	int rule = strcmp(a->rule, b->rule);

	if (rule != 0)
		return rule;
	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->package > b->package) - (a->package < b->package);
}

void waste_find(const struct graph *g, const struct idset *gone, waste_list *ret)
{
	const struct waste_search s = { g, gone, ret };

	waste_find_duplicates(&s);
	waste_find_unstripped(&s);
	waste_find_modules(&s);
	waste_find_blocked(&s);
	waste_find_firmware(&s);
	waste_find_kernels(&s);
	waste_find_variants(&s);
	array_sort(ret, order);
}

void waste_release(waste_list *list)
{
	array_each (list, i)
		free(list->data[i].text);
	array_release(list);
}

const char *waste_subject(const struct graph *g, const struct waste *waste)
{
	return waste->file ? graph_text(g, g->files[waste->file].path)
			   : graph_text(g, g->packages[waste->package].nevra);
}
