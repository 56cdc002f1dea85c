#include "report/sbom_internal.h"

static void put_property(json_t *list, const char *name, const char *value)
{
	json_t *property = json_object();

	json_put(property, "name", json_string(name));
	json_put(property, "value", json_bytes(value));
	json_push(list, property);
}

/* Where the texts of its licences stay on the image. */
static json_t *properties_json(const struct graph *g, pkg_id p)
{
	json_t *list = json_array();

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		const struct graph_file *file = &g->files[g->owned[i]];

		if (file->category == CATEGORY_LICENCE && graph_file_on_disk(file))
			put_property(list, "tare:licence_file",
				     graph_text(g, file->path));
	}
	put_property(list, "tare:source_rpm", graph_text(g, g->packages[p].source_rpm));
	return list;
}

static json_t *licenses_json(const struct graph *g, pkg_id p)
{
	json_t *list = json_array(), *entry = json_object(), *license = json_object();

	json_put(license, "name", json_bytes(graph_text(g, g->packages[p].license)));
	json_put(entry, "license", license);
	json_push(list, entry);
	return list;
}

static json_t *component_json(const struct graph *g, pkg_id p)
{
	_cleanup_(freep) char *purl = sbom_purl(g, p), *version = sbom_version(g, p);
	const struct graph_package *package = &g->packages[p];
	json_t *json = json_object();

	json_put(json, "type", json_string("library"));
	json_put(json, "bom-ref", json_bytes(graph_text(g, package->nevra)));
	json_put(json, "name", json_bytes(graph_text(g, package->name)));
	json_put(json, "version", json_bytes(version));
	json_put(json, "description", json_bytes(graph_text(g, package->summary)));
	if (graph_text(g, package->vendor)[0])
		json_put(json, "publisher", json_bytes(graph_text(g, package->vendor)));
	if (graph_text(g, package->license)[0])
		json_put(json, "licenses", licenses_json(g, p));
	json_put(json, "purl", json_bytes(purl));
	json_put(json, "properties", properties_json(g, p));
	return json;
}

static json_t *metadata_json(const struct sbom *sbom)
{
	const struct graph *g = sbom->graph;
	json_t *json = json_object(), *tools = json_object(), *list = json_array();
	json_t *tool = json_object(), *image = json_object();

	json_put(tool, "type", json_string("application"));
	json_put(tool, "name", json_string("tare"));
	json_put(tool, "version", json_bytes(graph_text(g, g->image.tool_version)));
	json_push(list, tool);
	json_put(tools, "components", list);
	json_put(image, "type", json_string("operating-system"));
	json_put(image, "bom-ref", json_string("image"));
	json_put(image, "name",
		 json_bytes(graph_text(g, g->image.os_id)[0]
				    ? graph_text(g, g->image.os_id)
				    : "image"));
	json_put(image, "version", json_bytes(graph_text(g, g->image.os_version)));
	json_put(json, "timestamp", json_string(sbom->created));
	json_put(json, "tools", tools);
	json_put(json, "component", image);
	return json;
}

static json_t *dependency_json(const struct sbom *sbom, pkg_id p, sbom_packages *needs)
{
	const struct graph *g = sbom->graph;
	json_t *json = json_object(), *list = json_array();

	sbom_needs(sbom, p, needs);
	array_each (needs, i)
		json_push(list,
			  json_bytes(graph_text(g, g->packages[needs->data[i]].nevra)));
	json_put(json, "ref", json_bytes(graph_text(g, g->packages[p].nevra)));
	json_put(json, "dependsOn", list);
	return json;
}

int sbom_cyclonedx(const struct graph *g, const struct plan_doc *plan, struct strbuf *out,
		   struct error *err)
{
	json_t *json, *components = NULL, *dependencies = NULL;
	_cleanup_(freep) char *serial = NULL, *text = NULL;
	sbom_packages needs = { 0 };
	struct sbom sbom;
	int r = sbom_init(&sbom, g, plan, err);

	if (r < 0)
		return r;
	json = json_object();
	components = json_array();
	dependencies = json_array();
	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (!idset_has(&sbom.kept, p))
			continue;
		json_push(components, component_json(g, p));
		json_push(dependencies, dependency_json(&sbom, p, &needs));
	}
	serial = mem_printf("urn:uuid:%s", sbom.uuid);
	json_put(json, "bomFormat", json_string("CycloneDX"));
	json_put(json, "specVersion", json_string("1.5"));
	json_put(json, "serialNumber", json_string(serial));
	json_put(json, "version", json_uint(1));
	json_put(json, "metadata", metadata_json(&sbom));
	json_put(json, "components", components);
	json_put(json, "dependencies", dependencies);
	text = json_text(json);
	strbuf_puts(out, text);
	json_decref(json);
	array_release(&needs);
	sbom_release(&sbom);
	return 0;
}
