#include "analyzer/write_graph.h"

/* NULL for "no string", which the graph stores as NULL. */
static const char *text_or_null(const struct strpool *pool, str_id id)
{
	return id ? strpool_text(pool, id) : NULL;
}

static int write_package(struct store *st, const struct rpm_image *image, size_t index,
			 struct error *err)
{
	const struct rpm_package *p = &image->packages.data[index];

	return store_add_package(
		st,
		&(struct package_row){
			.id = (pkg_id)index + 1,
			.name = rpm_image_text(image, p->name),
			.version = rpm_image_text(image, p->version),
			.release = rpm_image_text(image, p->release),
			.arch = rpm_image_text(image, p->arch),
			.epoch = p->epoch,
			.nevra = rpm_image_text(image, p->nevra),
			.summary = rpm_image_text(image, p->summary),
			.license = rpm_image_text(image, p->license),
			.vendor = rpm_image_text(image, p->vendor),
			.source_rpm = rpm_image_text(image, p->source_rpm),
			.declared_bytes = p->declared_bytes,
			.header_bytes = p->header_bytes,
			.install_time = p->install_time,
			.install_reason =
				text_or_null(&image->strings, p->install_reason),
			.is_signed = p->is_signed,
			.is_key = p->is_key,
		},
		err);
}

static int write_capabilities(struct store *st, const struct rpm_image *image,
			      struct error *err)
{
	for (cap_id c = 1; c < image->capabilities.len; c++) {
		const struct rpm_capability *cap = &image->capabilities.data[c];
		int r = store_add_capability(
			st,
			&(struct capability_row){
				.id = c,
				.name = rpm_image_text(image, cap->name),
				.sense = rpm_sense_name(cap->sense),
				.evr = rpm_image_text(image, cap->evr) },
			err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int write_nodes(struct store *st, const struct rpm_image *image, struct error *err)
{
	for (node_id n = 1; n < image->nodes.len; n++) {
		const struct rpm_node *node = &image->nodes.data[n];
		int r = store_add_node(
			st,
			&(struct node_row){ .id = n,
					    .op = node->op,
					    .left = node->left,
					    .right = node->right,
					    .otherwise = node->otherwise,
					    .capability = node->capability },
			err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int write_requirements(struct store *st, const struct rpm_image *image,
			      struct error *err)
{
	array_each (&image->requirements, i) {
		const struct rpm_requirement *req = &image->requirements.data[i];
		int r = store_add_requirement(
			st,
			&(struct requirement_row){
				.id = (req_id)i + 1,
				.package = req->package,
				.strength = req->strength,
				.phases = req->phases,
				.manual = req->manual,
				.text = rpm_image_text(image, req->text),
				.node = req->node,
				.state = req->state },
			err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int write_providers(struct store *st, const struct rpm_image *image,
			   const struct tree *tree, struct error *err)
{
	array_each (&image->providers, i) {
		const struct rpm_provider *p = &image->providers.data[i];
		const struct tree_entry *entry = NULL;
		int r;

		if (p->path)
			entry = tree_find(tree, rpm_image_text(image, p->path));
		r = store_add_provider(st, p->capability, p->package,
				       entry ? tree_id(tree, entry) : 0, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What hangs on one package: provides and scriptlets. */
static int write_parts(struct store *st, const struct rpm_image *image, size_t index,
		       struct error *err)
{
	const struct rpm_package *p = &image->packages.data[index];
	int r = 0;

	for (uint32_t i = p->provides_at; r == 0 && i < p->provides_at + p->provides_len;
	     i++)
		r = store_add_provide(st, (pkg_id)index + 1, image->provides.data[i],
				      err);
	for (uint32_t i = 0; r == 0 && i < p->scriptlets_len; i++) {
		const struct rpm_scriptlet *s =
			&image->scriptlets.data[p->scriptlets_at + i];

		r = store_add_scriptlet(
			st,
			&(struct scriptlet_row){
				.package = (pkg_id)index + 1,
				.position = i + 1,
				.kind = rpm_image_text(image, s->kind),
				.interpreter = rpm_image_text(image, s->interpreter),
				.condition = rpm_image_text(image, s->condition),
				.body = s->body ? s->body : "" },
			err);
	}
	return r;
}

int write_packages(struct store *st, const struct rpm_image *image,
		   const struct tree *tree, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < image->packages.len; i++)
		r = write_package(st, image, i, err);
	if (r == 0)
		r = write_capabilities(st, image, err);
	if (r == 0)
		r = write_nodes(st, image, err);
	if (r == 0)
		r = write_requirements(st, image, err);
	if (r == 0)
		r = write_providers(st, image, tree, err);
	for (size_t i = 0; r == 0 && i < image->packages.len; i++)
		r = write_parts(st, image, i, err);
	return r;
}

static int write_file(struct store *st, const struct tree *tree, size_t index,
		      struct error *err)
{
	const struct tree_entry *e = &tree->entries.data[index];

	return store_add_file(
		st,
		&(struct file_row){
			.id = (file_id)index + 1,
			.path = tree_text(tree, e->path),
			.type = e->type,
			.mode = e->mode,
			.uid = e->uid,
			.gid = e->gid,
			.size_bytes = e->size_bytes,
			.disk_bytes = e->disk_bytes,
			.device = e->device,
			.inode = e->inode,
			.link_count = e->link_count,
			.mtime = e->mtime,
			.target = e->type == FILE_SYMLINK ? tree_text(tree, e->target)
							  : NULL,
			.category = e->category,
			.media_type = text_or_null(&tree->strings, e->media_type),
			.classified_by = e->classified_by,
			.state = e->state,
			.capabilities = text_or_null(&tree->strings, e->capabilities),
			.owner_guess = text_or_null(&tree->strings, e->owner_guess),
			.has_compressed = e->has_compressed,
			.compressed_bytes = e->compressed_bytes,
		},
		err);
}

static int write_ownership(struct store *st, const struct tree *tree,
			   const struct rpm_image *image, const struct ownership *o,
			   struct error *err)
{
	const struct rpm_file *file = &image->files.data[o->rpm_file];
	const char *declared = rpm_image_text(image, file->path);
	const char *path = tree_text(tree, tree->entries.data[o->file - 1].path);

	return store_add_ownership(
		st,
		&(struct ownership_row){
			.file = o->file,
			.package = o->package,
			.flags = file->flags,
			.rpm_state = file->state,
			.color = file->color,
			.declared_mode = file->mode,
			.declared_bytes = file->size_bytes,
			.declared_path = strcmp(declared, path) == 0 ? NULL : declared,
			.digest = text_or_null(&image->strings, file->digest),
		},
		err);
}

int write_files(struct store *st, const struct tree *tree, const struct rpm_image *image,
		const struct ownership_list *owners, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < tree->entries.len; i++)
		r = write_file(st, tree, i, err);
	for (size_t i = 0; r == 0 && i < owners->items.len; i++)
		r = write_ownership(st, tree, image, &owners->items.data[i], err);
	return r;
}

int write_edges(struct store *st, const struct edge_list *edges, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < edges->items.len; i++) {
		struct edge_row row = edge_list_row(edges, i);

		r = store_add_edge(st, &row, err);
	}
	return r;
}

int write_findings(struct store *st, const struct finding_list *findings,
		   struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < findings->items.len; i++) {
		struct finding_row row = finding_list_row(findings, i);

		r = store_add_finding(st, &row, err);
	}
	return r;
}

int write_marks(struct store *st, const struct mark_list *marks, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < marks->items.len; i++) {
		struct mark_row row = mark_list_row(marks, i);

		r = store_add_mark(st, &row, err);
	}
	return r;
}

int write_services(struct store *st, const struct service_list *services,
		   struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < services->items.len; i++) {
		struct service_row row = service_list_row(services, i);

		r = store_add_service(st, &row, err);
	}
	return r;
}
