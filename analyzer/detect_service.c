#include "analyzer/detect_service.h"

#include "base/ini_reader.h"
#include "base/text.h"

#define MAX_WORD       4096
#define CONDITIONS_MAX 16384 /* bytes of all conditions of one unit */

struct service_reader {
	const struct detect *d;
	enum service_type type;
	file_id program;
	bool has_start; /* ExecStart=, found or not */
	struct strbuf conditions;
};

static void read_type(struct service_reader *s, const struct ini_item *item)
{
	int type = service_type_parse(item->value);

	if (type >= 0)
		s->type = (enum service_type)type;
}

/* The last program counts: only a oneshot service has several. An empty value takes back what
 * stands before. */
static void read_start(struct service_reader *s, const struct ini_item *item)
{
	const char *rest = item->value + strspn(item->value, "@-:+!|");
	const struct tree_entry *found = NULL;
	char word[MAX_WORD];

	s->has_start = true;
	s->program = 0;
	if (ini_word(&rest, word, sizeof(word)) &&
	    detect_find(s->d, TARGET_COMMAND, word, strlen(word), &found, 1))
		s->program = tree_id(s->d->tree, found);
}

static void read_condition(struct service_reader *s, const struct ini_item *item)
{
	if (s->conditions.len > CONDITIONS_MAX)
		return;
	if (s->conditions.len)
		strbuf_putc(&s->conditions, '\n');
	text_printable(&s->conditions, item->key);
	strbuf_putc(&s->conditions, '=');
	text_printable(&s->conditions, item->value);
}

static void read_item(void *arg, const struct ini_item *item)
{
	struct service_reader *s = arg;

	if (strcmp(item->section, "Service") == 0 && strcmp(item->key, "Type") == 0)
		read_type(s, item);
	else if (strcmp(item->section, "Service") == 0 &&
		 strcmp(item->key, "ExecStart") == 0)
		read_start(s, item);
	else if (strcmp(item->section, "Unit") == 0 &&
		 (text_starts(item->key, "Condition") ||
		  text_starts(item->key, "Assert")))
		read_condition(s, item);
}

void detect_service(const struct detect *d, const struct detect_input *in,
		    struct detect_sink *out)
{
	struct service_reader s = { .d = d };

	ini_read(in->data, in->len, read_item, &s);
	if (s.has_start || s.type != SERVICE_UNSAID || s.conditions.len)
		service_list_add(&out->services,
				 &(struct service_row){
					 .file = in->file,
					 .type = s.type,
					 .program = s.program,
					 .conditions = strbuf_text(&s.conditions),
				 });
	strbuf_release(&s.conditions);
}
