#include "report/sbom_internal.h"

#include "base/text.h"
#include "report/relations.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_software(const struct graph *g, pkg_id p)
{
	return !g->packages[p].is_key;
}

static int leave_out_removed(struct sbom *sbom, const struct plan_doc *plan,
			     struct error *err)
{
	array_each (&plan->packages, i) {
		const struct plan_doc_item *item = &plan->packages.data[i];
		size_t count = 0;
		pkg_id p;

		if (!item->remove)
			continue;
		p = graph_find_package(sbom->graph, item->nevra, &count);
		if (p == 0 || count != 1)
			return error_set(err, -EINVAL,
					 "packages[%zu]: the graph has no package '%s': "
					 "the plan is another image's",
					 i, item->nevra);
		idset_remove(&sbom->kept, p);
	}
	return 0;
}

/* FNV-1a, 64 bit: http://www.isthe.com/chongo/tech/comp/fnv/ . Names a document; nothing
 * is proven by it. */
static uint64_t mix(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	} while (*text++);
	return hash;
}

/* Version 8 of RFC 9562: made from the list of what stays. */
static void make_uuid(struct sbom *sbom)
{
	const struct graph *g = sbom->graph;
	uint64_t high = 0xcbf29ce484222325u, low = ~high;

	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!idset_has(&sbom->kept, p))
			continue;
		high = mix(high, graph_text(g, g->packages[p].nevra));
		low = mix(low, graph_text(g, g->packages[p].nevra));
	}
	snprintf(sbom->uuid, sizeof(sbom->uuid),
		 "%08" PRIx32 "-%04x-8%03x-%04x-%012" PRIx64, (uint32_t)(high >> 32),
		 (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
		 (unsigned)(0x8000 | (low >> 48 & 0x3fff)), low & 0xffffffffffff);
}

static void make_date(struct sbom *sbom)
{
	const struct graph *g = sbom->graph;
	struct tm parts;
	time_t newest = 0;

	for (pkg_id p = 1; p <= g->package_count; p++)
		newest = MAX2(newest, g->packages[p].install_time);
	/* four digits of a year are all that both formats have */
	newest = newest > 253402300799 ? 0 : newest;
	gmtime_r(&newest, &parts);
	strftime(sbom->created, sizeof(sbom->created), "%Y-%m-%dT%H:%M:%SZ", &parts);
}

int sbom_init(struct sbom *sbom, const struct graph *g, const struct plan_doc *plan,
	      struct error *err)
{
	int r;

	*sbom = (struct sbom){ .graph = g };
	idset_init(&sbom->kept, g->package_count + 1);
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (is_software(g, p))
			idset_add(&sbom->kept, p);
	r = plan ? leave_out_removed(sbom, plan, err) : 0;
	if (r < 0) {
		sbom_release(sbom);
		return r;
	}
	make_uuid(sbom);
	make_date(sbom);
	return 0;
}

void sbom_release(struct sbom *sbom)
{
	idset_release(&sbom->kept);
}

/* https://github.com/package-url/purl-spec: all but these is percent-encoded. */
static void put_encoded(struct strbuf *out, const char *text)
{
	static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.-_~:";

	for (const char *s = text; *s; s++) {
		if (strchr(PLAIN, *s))
			strbuf_putc(out, *s);
		else
			strbuf_printf(out, "%%%02X", (unsigned char)*s);
	}
}

static void put_qualifier(struct strbuf *out, const char *name, const char *value,
			  char *separator)
{
	if (!value[0])
		return;
	strbuf_printf(out, "%c%s=", *separator, name);
	put_encoded(out, value);
	*separator = '&';
}

char *sbom_purl(const struct graph *g, pkg_id p)
{
	const struct graph_package *package = &g->packages[p];
	struct strbuf out = { 0 };
	_cleanup_(freep) char *epoch = NULL, *distro = NULL;
	const char *os = graph_text(g, g->image.os_id);
	char separator = '?';

	strbuf_puts(&out, "pkg:rpm/");
	if (os[0]) {
		put_encoded(&out, os);
		strbuf_putc(&out, '/');
	}
	put_encoded(&out, graph_text(g, package->name));
	strbuf_putc(&out, '@');
	put_encoded(&out, graph_text(g, package->version));
	strbuf_putc(&out, '-');
	put_encoded(&out, graph_text(g, package->release));
	put_qualifier(&out, "arch", graph_text(g, package->arch), &separator);
	if (os[0])
		distro = mem_printf("%s-%s", os, graph_text(g, g->image.os_version));
	put_qualifier(&out, "distro", distro ? distro : "", &separator);
	if (package->epoch >= 0)
		epoch = mem_printf("%" PRId64, package->epoch);
	put_qualifier(&out, "epoch", epoch ? epoch : "", &separator);
	put_qualifier(&out, "upstream", graph_text(g, package->source_rpm), &separator);
	return strbuf_detach(&out);
}

char *sbom_version(const struct graph *g, pkg_id p)
{
	const struct graph_package *package = &g->packages[p];
	const char *version = graph_text(g, package->version);
	const char *release = graph_text(g, package->release);

	return package->epoch >= 0
		       ? mem_printf("%" PRId64 ":%s-%s", package->epoch, version, release)
		       : mem_printf("%s-%s", version, release);
}

static int by_id(const void *a, const void *b)
{
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;

	return (x > y) - (x < y);
}

void sbom_needs(const struct sbom *sbom, pkg_id p, sbom_packages *ret)
{
	static const char *const KINDS[] = { "requires" };
	const struct graph *g = sbom->graph;
	struct relations_query query = { .start = graph_package_node(g, p),
					 .depth = 1,
					 .kinds = KINDS,
					 .kind_count = ARRAY_LEN(KINDS) };
	struct relations relations = { 0 };
	size_t len = 0;

	ret->len = 0;
	relations_find(g, &query, &relations);
	array_each (&relations.list, i) {
		uint32_t to = relations.list.data[i].to;
		pkg_id other;

		if (to == 0 || graph_node_is_file(g, to))
			continue;
		other = graph_node_package(g, to);
		if (other != p && idset_has(&sbom->kept, other))
			array_push(ret, other);
	}
	relations_release(&relations);
	array_sort(ret, by_id);
	array_each (ret, i)
		if (i == 0 || ret->data[i] != ret->data[i - 1])
			ret->data[len++] = ret->data[i];
	ret->len = len;
}
