/*
 * RPM scriptlets and triggers: what installing, updating or erasing a package would run. The
 * edges begin at the package; a plan lists them and does not follow them, because a package that
 * merely stays runs none of them.
 */
#include "analyzer/detect_list.h"

#include "analyzer/detect_shell.h"

static void interpreter(const struct detect *d, struct detect_sink *out, pkg_id package,
			const char *words)
{
	const struct tree_entry *entry =
		resolve_command(d->resolve, words, strcspn(words, " "));

	if (entry)
		edge_list_add(&out->edges,
			      &(struct edge_row){ .from_package = package,
						  .to_file = tree_id(d->tree, entry),
						  .kind = EDGE_SCRIPTLET,
						  .strength = EDGE_HARD,
						  .cite_text = words });
}

static void scriptlet_whole(const struct detect *d, struct detect_sink *out)
{
	array_each (&d->rpm->packages, p) {
		const struct rpm_package *pkg = &d->rpm->packages.data[p];

		for (uint32_t i = 0; i < pkg->scriptlets_len; i++) {
			const struct rpm_scriptlet *s =
				&d->rpm->scriptlets.data[pkg->scriptlets_at + i];
			const char *words = rpm_image_text(d->rpm, s->interpreter);

			interpreter(d, out, (pkg_id)p + 1, words);
			if (s->body && strstr(words, "sh"))
				detect_shell_text(d, out,
						  &(struct detect_script){
							  .from_package = (pkg_id)p + 1,
							  .text = s->body,
							  .len = strlen(s->body),
							  .line = 1,
							  .kind = EDGE_SCRIPTLET });
		}
	}
}

const struct detector DETECT_SCRIPTLET = { .name = "scriptlet",
					   .whole = scriptlet_whole };
