/*
 * Each detector, a rule file or one in C, has a file of cases in tests/detectors, which says
 * what it finds in small roots:
 *
 *	case hit
 *	target /usr/lib64/security/pam_unix.so
 *	file /etc/pam.d/login
 *	| auth required pam_unix.so
 *	> pam hard /etc/pam.d/login -> /usr/lib64/security/pam_unix.so :1 pam_unix.so
 *
 *	case near miss
 *	...
 *
 * There must be a hit, a near miss and a malformed input; more cases may follow under any name.
 * The lines with ">" are all that is found (see fixture_has()); a near miss and a malformed
 * input have no edge. Directives:
 *
 *	target PATH...		files that can be run, with nothing in them
 *	file PATH [CATEGORY]	with the "| " lines below; "config" unless said otherwise
 *	link PATH TARGET	a symlink
 *	library PATH		an ELF library for x86-64
 *	elf PATH [dlopen] [go]	an ELF program whose read-only data are the "| " lines
 *	note PATH JSON		its .note.dlopen
 *	module PATH		a kernel module; then depends|softdep|firmware PATH TEXT
 *	package NAME PATH...	who owns them; the root is done then
 *	recommends NAME TEXT	of that package
 *	scriptlet NAME PROGRAM	of that package, with the "| " lines below
 */
#include "analyzer/detect_list.h"
#include "base/io.h"
#include "base/text.h"
#include "tests/unit/support/detect_fixture.h"
#include "tests/unit/support/test.h"

#include <dirent.h>

#define CASES_FOLDER TEST_SOURCE_DIR "/detectors"

typedef ARRAY_OF(char *) text_array;

/* What an ELF file has that is not in its bytes. */
struct elf_facts {
	char *path;
	struct elfinfo info;
	struct module_info module;
	struct text_list notes;
};

struct runner {
	const char *detector; /* file name without its ending */
	char *rule;	      /* YAML; NULL for a detector in C */
	char *name;	      /* of the case; NULL: none has begun */
	struct detect_fixture f;
	struct strbuf lines; /* of the last directive that takes some */
	char *pending[2];    /* that directive and its arguments */
	text_array wanted;
	ARRAY_OF(struct elf_facts) elf;
	text_array names; /* of the cases that were run */
};

static void clear_texts(text_array *texts)
{
	array_each (texts, i)
		free(texts->data[i]);
	array_release(texts);
}

/* The first word of @p rest, cut off. */
static char *word(char **rest)
{
	char *w = *rest ? strsep(rest, " ") : NULL;

	return w && *w ? w : NULL;
}

static struct elf_facts *facts_of(struct runner *r, const char *path)
{
	array_each (&r->elf, i)
		if (strcmp(r->elf.data[i].path, path) == 0)
			return &r->elf.data[i];
	fail_msg("%s: %s: no ELF file %s", r->detector, r->name, path);
	return NULL;
}

static struct elf_facts *add_elf(struct runner *r, const char *path,
				 enum file_category category)
{
	struct elf_facts *facts = array_extend(&r->elf, 1);

	fixture_file(&r->f, path, strbuf_text(&r->lines), 0755, category);
	facts->path = mem_strdup(path);
	facts->info = (struct elfinfo){ .class = 64,
					.type = ELF_SHARED,
					.is_dynamic = true,
					.machine_number = 62,
					.has_header = true,
					.machine = "x86_64",
					.literals_len = r->lines.len };
	return facts;
}

static void do_target(struct runner *r, char *rest)
{
	for (char *path = word(&rest); path; path = word(&rest))
		fixture_file(&r->f, path, "", 0755, CATEGORY_DATA);
}

static void do_file(struct runner *r, char *rest)
{
	const char *path = word(&rest), *name = word(&rest);
	int category = name ? file_category_parse(name) : CATEGORY_CONFIG;

	if (category < 0)
		fail_msg("%s: no category '%s'", r->detector, name);
	fixture_file(&r->f, path, strbuf_text(&r->lines),
		     category == CATEGORY_SCRIPT ? 0755 : 0644,
		     (enum file_category)category);
}

static void do_link(struct runner *r, char *rest)
{
	const char *path = word(&rest);

	fixture_link(&r->f, path, rest);
}

static void do_library(struct runner *r, char *rest)
{
	add_elf(r, rest, CATEGORY_LIBRARY);
}

static void do_elf(struct runner *r, char *rest)
{
	const char *path = word(&rest);
	struct elf_facts *facts = add_elf(r, path, CATEGORY_EXECUTABLE);

	for (const char *w = word(&rest); w; w = word(&rest)) {
		if (strcmp(w, "dlopen") == 0)
			facts->info.has_dlopen = true;
		else if (strcmp(w, "go") == 0)
			facts->info.go_toolchain = "go1.22";
		else
			fail_msg("%s: elf: what is '%s'?", r->detector, w);
	}
}

static void list_add(struct text_list *list, const char *text)
{
	list->data = mem_realloc(list->data, list->len + 1, sizeof(*list->data));
	list->data[list->len++] = mem_strdup(text);
}

static void do_note(struct runner *r, char *rest)
{
	const char *path = word(&rest);

	list_add(&facts_of(r, path)->notes, rest);
}

static void do_module(struct runner *r, char *rest)
{
	add_elf(r, rest, CATEGORY_KERNEL_MODULE)->module.name = "m";
}

static void do_depends(struct runner *r, char *rest)
{
	const char *path = word(&rest);

	list_add(&facts_of(r, path)->module.depends, rest);
}

static void do_softdep(struct runner *r, char *rest)
{
	const char *path = word(&rest);

	list_add(&facts_of(r, path)->module.softdeps, rest);
}

static void do_firmware(struct runner *r, char *rest)
{
	const char *path = word(&rest);

	list_add(&facts_of(r, path)->module.firmware, rest);
}

static void do_package(struct runner *r, char *rest)
{
	const char *name = word(&rest), *paths[16] = { NULL };

	for (size_t n = 0; n < 15 && (paths[n] = word(&rest)); n++)
		;
	fixture_package(&r->f, name, paths);
}

static pkg_id find_package(struct runner *r, const char *name)
{
	const struct rpm_image *rpm = &r->f.rpm;

	array_each (&rpm->packages, i)
		if (strcmp(rpm_image_text(rpm, rpm->packages.data[i].name), name) == 0)
			return (pkg_id)i + 1;
	fail_msg("%s: %s: no package %s", r->detector, r->name, name);
	return 0;
}

static void do_recommends(struct runner *r, char *rest)
{
	pkg_id package = find_package(r, word(&rest));

	fixture_recommends(&r->f, package, rest);
}

/* The scriptlets of a package stand together: give them package by package. */
static void do_scriptlet(struct runner *r, char *rest)
{
	struct rpm_image *rpm = &r->f.rpm;
	struct rpm_package *pkg = &rpm->packages.data[find_package(r, word(&rest)) - 1];
	struct rpm_scriptlet *s = array_extend(&rpm->scriptlets, 1);

	if (pkg->scriptlets_len++ == 0)
		pkg->scriptlets_at = (uint32_t)rpm->scriptlets.len - 1;
	s->kind = strpool_add(&rpm->strings, "post");
	s->interpreter = strpool_add(&rpm->strings, rest);
	s->body = mem_strdup(strbuf_text(&r->lines));
}

static const struct {
	const char *word;
	void (*run)(struct runner *r, char *rest);
} DIRECTIVES[] = {
	{ "target", do_target },
	{ "file", do_file },
	{ "link", do_link },
	{ "library", do_library },
	{ "elf", do_elf },
	{ "note", do_note },
	{ "module", do_module },
	{ "depends", do_depends },
	{ "softdep", do_softdep },
	{ "firmware", do_firmware },
	{ "package", do_package },
	{ "recommends", do_recommends },
	{ "scriptlet", do_scriptlet },
};

/* A directive is carried out when the lines below it are known. */
static void finish_directive(struct runner *r)
{
	for (size_t i = 0; r->pending[0] && i < ARRAY_LEN(DIRECTIVES); i++) {
		if (strcmp(DIRECTIVES[i].word, r->pending[0]) != 0)
			continue;
		DIRECTIVES[i].run(r, r->pending[1]);
		free(steal_ptr(&r->pending[0]));
		free(steal_ptr(&r->pending[1]));
	}
	if (r->pending[0])
		fail_msg("%s: no directive '%s'", r->detector, r->pending[0]);
	strbuf_clear(&r->lines);
}

static void place_elf(struct runner *r)
{
	tree_sort(&r->f.tree);
	array_each (&r->elf, i) {
		struct elf_facts *facts = &r->elf.data[i];

		facts->info.dlopen_notes = facts->notes;
		if (facts->module.name)
			facts->info.module = &facts->module;
		array_push(&r->f.elf.infos, facts->info);
		tree_find(&r->f.tree, facts->path)->elf = (uint32_t)i + 1;
	}
}

static void release_list(struct text_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		free((void *)list->data[i]);
	free(list->data);
}

static void release_case(struct runner *r)
{
	array_each (&r->elf, i) {
		struct elf_facts *facts = &r->elf.data[i];

		release_list(&facts->notes);
		release_list(&facts->module.depends);
		release_list(&facts->module.softdeps);
		release_list(&facts->module.firmware);
		free(facts->path);
	}
	array_release(&r->elf);
	clear_texts(&r->wanted);
	fixture_release(&r->f);
	free(steal_ptr(&r->name));
}

/* Is this a case in which no detector may be taken in? */
static bool wants_nothing(const char *name)
{
	return strcmp(name, "near miss") == 0 || strcmp(name, "malformed") == 0;
}

static size_t edges_and_marks(const struct detect_fixture *f)
{
	return f->found.edges.items.len + f->found.marks.items.len;
}

static void run_case(struct runner *r)
{
	if (!r->name)
		return;
	finish_directive(r);
	place_elf(r);
	fixture_run(&r->f, r->rule);
	array_each (&r->wanted, i)
		if (!fixture_has(&r->f, r->wanted.data[i]))
			fail_msg("%s: %s: missing", r->detector, r->name);
	if (fixture_count(&r->f) != r->wanted.len)
		fail_msg("%s: %s: this is found:\n%s", r->detector, r->name,
			 strbuf_text(&r->f.text));
	if (wants_nothing(r->name) && edges_and_marks(&r->f) > 0)
		fail_msg("%s: %s: has edges", r->detector, r->name);
	if (strcmp(r->name, "hit") == 0 && edges_and_marks(&r->f) == 0)
		fail_msg("%s: its hit has neither edge nor mark", r->detector);
	array_push(&r->names, mem_strdup(r->name));
	release_case(r);
}

static void read_line(struct runner *r, char *line)
{
	char *rest = line, *first;

	if (!*line || *line == '#')
		return;
	if (text_starts(line, "case ")) {
		run_case(r);
		fixture_init(&r->f);
		r->name = mem_strdup(line + strlen("case "));
		return;
	}
	if (!r->name)
		fail_msg("%s: begin with 'case hit'", r->detector);
	if (text_starts(line, "> ")) {
		array_push(&r->wanted, mem_strdup(line + 2));
	} else if (*line == '|') {
		strbuf_puts(&r->lines, line[1] == ' ' ? line + 2 : line + 1);
		strbuf_putc(&r->lines, '\n');
	} else {
		finish_directive(r);
		first = word(&rest);
		r->pending[0] = mem_strdup(first);
		r->pending[1] = mem_strdup(rest ? rest : "");
	}
}

static char *read_text(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	struct error err = { 0 };

	if (io_read_file(path, 1 << 20, &text, &len, &err) < 0)
		fail_msg("%s", err.text);
	return text;
}

static void run_detector(const char *name, bool is_rule)
{
	static const char *const MUST[] = { "hit", "near miss", "malformed" };
	_cleanup_(freep) char *path = mem_printf(CASES_FOLDER "/%s.case", name);
	_cleanup_(freep) char *rule_path =
		mem_printf(TARE_SOURCE_RULES "/detectors/%s.yaml", name);
	_cleanup_(freep) char *text = read_text(path);
	struct runner r = { .detector = name,
			    .rule = is_rule ? read_text(rule_path) : NULL };
	char *rest = text;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		read_line(&r, line);
	run_case(&r);
	for (size_t i = 0; i < ARRAY_LEN(MUST); i++) {
		bool found = false;

		array_each (&r.names, k)
			found |= strcmp(r.names.data[k], MUST[i]) == 0;
		if (!found)
			fail_msg("%s has no case '%s'", path, MUST[i]);
	}
	clear_texts(&r.names);
	strbuf_release(&r.lines);
	free(r.rule);
}

static void each_rule_file_has_its_cases(void **state)
{
	struct dirent **entries = NULL;
	int count = scandir(TARE_SOURCE_RULES "/detectors", &entries, NULL, alphasort);

	(void)state;
	assert_true(count > 30);
	for (int i = 0; i < count; i++) {
		if (text_ends(entries[i]->d_name, ".yaml")) {
			entries[i]->d_name[strlen(entries[i]->d_name) - 5] = '\0';
			run_detector(entries[i]->d_name, true);
		}
		free(entries[i]);
	}
	free(entries);
}

static void each_detector_in_c_has_its_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < DETECTOR_COUNT; i++)
		if (DETECTORS[i] != &DETECT_RULES)
			run_detector(DETECTORS[i]->name, false);
}

/* A file of cases that nobody reads is a detector that was renamed. */
static void each_file_of_cases_has_its_detector(void **state)
{
	struct dirent **entries = NULL;
	int count = scandir(CASES_FOLDER, &entries, NULL, alphasort);

	(void)state;
	for (int i = 0; i < count; i++) {
		char *name = entries[i]->d_name;
		_cleanup_(freep) char *rule = NULL;
		bool found = !text_ends(name, ".case");

		if (!found)
			name[strlen(name) - strlen(".case")] = '\0';
		rule = mem_printf(TARE_SOURCE_RULES "/detectors/%s.yaml", name);
		found |= access(rule, R_OK) == 0;
		for (size_t k = 0; k < DETECTOR_COUNT; k++)
			found |= strcmp(DETECTORS[k]->name, name) == 0;
		if (!found)
			fail_msg("there is no detector '%s'", name);
		free(entries[i]);
	}
	free(entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_file_has_its_cases),
		cmocka_unit_test(each_detector_in_c_has_its_cases),
		cmocka_unit_test(each_file_of_cases_has_its_detector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
