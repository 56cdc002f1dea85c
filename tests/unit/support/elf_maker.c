#include "tests/unit/support/elf_maker.h"

#include "base/macros.h"

#include <assert.h>
#include <elf.h>
#include <string.h>

#define SEGMENTS 5

struct made {
	const struct elf_maker *maker;
	struct strbuf *out;
	struct strbuf strings, dynamic;
	int word; /* bytes of an address */
};

static void put(struct made *made, struct strbuf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++) {
		int byte = made->maker->big_endian ? bytes - 1 - i : i;

		strbuf_putc(out, (char)(value >> (8 * byte)));
	}
}

static void put_word(struct made *made, struct strbuf *out, uint64_t value)
{
	put(made, out, value, made->word);
}

static void put_tag(struct made *made, int64_t tag, uint64_t value)
{
	put_word(made, &made->dynamic, (uint64_t)tag);
	put_word(made, &made->dynamic, value);
}

static void put_name(struct made *made, int64_t tag, const char *name)
{
	if (!name)
		return;
	put_tag(made, tag, made->strings.len);
	strbuf_add(&made->strings, name, strlen(name) + 1);
}

static void put_names(struct made *made)
{
	const struct elf_maker *m = made->maker;

	strbuf_putc(&made->strings, '\0');
	for (size_t i = 0; i < ELF_MAKER_LIST; i++)
		put_name(made, DT_NEEDED, m->needed[i]);
	put_name(made, DT_SONAME, m->soname);
	put_name(made, DT_RPATH, m->rpath);
	put_name(made, DT_RUNPATH, m->runpath);
	put_name(made, DT_AUDIT, m->audit);
	put_name(made, DT_FILTER, m->filter);
	put_name(made, DT_AUXILIARY, m->auxiliary);
	if (m->flags_1)
		put_tag(made, DT_FLAGS_1, m->flags_1);
}

static void put_header(struct made *made)
{
	const struct elf_maker *m = made->maker;
	int header = made->word == 8 ? 64 : 52, segment = made->word == 8 ? 56 : 32;
	const char ident[] = { 0x7f,
			       'E',
			       'L',
			       'F',
			       made->word == 8 ? ELFCLASS64 : ELFCLASS32,
			       m->big_endian ? ELFDATA2MSB : ELFDATA2LSB,
			       EV_CURRENT };
	struct strbuf *out = made->out;

	strbuf_add(out, ident, sizeof(ident));
	put(made, out, 0, 8);
	put(made, out, 0, 1);
	put(made, out, m->type ? m->type : ET_DYN, 2);
	put(made, out, m->machine ? m->machine : EM_X86_64, 2);
	put(made, out, EV_CURRENT, 4);
	put_word(made, out, 0);
	put_word(made, out, (uint64_t)header);
	put_word(made, out, 0);
	put(made, out, 0, 4);
	put(made, out, (uint64_t)header, 2);
	put(made, out, (uint64_t)segment, 2);
	put(made, out, SEGMENTS, 2);
	put(made, out, made->word == 8 ? 64 : 40, 2);
	put(made, out, 0, 4);
}

/* A segment of @p len bytes; one of none is PT_NULL. */
static void put_segment(struct made *made, uint32_t type, uint32_t flags, uint64_t at,
			uint64_t len)
{
	struct strbuf *out = made->out;

	put(made, out, len ? type : PT_NULL, 4);
	if (made->word == 8)
		put(made, out, flags, 4);
	for (int i = 0; i < 3; i++)
		put_word(made, out, at); /* offset, virtual and physical address */
	put_word(made, out, len);
	put_word(made, out, len);
	if (made->word == 4)
		put(made, out, flags, 4);
	put_word(made, out, type == PT_NOTE ? 4 : 1);
}

static size_t length(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/* Header, segments, interpreter, note, strings, dynamic section, data: in this order. */
void elf_make(struct elf_maker *m, struct strbuf *out)
{
	struct made made = { .maker = m, .out = out, .word = m->class == 32 ? 4 : 8 };
	uint64_t interpreter = made.word == 8 ? 64 + SEGMENTS * 56 : 52 + SEGMENTS * 32;
	uint64_t note = (interpreter + length(m->interpreter) + 7) & ~7ull;
	uint64_t strings = (note + m->note_len + 7) & ~7ull, dynamic;

	put_names(&made);
	dynamic = (strings + made.strings.len + 15) & ~15ull;
	if (!m->no_strtab)
		put_tag(&made, DT_STRTAB, strings);
	put_tag(&made, DT_STRSZ, made.strings.len);
	put_tag(&made, DT_NULL, 0);
	m->data_at = (dynamic + made.dynamic.len + 15) & ~15ull;

	put_header(&made);
	put_segment(&made, PT_LOAD, PF_R | PF_X, 0, dynamic);
	put_segment(&made, PT_LOAD, PF_R | PF_W, dynamic,
		    m->data_at - dynamic + m->data_len);
	put_segment(&made, PT_DYNAMIC, PF_R, dynamic, made.dynamic.len);
	put_segment(&made, PT_INTERP, PF_R, interpreter, length(m->interpreter));
	put_segment(&made, PT_NOTE, PF_R, note, m->note_len);
	assert(out->len == interpreter);
	strbuf_add(out, m->interpreter, length(m->interpreter));
	while (out->len < note)
		strbuf_putc(out, '\0');
	strbuf_add(out, m->note, m->note_len);
	while (out->len < strings)
		strbuf_putc(out, '\0');
	strbuf_add(out, made.strings.data, made.strings.len);
	while (out->len < dynamic)
		strbuf_putc(out, '\0');
	strbuf_add(out, made.dynamic.data, made.dynamic.len);
	while (out->len < m->data_at)
		strbuf_putc(out, '\0');
	strbuf_add(out, m->data, m->data_len);
	strbuf_release(&made.strings);
	strbuf_release(&made.dynamic);
}
