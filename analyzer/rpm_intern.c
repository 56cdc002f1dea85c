#include "analyzer/rpm_intern.h"

#include "base/macros.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define PROBLEMS_MAX 20u /* of one package */

void rpm_intern_init(struct rpm_intern *in, struct rpm_image *image)
{
	*in = (struct rpm_intern){ .image = image };
	strpool_init(&in->keys);
}

void rpm_intern_release(struct rpm_intern *in)
{
	strpool_release(&in->keys);
	array_release(&in->leaf_of);
	array_release(&in->tree_of);
	array_release(&in->provided_by);
}

str_id rpm_intern_text(struct rpm_intern *in, const char *text)
{
	_cleanup_(freep) char *printable = NULL;

	if (!text)
		text = "";
	if (text_is_utf8(text, strlen(text)))
		return strpool_add(&in->image->strings, text);
	printable = text_printable_dup(text);
	return strpool_add(&in->image->strings, printable);
}

static uint8_t sense_of(rpmsenseFlags flags)
{
	return (uint8_t)((flags & RPMSENSE_LESS ? SENSE_LESS : 0) |
			 (flags & RPMSENSE_GREATER ? SENSE_GREATER : 0) |
			 (flags & RPMSENSE_EQUAL ? SENSE_EQUAL : 0));
}

/* A key is 17 letters: printf would be the most expensive part of reading a header. */
static void put_letters(char *to, uint32_t value)
{
	for (int i = 0; i < 8; i++, value >>= 4)
		to[i] = (char)('A' + (value & 15));
}

cap_id rpm_intern_capability(struct rpm_intern *in, const char *name, const char *evr,
			     rpmsenseFlags flags)
{
	char key[17];
	struct rpm_capability cap = { .name = rpm_intern_text(in, name),
				      .sense = sense_of(flags) };
	cap_id id;

	if (cap.sense)
		cap.evr = rpm_intern_text(in, evr);
	put_letters(key, cap.name);
	put_letters(key + 8, cap.evr);
	key[16] = (char)('A' + cap.sense);
	id = strpool_add_len(&in->keys, key, sizeof(key));
	if (id >= in->image->capabilities.len)
		array_push(&in->image->capabilities, cap);
	return id;
}

node_id rpm_intern_node(struct rpm_intern *in, struct rpm_node node)
{
	array_push(&in->image->nodes, node);
	return (node_id)in->image->nodes.len - 1;
}

node_id rpm_intern_leaf(struct rpm_intern *in, cap_id capability)
{
	if (capability >= in->leaf_of.len)
		array_extend(&in->leaf_of, capability + 1 - in->leaf_of.len);
	if (!in->leaf_of.data[capability])
		in->leaf_of.data[capability] = rpm_intern_node(
			in, (struct rpm_node){ .op = NODE_CAPABILITY,
					       .capability = capability });
	return in->leaf_of.data[capability];
}

void rpm_intern_problem(struct rpm_intern *in, const char *rule, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (in->problems++ > PROBLEMS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	array_push(
		&in->image->problems,
		(struct rpm_problem){
			.rule = rule,
			.package = in->package,
			.text = rpm_intern_text(in, in->problems > PROBLEMS_MAX
							    ? "more problems of this kind"
							    : text) });
}
