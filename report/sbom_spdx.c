#include "report/sbom_internal.h"

#include <stdlib.h>

/* Each text of a licence once: SPDX wants words that are not on its own list as
 * LicenseRef. Strings are pooled: the same text is the same id. */
typedef ARRAY_OF(str_id) licence_list;

static int by_id(const void *a, const void *b)
{
	str_id x = *(const str_id *)a, y = *(const str_id *)b;

	return (x > y) - (x < y);
}

static void collect_licences(const struct sbom *sbom, licence_list *ret)
{
	const struct graph *g = sbom->graph;
	size_t len = 0;

	for (pkg_id p = 1; p <= g->package_count; p++)
		if (idset_has(&sbom->kept, p) && graph_text(g, g->packages[p].license)[0])
			array_push(ret, g->packages[p].license);
	array_sort(ret, by_id);
	array_each (ret, i)
		if (i == 0 || ret->data[i] != ret->data[i - 1])
			ret->data[len++] = ret->data[i];
	ret->len = len;
}

static json_t *numbered(const char *prefix, size_t number)
{
	_cleanup_(freep) char *text = mem_printf("%s%zu", prefix, number);

	return json_string(text);
}

static json_t *licence_reference(const licence_list *licences, str_id licence)
{
	const str_id *found = licences->len == 0
				      ? NULL
				      : bsearch(&licence, licences->data, licences->len,
						sizeof(licence), by_id);

	return found ? numbered("LicenseRef-", (size_t)(found - licences->data) + 1)
		     : json_string("NOASSERTION");
}

static json_t *licences_json(const struct graph *g, const licence_list *licences)
{
	json_t *list = json_array();

	array_each (licences, i) {
		json_t *json = json_object();
		const char *text = graph_text(g, licences->data[i]);

		json_put(json, "licenseId", numbered("LicenseRef-", i + 1));
		json_put(json, "name", json_bytes(text));
		json_put(json, "extractedText", json_bytes(text));
		json_push(list, json);
	}
	return list;
}

static json_t *reference_json(const struct graph *g, pkg_id p)
{
	_cleanup_(freep) char *purl = sbom_purl(g, p);
	json_t *list = json_array(), *json = json_object();

	json_put(json, "referenceCategory", json_string("PACKAGE-MANAGER"));
	json_put(json, "referenceType", json_string("purl"));
	json_put(json, "referenceLocator", json_bytes(purl));
	json_push(list, json);
	return list;
}

static json_t *package_json(const struct graph *g, pkg_id p, const licence_list *licences)
{
	const struct graph_package *package = &g->packages[p];
	_cleanup_(freep) char *version = sbom_version(g, p), *vendor = NULL,
			      *source = NULL;
	json_t *json = json_object();

	vendor = graph_text(g, package->vendor)[0]
			 ? mem_printf("Organization: %s", graph_text(g, package->vendor))
			 : mem_strdup("NOASSERTION");
	source = mem_printf("built from %s", graph_text(g, package->source_rpm));
	json_put(json, "SPDXID", numbered("SPDXRef-Package-", p));
	json_put(json, "name", json_bytes(graph_text(g, package->name)));
	json_put(json, "versionInfo", json_bytes(version));
	json_put(json, "supplier", json_bytes(vendor));
	json_put(json, "downloadLocation", json_string("NOASSERTION"));
	json_put(json, "filesAnalyzed", json_false());
	if (graph_text(g, package->source_rpm)[0])
		json_put(json, "sourceInfo", json_bytes(source));
	json_put(json, "licenseConcluded", json_string("NOASSERTION"));
	json_put(json, "licenseDeclared", licence_reference(licences, package->license));
	json_put(json, "copyrightText", json_string("NOASSERTION"));
	json_put(json, "summary", json_bytes(graph_text(g, package->summary)));
	json_put(json, "externalRefs", reference_json(g, p));
	return json;
}

static void put_relation(json_t *list, json_t *from, const char *type, json_t *to)
{
	json_t *json = json_object();

	json_put(json, "spdxElementId", from);
	json_put(json, "relationshipType", json_string(type));
	json_put(json, "relatedSpdxElement", to);
	json_push(list, json);
}

static json_t *relations_json(const struct sbom *sbom)
{
	const struct graph *g = sbom->graph;
	sbom_packages needs = { 0 };
	json_t *list = json_array();

	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!idset_has(&sbom->kept, p))
			continue;
		put_relation(list, json_string("SPDXRef-DOCUMENT"), "DESCRIBES",
			     numbered("SPDXRef-Package-", p));
		sbom_needs(sbom, p, &needs);
		array_each (&needs, i)
			put_relation(list, numbered("SPDXRef-Package-", p), "DEPENDS_ON",
				     numbered("SPDXRef-Package-", needs.data[i]));
	}
	array_release(&needs);
	return list;
}

static json_t *creation_json(const struct sbom *sbom)
{
	const struct graph *g = sbom->graph;
	_cleanup_(freep) char *tool =
		mem_printf("Tool: tare-%s", graph_text(g, g->image.tool_version));
	json_t *json = json_object(), *creators = json_array();

	json_push(creators, json_bytes(tool));
	json_put(json, "created", json_string(sbom->created));
	json_put(json, "creators", creators);
	return json;
}

static json_t *document_json(const struct sbom *sbom, const licence_list *licences)
{
	const struct graph *g = sbom->graph;
	_cleanup_(freep) char *namespace = mem_printf("urn:uuid:%s", sbom->uuid);
	_cleanup_(freep) char *name = mem_printf("%s-%s", graph_text(g, g->image.os_id),
						 graph_text(g, g->image.os_version));
	json_t *json = json_object(), *packages = json_array();

	for (pkg_id p = 1; p <= g->package_count; p++)
		if (idset_has(&sbom->kept, p))
			json_push(packages, package_json(g, p, licences));
	json_put(json, "spdxVersion", json_string("SPDX-2.3"));
	json_put(json, "dataLicense", json_string("CC0-1.0"));
	json_put(json, "SPDXID", json_string("SPDXRef-DOCUMENT"));
	json_put(json, "name", json_bytes(name));
	json_put(json, "documentNamespace", json_string(namespace));
	json_put(json, "creationInfo", creation_json(sbom));
	json_put(json, "packages", packages);
	json_put(json, "hasExtractedLicensingInfos", licences_json(g, licences));
	json_put(json, "relationships", relations_json(sbom));
	return json;
}

int sbom_spdx(const struct graph *g, const struct plan_doc *plan, struct strbuf *out,
	      struct error *err)
{
	_cleanup_(freep) char *text = NULL;
	licence_list licences = { 0 };
	struct sbom sbom;
	json_t *json;
	int r = sbom_init(&sbom, g, plan, err);

	if (r < 0)
		return r;
	collect_licences(&sbom, &licences);
	json = document_json(&sbom, &licences);
	text = json_text(json);
	strbuf_puts(out, text);
	json_decref(json);
	array_release(&licences);
	sbom_release(&sbom);
	return 0;
}
