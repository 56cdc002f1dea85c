/*
 * systemd units (systemd.unit(5), systemd.service(5) and their kin): what they start, what they
 * require, their drop-ins and their .wants/.requires folders.
 *
 * A link in /etc/systemd/system/X.wants/ that no package owns says that somebody enabled a unit,
 * not that X does not work without it: such edges are only "possible", so a plan may take a
 * daemon away that no profile names, and --caution high keeps it.
 */
#include "analyzer/detect_list.h"

#include "analyzer/detect_service.h"
#include "analyzer/detect_shell.h"
#include "base/ini_reader.h"
#include "base/text.h"

#include <ctype.h>

#define MAX_WORD 4096

static const char *const UNIT_SUFFIXES[] = {
	".service", ".socket", ".target", ".mount", ".automount", ".swap",
	".timer",   ".path",   ".slice",  ".scope", ".nspawn",
};

static bool has_unit_suffix(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(UNIT_SUFFIXES); i++)
		if (text_ends(name, UNIT_SUFFIXES[i]))
			return true;
	return false;
}

/* What stands behind the unit folder, or NULL when the path is in none. */
static const char *below_unit_folder(const char *path)
{
	/* what all of them have: few paths need a closer look */
	if (!strstr(path, "/systemd/system/"))
		return NULL;
	for (size_t i = 0; RESOLVE_UNIT_FOLDERS[i]; i++) {
		size_t len = strlen(RESOLVE_UNIT_FOLDERS[i]);

		if (text_starts(path, RESOLVE_UNIT_FOLDERS[i]) && path[len] == '/')
			return path + len + 1;
	}
	return NULL;
}

static bool is_drop_in(const char *below)
{
	const char *slash = strchr(below, '/');

	return slash && !strchr(slash + 1, '/') && text_ends(below, ".conf") &&
	       slash - below > 2 && slash[-1] == 'd' && slash[-2] == '.';
}

static bool unit_wants(const struct detect *d, const struct tree_entry *entry,
		       const char *path)
{
	const char *below = below_unit_folder(path);

	(void)d;
	(void)entry;
	return below && (strchr(below, '/') ? is_drop_in(below) : has_unit_suffix(below));
}

struct unit_reader {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
};

static void broken(const struct unit_reader *u, const struct ini_item *item,
		   const char *word)
{
	_cleanup_(freep) char *text = mem_printf(
		"line %u: %s=%s, which is not in the root", item->line, item->key, word);

	finding_list_add(
		&u->out->findings,
		&(struct finding_row){ .rule = "broken-reference",
				       .severity = SEVERITY_NOTE,
				       .file = u->in->file,
				       .subject = u->in->path,
				       .text = text,
				       .remedy = "install what is named, or mask the "
						 "unit" });
}

static struct edge_row citation(const struct ini_item *item, enum edge_kind kind,
				enum edge_strength strength, const char *text)
{
	return (struct edge_row){ .kind = kind,
				  .strength = strength,
				  .cite_line = item->line,
				  .cite_text = text };
}

/* A list of unit names. */
static void unit_names(const struct unit_reader *u, const struct ini_item *item,
		       enum edge_strength strength)
{
	const char *rest = item->value;
	char word[MAX_WORD];

	while (ini_word(&rest, word, sizeof(word))) {
		_cleanup_(freep) char *text = mem_printf("%s=%s", item->key, word);

		detect_reference(u->d, u->out, u->in, TARGET_UNIT, word, strlen(word),
				 citation(item, EDGE_UNIT, strength, text));
	}
}

static void hard_units(const struct unit_reader *u, const struct ini_item *item)
{
	unit_names(u, item, EDGE_HARD);
}

static void soft_units(const struct unit_reader *u, const struct ini_item *item)
{
	unit_names(u, item, EDGE_LIKELY);
}

/* Absolute paths of the root among the words: programs read what they are given. */
static void paths(const struct unit_reader *u, const struct ini_item *item,
		  const char *rest, enum edge_strength strength)
{
	char word[MAX_WORD];

	while (ini_word(&rest, word, sizeof(word))) {
		const char *path = word + strspn(word, "-!|+");
		_cleanup_(freep) char *text = mem_printf("%s=%s", item->key, item->value);

		if (path[0] == '/')
			detect_reference(u->d, u->out, u->in, TARGET_PATH, path,
					 strlen(path),
					 citation(item, EDGE_PATH, strength, text));
	}
}

static void some_paths(const struct unit_reader *u, const struct ini_item *item)
{
	paths(u, item, item->value, EDGE_LIKELY);
}

/* "sh -c WORDS": names in the script that are commands of the root. */
static void shell_words(const struct unit_reader *u, const struct ini_item *item,
			const char *script)
{
	detect_shell_text(u->d, u->out,
			  &(struct detect_script){ .from = u->in->file,
						   .text = script,
						   .len = strlen(script),
						   .line = item->line,
						   .kind = EDGE_UNIT_EXEC });
}

static bool is_shell(const char *command)
{
	const char *base = strrchr(command, '/');

	base = base ? base + 1 : command;
	return strcmp(base, "sh") == 0 || strcmp(base, "bash") == 0 ||
	       strcmp(base, "dash") == 0;
}

/* The words behind the command: a script for a shell, else paths and commands it is given. */
static void arguments(const struct unit_reader *u, const struct ini_item *item,
		      const char *command, const char *rest)
{
	const char *words = rest;
	char word[MAX_WORD];

	if (!is_shell(command)) {
		paths(u, item, rest, EDGE_LIKELY);
		return;
	}
	while (ini_word(&words, word, sizeof(word))) {
		if (word[0] != '-') {
			shell_words(u, item, word);
			break;
		}
	}
	paths(u, item, rest, EDGE_LIKELY);
}

static void exec(const struct unit_reader *u, const struct ini_item *item)
{
	const char *rest = item->value;
	enum edge_strength strength = EDGE_HARD;
	bool argv0 = false;
	char word[MAX_WORD];
	_cleanup_(freep) char *text = mem_printf("%s=%s", item->key, item->value);

	while (*rest && strchr("@-:+!|", *rest)) {
		if (*rest == '-')
			strength = EDGE_LIKELY;
		argv0 |= *rest++ == '@';
	}
	if (!ini_word(&rest, word, sizeof(word)) || strchr(word, '%') ||
	    strchr(word, '$'))
		return;
	if (detect_reference(u->d, u->out, u->in, TARGET_COMMAND, word, strlen(word),
			     citation(item, EDGE_UNIT_EXEC, strength, text)) == 0 &&
	    strength == EDGE_HARD)
		broken(u, item, word);
	if (argv0) {
		char ignored[MAX_WORD];

		ini_word(&rest, ignored, sizeof(ignored));
	}
	arguments(u, item, word, rest);
}

/* Type=nfs of a mount unit: mount(8) runs mount.nfs. */
static void mount_type(const struct unit_reader *u, const struct ini_item *item)
{
	_cleanup_(freep) char *helper = mem_printf("mount.%s", item->value);
	_cleanup_(freep) char *text = mem_printf("Type=%s", item->value);

	if (strcmp(item->section, "Mount") != 0)
		return;
	detect_reference(u->d, u->out, u->in, TARGET_COMMAND, helper, strlen(helper),
			 citation(item, EDGE_UNIT_EXEC, EDGE_HARD, text));
	detect_reference(u->d, u->out, u->in, TARGET_MODULE, item->value,
			 strlen(item->value),
			 citation(item, EDGE_MODPROBE, EDGE_LIKELY, text));
}

static void pam_name(const struct unit_reader *u, const struct ini_item *item)
{
	_cleanup_(freep) char *path = mem_printf("/etc/pam.d/%s", item->value);
	_cleanup_(freep) char *vendor = mem_printf("/usr/lib/pam.d/%s", item->value);
	_cleanup_(freep) char *text = mem_printf("PAMName=%s", item->value);
	struct edge_row how = citation(item, EDGE_PAM, EDGE_HARD, text);

	if (detect_reference(u->d, u->out, u->in, TARGET_PATH, path, strlen(path), how) ==
	    0)
		detect_reference(u->d, u->out, u->in, TARGET_PATH, vendor, strlen(vendor),
				 how);
}

static void bus_name(const struct unit_reader *u, const struct ini_item *item)
{
	_cleanup_(freep) char *text = mem_printf("BusName=%s", item->value);

	detect_reference(u->d, u->out, u->in, TARGET_UNIT, "dbus.socket",
			 strlen("dbus.socket"),
			 citation(item, EDGE_DBUS, EDGE_HARD, text));
	detect_reference(u->d, u->out, u->in, TARGET_UNIT, "dbus.service",
			 strlen("dbus.service"),
			 citation(item, EDGE_DBUS, EDGE_HARD, text));
}

/* What starts the unit when its name is used, and makes others find it. */
static void activation(const struct unit_reader *u, const struct ini_item *item)
{
	_cleanup_(freep) char *text = mem_printf("BusName=%s", item->value);

	bus_name(u, item);
	detect_reference(u->d, u->out, u->in, TARGET_BUS_NAME, item->value,
			 strlen(item->value),
			 citation(item, EDGE_DBUS, EDGE_POSSIBLE, text));
}

static const struct {
	const char *key;
	void (*read)(const struct unit_reader *u, const struct ini_item *item);
} KEYS[] = {
	{ "Requires", hard_units },
	{ "Requisite", hard_units },
	{ "BindsTo", hard_units },
	{ "Upholds", hard_units },
	{ "Sockets", hard_units },
	{ "Service", hard_units },
	{ "Unit", hard_units },
	{ "Wants", soft_units },
	{ "OnFailure", soft_units },
	{ "OnSuccess", soft_units },
	{ "Slice", soft_units },
	{ "Also", soft_units },
	{ "ExecCondition", exec },
	{ "ExecStartPre", exec },
	{ "ExecStart", exec },
	{ "ExecStartPost", exec },
	{ "ExecReload", exec },
	{ "ExecStop", exec },
	{ "ExecStopPre", exec },
	{ "ExecStopPost", exec },
	{ "EnvironmentFile", some_paths },
	{ "RootImage", some_paths },
	{ "LoadCredential", some_paths },
	{ "ConditionFileIsExecutable", some_paths },
	{ "AssertFileIsExecutable", some_paths },
	{ "Type", mount_type },
	{ "PAMName", pam_name },
	{ "BusName", activation },
};

static void read_item(void *arg, const struct ini_item *item)
{
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
		if (strcmp(KEYS[i].key, item->key) == 0)
			KEYS[i].read(arg, item);
}

/* A timer, path or socket starts the service of its name unless it says another one. */
static void same_name_service(const struct unit_reader *u)
{
	static const char *const STARTERS[] = { ".timer", ".path", ".socket" };
	const char *base = strrchr(u->in->path, '/') + 1;

	for (size_t i = 0; i < ARRAY_LEN(STARTERS); i++) {
		_cleanup_(freep) char *service = NULL;

		if (!text_ends(base, STARTERS[i]))
			continue;
		service = mem_printf("%.*s.service",
				     (int)(strlen(base) - strlen(STARTERS[i])), base);
		if (detect_reference(
			    u->d, u->out, u->in, TARGET_UNIT, service, strlen(service),
			    (struct edge_row){ .kind = EDGE_UNIT,
					       .strength = EDGE_HARD,
					       .cite_text = "starts the service of "
							    "its name" }))
			return;
		/* an accepting socket starts instances: name@.service */
		free(service);
		service = mem_printf("%.*s@.service",
				     (int)(strlen(base) - strlen(STARTERS[i])), base);
		detect_reference(
			u->d, u->out, u->in, TARGET_UNIT, service, strlen(service),
			(struct edge_row){ .kind = EDGE_UNIT,
					   .strength = EDGE_HARD,
					   .cite_text = "starts instances of the "
							"service of its name" });
	}
}

static void unit_file(const struct detect *d, const struct detect_input *in,
		      struct detect_sink *out)
{
	struct unit_reader u = { d, in, out };

	ini_read(in->data, in->len, read_item, &u);
	same_name_service(&u);
	detect_service(d, in, out);
}

/* An entry X.wants/Y, X.requires/Y, X.upholds/Y or X.d/Y.conf: an edge from unit X. */
static const struct {
	const char *suffix;
	enum edge_strength vendor,
		local; /* of entries that a package owns, and of others */
} FOLDERS[] = {
	{ ".wants", EDGE_LIKELY, EDGE_POSSIBLE },
	{ ".requires", EDGE_HARD, EDGE_HARD },
	{ ".upholds", EDGE_LIKELY, EDGE_POSSIBLE },
	{ ".d", EDGE_HARD, EDGE_HARD },
};

static void folder_entry(const struct detect *d, struct detect_sink *out,
			 const struct tree_entry *entry, const char *below)
{
	const char *slash = strchr(below, '/');

	for (size_t i = 0; slash && !strchr(slash + 1, '/') && i < ARRAY_LEN(FOLDERS);
	     i++) {
		size_t suffix = strlen(FOLDERS[i].suffix), len = (size_t)(slash - below);
		const struct tree_entry *unit;

		if (len <= suffix ||
		    memcmp(slash - suffix, FOLDERS[i].suffix, suffix) != 0)
			continue;
		unit = resolve_unit(d->resolve, below, len - suffix);
		if (unit)
			detect_edge(
				d, out, unit, entry,
				(struct edge_row){
					.kind = EDGE_UNIT,
					.strength = entry->is_owned ? FOLDERS[i].vendor
								    : FOLDERS[i].local,
					.cite_text = tree_text(d->tree, entry->path) });
	}
}

static void unit_whole(const struct detect *d, struct detect_sink *out)
{
	array_each (&d->tree->entries, i) {
		const struct tree_entry *entry = &d->tree->entries.data[i];
		const char *below = below_unit_folder(tree_text(d->tree, entry->path));

		if (below && entry->on_disk && entry->type != FILE_DIRECTORY)
			folder_entry(d, out, entry, below);
	}
}

const struct detector DETECT_UNIT = {
	.name = "unit",
	.wants = unit_wants,
	.file = unit_file,
	.whole = unit_whole,
};
