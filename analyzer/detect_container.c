/*
 * The TOML files of containerd, CRI-O, podman and their libraries: runtimes and their shims,
 * monitors, plugins, hooks, certificates, imported files. Which keys name what stands in
 * detect_container_keys.c.
 */
#include "analyzer/detect_container.h"

#include "analyzer/detect_list.h"
#include "analyzer/tree_glob.h"
#include "base/text.h"
#include "base/toml.h"

#include <fnmatch.h>

static const struct container_config *config_of(const char *path)
{
	if (!text_starts(path, "/etc/") && !text_starts(path, "/usr/share/c"))
		return NULL;
	for (size_t i = 0; i < CONTAINER_CONFIG_COUNT; i++)
		if (fnmatch(CONTAINER_CONFIGS[i].files, path,
			    FNM_PATHNAME | FNM_PERIOD) == 0)
			return &CONTAINER_CONFIGS[i];
	return NULL;
}

static bool container_wants(const struct detect *d, const struct tree_entry *entry,
			    const char *path)
{
	(void)d;
	(void)entry;
	return config_of(path);
}

/* One value that a key of the table names. */
struct container_value {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
	const struct container_key *key;
	const struct toml_node *named; /* has the key: the value, or the array it is in */
	const struct toml_node *value;
	const char *cite;
};

static size_t refer(const struct container_value *v, enum detect_target target,
		    const char *text)
{
	return detect_reference(v->d, v->out, v->in, target, text, strlen(text),
				(struct edge_row){ .kind = EDGE_CONTAINER,
						   .strength = v->key->strength,
						   .cite_line = v->value->line,
						   .cite_text = v->cite });
}

static void command(const struct container_value *v, const char *text)
{
	refer(v, TARGET_COMMAND, text);
}

static void path(const struct container_value *v, const char *text)
{
	refer(v, TARGET_PATH, text);
}

static void matched(void *arg, const char *found)
{
	path(arg, found);
}

static void glob(const struct container_value *v, const char *text)
{
	tree_glob(v->d->tree, text, matched, (void *)v);
}

static void folder(const struct container_value *v, const char *text)
{
	_cleanup_(freep) char *pattern = mem_printf("%s/*", text);

	glob(v, pattern);
}

static void folders(const struct container_value *v, const char *text)
{
	_cleanup_(freep) char *copy = mem_strdup(text);
	char *rest = copy;

	for (char *one = strsep(&rest, ":"); one; one = strsep(&rest, ":")) {
		_cleanup_(freep) char *pattern = mem_printf("%s/*/*", one);

		glob(v, pattern);
	}
}

/* runtime/v2/shim of containerd: "io.containerd.runc.v2" -> "containerd-shim-runc-v2" */
static void shim(const struct container_value *v, const char *text)
{
	const char *version = strrchr(text, '.'), *name = version;
	_cleanup_(freep) char *program = NULL;

	if (text[0] == '/') {
		command(v, text);
		return;
	}
	while (name && name > text && name[-1] != '.')
		name--;
	if (!name || name == text)
		return;
	program = mem_printf("containerd-shim-%.*s-%s", (int)(version - name), name,
			     version + 1);
	command(v, program);
}

static void behind(const struct container_value *v, const char *text)
{
	const char *equals = strchr(text, '=');

	if (equals)
		command(v, equals + 1);
}

static void (*const ACTIONS[])(const struct container_value *v, const char *text) = {
	[NAMES_COMMAND] = command, [NAMES_PATH] = path,	      [NAMES_GLOB] = glob,
	[NAMES_FOLDER] = folder,   [NAMES_FOLDERS] = folders, [NAMES_SHIM] = shim,
	[NAMES_BEHIND] = behind,   [NAMES_KEY] = command,
};

/* What the table's template makes of the text. */
static void act(const struct container_value *v, const char *text)
{
	const char *template = v->key->template, *hole;
	_cleanup_(freep) char *full = NULL;

	if (!template) {
		ACTIONS[v->key->action](v, text);
		return;
	}
	hole = strstr(template, "{}");
	full = mem_printf("%.*s%s%s", (int)(hole - template), template, text, hole + 2);
	ACTIONS[v->key->action](v, full);
}

/* The table above, tables in arrays without the array. */
static const struct toml_node *above(const struct toml_node *node)
{
	do
		node = node->parent;
	while (node && !node->key && node->parent);
	return node;
}

/* Are these the last parts of the node's key? */
static bool has_keys(const struct toml_node *node, const char *keys)
{
	const char *end = keys + strlen(keys);

	for (;;) {
		const char *part = memrchr(keys, '.', (size_t)(end - keys));
		size_t len;

		part = part ? part + 1 : keys;
		len = (size_t)(end - part);
		if (!node || !node->key)
			return false;
		if (!(len == 1 && *part == '*') &&
		    !(strncmp(node->key, part, len) == 0 && node->key[len] == '\0'))
			return false;
		if (part == keys)
			return true;
		end = part - 1;
		node = above(node);
	}
}

/* A table that says which program it means is not called as that is. */
static bool says_program(const struct toml_node *table)
{
	const struct toml_node *path_key = toml_get(table, "runtime_path");

	return path_key && path_key->len > 0;
}

static void read_value(struct container_value *v, const struct container_config *config)
{
	bool is_table = v->value->type == TOML_TABLE;
	const char *text = is_table ? v->value->key : v->value->text;
	_cleanup_(freep) char *cite =
		is_table ? mem_printf("[%s]", text)
			 : mem_printf("%s = %s", v->named->key, text);

	v->cite = cite;
	if (is_table && says_program(v->value))
		return;
	for (size_t i = 0; i < config->count; i++) {
		v->key = &config->keys[i];
		if (is_table == (v->key->action == NAMES_KEY) &&
		    has_keys(v->named, v->key->keys))
			act(v, text);
	}
}

/* A string with something in it, or a table with a name. */
static bool may_name(const struct toml_node *n)
{
	if (n->type == TOML_TABLE)
		return n->key;
	return n->type == TOML_STRING && n->len > 0 && strlen(n->text) == n->len;
}

static void read_document(const struct detect_input *in, const struct detect *d,
			  struct detect_sink *out, const struct toml *doc)
{
	const struct container_config *config = config_of(in->path);

	for (const struct toml_node *n = toml_root(doc); n; n = toml_next(n)) {
		struct container_value v = { .d = d, .in = in, .out = out, .value = n };

		v.named = n->key ? n : above(n);
		if (may_name(n) && v.named && v.named->key)
			read_value(&v, config);
	}
}

static void container_file(const struct detect *d, const struct detect_input *in,
			   struct detect_sink *out)
{
	_cleanup_(toml_freep) struct toml *doc = NULL;
	struct error err = { 0 };

	if (toml_parse(in->data, in->len, &doc, &err) < 0) {
		finding_list_add(&out->findings,
				 &(struct finding_row){
					 .rule = "bad-configuration",
					 .severity = SEVERITY_WARNING,
					 .file = in->file,
					 .subject = in->path,
					 .text = err.text,
					 .remedy = "its program may refuse to start: "
						   "correct the line" });
		return;
	}
	read_document(in, d, out, doc);
}

const struct detector DETECT_CONTAINER = {
	.name = "container",
	.wants = container_wants,
	.file = container_file,
};
