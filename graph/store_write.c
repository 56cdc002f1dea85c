#include "graph/store_write.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>

/* Run an insert whose values were set by position. */
static int run(struct sql_stmt *q, struct error *err)
{
	int r = sql_step(q, err);

	return r < 0 ? r : 0;
}

static const char INSERT_IMAGE[] =
	"INSERT INTO image VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

int store_set_image(struct store *st, const struct image_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_IMAGE, err);

	if (!q)
		return -EIO;
	sql_set_bytes(q, 1, row->root);
	sql_set_text(q, 2, row->os_id);
	sql_set_text(q, 3, row->os_version);
	sql_set_text(q, 4, row->os_variant);
	sql_set_text(q, 5, row->os_name);
	sql_set_text(q, 6, row->architecture);
	sql_set_text(q, 7, row->rpmdb_backend);
	sql_set_text(q, 8, row->rpmdb_path);
	sql_set_int(q, 9, (int64_t)row->rpmdb_headers);
	sql_set_int(q, 10, (int64_t)row->rpmdb_unreadable);
	sql_set_text(q, 11, row->metadata_only ? "metadata-only" : "full");
	sql_set_int(q, 12, row->complete);
	sql_set_text(q, 13, TARE_VERSION);
	sql_set_int(q, 14, (int64_t)row->entries);
	sql_set_int(q, 15, (int64_t)row->disk_bytes);
	sql_set_int(q, 16, (int64_t)row->boundary_bytes);
	if (row->has_compressed)
		sql_set_int(q, 17, (int64_t)row->compressed_bytes);
	return run(q, err);
}

static const char INSERT_PACKAGE[] =
	"INSERT INTO package VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)";

int store_add_package(struct store *st, const struct package_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_PACKAGE, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->id);
	sql_set_text(q, 2, row->name);
	if (row->epoch >= 0) /* else NULL, as every value begins */
		sql_set_int(q, 3, row->epoch);
	sql_set_text(q, 4, row->version);
	sql_set_text(q, 5, row->release);
	sql_set_text(q, 6, row->arch);
	sql_set_text(q, 7, row->nevra);
	sql_set_text(q, 8, row->summary);
	sql_set_text(q, 9, row->license);
	sql_set_text(q, 10, row->vendor);
	sql_set_text(q, 11, row->source_rpm);
	sql_set_int(q, 12, (int64_t)row->declared_bytes);
	sql_set_int(q, 13, (int64_t)row->disk_bytes);
	sql_set_int(q, 14, row->install_time);
	sql_set_text(q, 15, row->install_reason);
	sql_set_int(q, 16, row->is_signed);
	sql_set_int(q, 17, row->is_key);
	sql_set_int(q, 18, (int64_t)row->header_bytes);
	return run(q, err);
}

static const char INSERT_FILE[] =
	"INSERT INTO file VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

int store_add_file(struct store *st, const struct file_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_FILE, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->id);
	sql_set_bytes(q, 2, row->path);
	sql_set_text(q, 3, file_type_name(row->type));
	sql_set_int(q, 4, row->mode);
	sql_set_int(q, 5, row->uid);
	sql_set_int(q, 6, row->gid);
	sql_set_int(q, 7, (int64_t)row->size_bytes);
	sql_set_int(q, 8, (int64_t)row->disk_bytes);
	sql_set_int(q, 9, (int64_t)row->device);
	sql_set_int(q, 10, (int64_t)row->inode);
	sql_set_int(q, 11, (int64_t)row->link_count);
	sql_set_int(q, 12, row->mtime);
	sql_set_bytes(q, 13, row->target);
	sql_set_text(q, 14, file_category_name(row->category));
	sql_set_text(q, 15, row->media_type);
	sql_set_text(q, 16, file_classifier_name(row->classified_by));
	sql_set_text(q, 17, file_state_name(row->state));
	sql_set_text(q, 18, row->capabilities);
	sql_set_text(q, 19, row->owner_guess);
	if (row->has_compressed)
		sql_set_int(q, 20, (int64_t)row->compressed_bytes);
	return run(q, err);
}

static const char INSERT_OWNERSHIP[] = "INSERT INTO ownership VALUES (?,?,?,?,?,?,?,?,?)";

int store_add_ownership(struct store *st, const struct ownership_row *row,
			struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_OWNERSHIP, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->file);
	sql_set_int(q, 2, row->package);
	sql_set_int(q, 3, row->flags);
	sql_set_int(q, 4, row->rpm_state);
	sql_set_int(q, 5, row->color);
	sql_set_int(q, 6, (int64_t)row->declared_bytes);
	sql_set_int(q, 7, row->declared_mode);
	sql_set_bytes(q, 8, row->declared_path);
	sql_set_text(q, 9, row->digest);
	return run(q, err);
}

static const char INSERT_CAPABILITY[] = "INSERT INTO capability VALUES (?,?,?,?)";

int store_add_capability(struct store *st, const struct capability_row *row,
			 struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_CAPABILITY, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->id);
	sql_set_text(q, 2, row->name);
	sql_set_text(q, 3, row->sense);
	sql_set_text(q, 4, row->evr);
	return run(q, err);
}

static const char INSERT_REQUIREMENT[] =
	"INSERT INTO requirement VALUES (?,?,?,?,?,?,?,?)";

int store_add_requirement(struct store *st, const struct requirement_row *row,
			  struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_REQUIREMENT, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->id);
	sql_set_int(q, 2, row->package);
	sql_set_text(q, 3, req_strength_name(row->strength));
	sql_set_int(q, 4, row->phases);
	sql_set_text(q, 5, row->manual ? "manual" : "auto");
	sql_set_text(q, 6, row->text);
	sql_set_int(q, 7, row->node);
	sql_set_text(q, 8, req_state_name(row->state));
	return run(q, err);
}

static const char INSERT_NODE[] = "INSERT INTO requirement_node VALUES (?,?,?,?,?,?)";

int store_add_node(struct store *st, const struct node_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_NODE, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->id);
	sql_set_text(q, 2, node_operator_name(row->op));
	sql_set_id(q, 3, row->left);
	sql_set_id(q, 4, row->right);
	sql_set_id(q, 5, row->otherwise);
	sql_set_id(q, 6, row->capability);
	return run(q, err);
}

static const char INSERT_SCRIPTLET[] = "INSERT INTO scriptlet VALUES (?,?,?,?,?,?)";

int store_add_scriptlet(struct store *st, const struct scriptlet_row *row,
			struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_SCRIPTLET, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->package);
	sql_set_int(q, 2, row->position);
	sql_set_text(q, 3, row->kind);
	sql_set_text(q, 4, row->interpreter);
	sql_set_text(q, 5, row->condition);
	sql_set_bytes(q, 6, row->body);
	return run(q, err);
}

/* Text columns that come from the root: shown as text_printable() does; NULL stays NULL.
 */
static char *printable(const char *bytes)
{
	return bytes ? text_printable_dup(bytes) : NULL;
}

static const char INSERT_ELF[] =
	"INSERT INTO elf VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

int store_add_elf(struct store *st, const struct elf_row *row, struct error *err)
{
	_cleanup_(freep) char *soname = printable(row->soname);
	_cleanup_(freep) char *interpreter = printable(row->interpreter);
	_cleanup_(freep) char *runpath = printable(row->runpath);
	_cleanup_(freep) char *rpath = printable(row->rpath);
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_ELF, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->file);
	sql_set_int(q, 2, row->class);
	sql_set_text(q, 3, row->big_endian ? "big" : "little");
	sql_set_text(q, 4, row->machine);
	sql_set_text(q, 5, elf_type_name(row->type));
	sql_set_text(q, 6, soname);
	sql_set_text(q, 7, interpreter);
	sql_set_text(q, 8, runpath);
	sql_set_text(q, 9, rpath);
	sql_set_text(q, 10, row->build_id);
	sql_set_int(q, 11, row->is_static);
	sql_set_int(q, 12, row->is_stripped);
	sql_set_int(q, 13, row->has_dlopen);
	sql_set_text(q, 14, row->go_module);
	sql_set_text(q, 15, row->go_version);
	sql_set_int(q, 16, row->hardening);
	sql_set_int(q, 17, (int64_t)row->text_bytes);
	sql_set_int(q, 18, (int64_t)row->rodata_bytes);
	sql_set_int(q, 19, (int64_t)row->relro_bytes);
	sql_set_int(q, 20, (int64_t)row->data_bytes);
	sql_set_int(q, 21, (int64_t)row->bss_bytes);
	sql_set_int(q, 22, (int64_t)row->debug_bytes);
	sql_set_int(q, 23, (int64_t)row->relocation_count);
	return run(q, err);
}

static const char INSERT_NEEDED[] = "INSERT INTO elf_needed VALUES (?,?,?,?,?)";

int store_add_needed(struct store *st, const struct needed_row *row, struct error *err)
{
	_cleanup_(freep) char *soname = printable(row->soname);
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_NEEDED, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->file);
	sql_set_int(q, 2, row->position);
	sql_set_text(q, 3, soname);
	sql_set_id(q, 4, row->resolved);
	sql_set_text(q, 5, needed_via_name(row->via));
	return run(q, err);
}

static const char INSERT_OPTION[] = "INSERT OR IGNORE INTO option VALUES (?,?)";

int store_add_option(struct store *st, const char *name, const char *value,
		     struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_OPTION, err);

	if (!q)
		return -EIO;
	sql_set_text(q, 1, name);
	sql_set_text(q, 2, value);
	return run(q, err);
}

static const char INSERT_PROVIDE[] = "INSERT OR IGNORE INTO provide VALUES (?,?)";

int store_add_provide(struct store *st, pkg_id package, cap_id capability,
		      struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_PROVIDE, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, package);
	sql_set_int(q, 2, capability);
	return run(q, err);
}

static const char INSERT_PROVIDER[] = "INSERT OR IGNORE INTO provider VALUES (?,?,?)";

int store_add_provider(struct store *st, cap_id capability, pkg_id package, file_id file,
		       struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_PROVIDER, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, capability);
	sql_set_int(q, 2, package);
	sql_set_id(q, 3, file);
	return run(q, err);
}

static const char INSERT_VERSION[] = "INSERT OR IGNORE INTO elf_version VALUES (?,?,?)";

int store_add_elf_version(struct store *st, file_id file, const char *soname,
			  const char *version, struct error *err)
{
	_cleanup_(freep) char *clean_soname = printable(soname);
	_cleanup_(freep) char *clean_version = printable(version);
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_VERSION, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, file);
	sql_set_text(q, 2, clean_soname);
	sql_set_text(q, 3, clean_version);
	return run(q, err);
}

static const char INSERT_EDGE[] = "INSERT INTO edge VALUES (NULL,?,?,?,?,?,?,?,?,?)";

int store_add_edge(struct store *st, const struct edge_row *row, struct error *err)
{
	_cleanup_(freep) char *cite_text = printable(row->cite_text);
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_EDGE, err);

	if (!q)
		return -EIO;
	sql_set_id(q, 1, row->from_file);
	sql_set_id(q, 2, row->from_package);
	sql_set_id(q, 3, row->to_file);
	sql_set_id(q, 4, row->to_package);
	sql_set_text(q, 5, edge_kind_name(row->kind));
	sql_set_text(q, 6, edge_strength_name(row->strength));
	sql_set_id(q, 7, row->cite_file);
	sql_set_id(q, 8, row->cite_line);
	sql_set_text(q, 9, cite_text);
	return run(q, err);
}

static const char INSERT_SERVICE[] = "INSERT INTO service VALUES (?,?,?,?)";

int store_add_service(struct store *st, const struct service_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_SERVICE, err);

	if (!q)
		return -EIO;
	sql_set_int(q, 1, row->file);
	sql_set_text(q, 2, service_type_name(row->type));
	sql_set_id(q, 3, row->program);
	sql_set_text(q, 4, row->conditions);
	return run(q, err);
}

static const char INSERT_MARK[] = "INSERT INTO file_mark VALUES (?,?,?)";

int store_add_mark(struct store *st, const struct mark_row *row, struct error *err)
{
	_cleanup_(freep) char *value = printable(row->value);
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_MARK, err);

	if (!q)
		return -EIO;
	sql_set_text(q, 1, file_mark_name(row->mark));
	sql_set_text(q, 2, value);
	sql_set_int(q, 3, row->file);
	return run(q, err);
}

static const char INSERT_FINDING[] = "INSERT INTO finding VALUES (NULL,?,?,?,?,?,?,?)";

int store_add_finding(struct store *st, const struct finding_row *row, struct error *err)
{
	_cleanup_(freep) char *subject = printable(row->subject);
	_cleanup_(freep) char *text = printable(row->text);
	_cleanup_(freep) char *remedy = printable(row->remedy);
	_cleanup_(sql_putp) struct sql_stmt *q =
		sql_get(store_sql(st), INSERT_FINDING, err);

	if (!q)
		return -EIO;
	sql_set_text(q, 1, row->rule);
	sql_set_text(q, 2, severity_name(row->severity));
	sql_set_id(q, 3, row->file);
	sql_set_id(q, 4, row->package);
	sql_set_text(q, 5, subject);
	sql_set_text(q, 6, text);
	sql_set_text(q, 7, remedy);
	return run(q, err);
}

/* A file counts for a package when no other package owns it; of hard links one name
 * counts. Compressed sizes count where the root's were measured, and all of the package. */
static const char WEIGH[] =
	"WITH sole AS ("
	"  SELECT o.package_id AS package_id, f.device, f.inode,"
	"         CASE WHEN f.link_count > 1 THEN 0 ELSE f.id END AS alone, f.disk_bytes,"
	"         CASE WHEN f.type = 'regular' THEN f.compressed_bytes ELSE 0 END AS "
	"packed"
	"    FROM file AS f JOIN ownership AS o ON o.file_id = f.id"
	"   WHERE f.state NOT IN ('missing', 'not-installed')"
	"   GROUP BY f.id HAVING count(*) = 1),"
	" once AS ("
	"  SELECT package_id, max(disk_bytes) AS bytes, max(packed) AS packed FROM sole"
	"   GROUP BY package_id, device, inode, alone),"
	" total AS (SELECT package_id, sum(bytes) AS bytes, sum(packed) AS packed,"
	"                  count(packed) = count(*) AS measured"
	"             FROM once GROUP BY package_id)"
	"UPDATE package SET disk_bytes ="
	" coalesce((SELECT bytes FROM total WHERE package_id = package.id), 0),"
	" compressed_bytes = CASE WHEN (SELECT compressed_bytes FROM image) NOT NULL"
	" AND coalesce((SELECT measured FROM total WHERE package_id = package.id), 1)"
	" THEN coalesce((SELECT packed FROM total WHERE package_id = package.id), 0) END";

int store_weigh_packages(struct store *st, struct error *err)
{
	return sql_exec(store_sql(st), WEIGH, err);
}
