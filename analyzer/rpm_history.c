#include "analyzer/rpm_history.h"

#include "analyzer/private_copy.h"
#include "base/io.h"
#include "base/macros.h"

#include <errno.h>
#include <stdio.h>

#define ROWS_MAX 1000000u /* of a table: more is no history that anybody made */

/*
 * The tables are read one by one and joined here: a join of tables that a hostile file
 * holds can take for ever.
 */
static const char SQL_DNF_TRANSACTIONS[] = "SELECT id FROM trans WHERE state = 1";
static const char SQL_DNF_PACKAGES[] = "SELECT item_id, name, arch FROM rpm";
static const char SQL_DNF_ITEMS[] =
	"SELECT trans_id, item_id, action, reason FROM trans_item ORDER BY trans_id, id";
static const char SQL_TDNF_NAMES[] = "SELECT Id, name FROM names";
static const char SQL_TDNF_FLAGS[] = "SELECT name_id, value FROM flag_set ORDER BY Id";

/* What dnf calls them: what is gone or was replaced says nothing of what is there. */
enum {
	DNF_DOWNGRADED = 3,
	DNF_OBSOLETED = 5,
	DNF_UPGRADED = 7,
	DNF_REMOVE = 8,
	DNF_REINSTALLED = 10,
};

static const char *const DNF_REASONS[] = {
	[1] = "dependency",	 [2] = "user",	[3] = "dependency",
	[4] = "weak dependency", [5] = "group",
};

struct history {
	struct rpm_image *image;
	struct private_copy copy;
	struct strpool ids;		/* "t5" transaction 5, "i7" item or name 7 */
	struct strpool labels;		/* "name.arch" of dnf, "name" of tdnf */
	ARRAY_OF(str_id) label_of;	/* by id in ids */
	ARRAY_OF(const char *) reasons; /* by id in labels; NULL: none */
};

typedef void row_fn(struct history *h, struct sql_stmt *q);

static int each_row(struct history *h, const char *statement, row_fn *fn,
		    struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(h->copy.db, statement, err);
	int r = -EIO;

	for (size_t rows = 0; q && (r = sql_step(q, err)) > 0; rows++) {
		if (rows == ROWS_MAX)
			return error_set(err, -E2BIG, "it has too many rows");
		fn(h, q);
	}
	return r;
}

static str_id id_of(struct history *h, char kind, int64_t number, bool add)
{
	char text[32];

	snprintf(text, sizeof(text), "%c%lld", kind, (long long)number);
	return add ? strpool_add(&h->ids, text) : strpool_find(&h->ids, text);
}

static void name_item(struct history *h, int64_t number, const char *label)
{
	str_id id = id_of(h, 'i', number, true);

	if (id >= h->label_of.len)
		array_extend(&h->label_of, id + 1 - h->label_of.len);
	h->label_of.data[id] = strpool_add(&h->labels, label);
}

static void set_reason(struct history *h, int64_t item, const char *reason)
{
	str_id id = id_of(h, 'i', item, false);
	str_id label = id && id < h->label_of.len ? h->label_of.data[id] : 0;

	if (!label)
		return;
	if (label >= h->reasons.len)
		array_extend(&h->reasons, label + 1 - h->reasons.len);
	h->reasons.data[label] = reason;
}

static void dnf_transaction(struct history *h, struct sql_stmt *q)
{
	id_of(h, 't', sql_int(q, 0), true);
}

static void dnf_package(struct history *h, struct sql_stmt *q)
{
	_cleanup_(freep) char *name = mem_strdup(sql_text(q, 1));
	_cleanup_(freep) char *label = mem_printf("%s.%s", name, sql_text(q, 2));

	name_item(h, sql_int(q, 0), label);
}

static void dnf_item(struct history *h, struct sql_stmt *q)
{
	int64_t action = sql_int(q, 2), reason = sql_int(q, 3);
	bool known = reason > 0 && reason < (int64_t)ARRAY_LEN(DNF_REASONS);

	if (!id_of(h, 't', sql_int(q, 0), false) || action == DNF_DOWNGRADED ||
	    action == DNF_OBSOLETED || action == DNF_UPGRADED ||
	    action == DNF_REINSTALLED)
		return;
	set_reason(h, sql_int(q, 1),
		   known && action != DNF_REMOVE ? DNF_REASONS[reason] : NULL);
}

static void tdnf_name(struct history *h, struct sql_stmt *q)
{
	name_item(h, sql_int(q, 0), sql_text(q, 1));
}

static void tdnf_flag(struct history *h, struct sql_stmt *q)
{
	set_reason(h, sql_int(q, 0), sql_int(q, 1) ? "dependency" : "user");
}

static int read_dnf(struct history *h, struct error *err)
{
	int r = each_row(h, SQL_DNF_TRANSACTIONS, dnf_transaction, err);

	if (r == 0)
		r = each_row(h, SQL_DNF_PACKAGES, dnf_package, err);
	if (r == 0)
		r = each_row(h, SQL_DNF_ITEMS, dnf_item, err);
	return r;
}

static int read_tdnf(struct history *h, struct error *err)
{
	int r = each_row(h, SQL_TDNF_NAMES, tdnf_name, err);

	return r == 0 ? each_row(h, SQL_TDNF_FLAGS, tdnf_flag, err) : r;
}

#define COLUMNS(...)                                                                     \
	(const char *const[])                                                            \
	{                                                                                \
		__VA_ARGS__, NULL                                                        \
	}

static bool is_dnf(struct history *h)
{
	return private_copy_has(&h->copy, "trans", COLUMNS("id", "state")) &&
	       private_copy_has(&h->copy, "rpm", COLUMNS("item_id", "name", "arch")) &&
	       private_copy_has(&h->copy, "trans_item",
				COLUMNS("id", "trans_id", "item_id", "action", "reason"));
}

/* Before tdnf 3.5 there were no flags; without any it has no such tables either. */
static bool is_tdnf(struct history *h)
{
	return private_copy_has(&h->copy, "names", COLUMNS("Id", "name")) &&
	       private_copy_has(&h->copy, "flag_set", COLUMNS("Id", "name_id", "value"));
}

static const struct {
	const char *path;
	bool (*is_one)(struct history *h);
	int (*read)(struct history *h, struct error *err);
	bool with_arch; /* its labels have the architecture */
} KINDS[] = {
	{ "/var/lib/dnf/history.sqlite", is_dnf, read_dnf, true },
	{ "/var/lib/tdnf/history.db", is_tdnf, read_tdnf, false },
};

static const char *reason_of(const struct history *h, const struct rpm_package *pkg,
			     bool with_arch)
{
	_cleanup_(freep) char *label = mem_printf(
		"%s%s%s", rpm_image_text(h->image, pkg->name), with_arch ? "." : "",
		with_arch ? rpm_image_text(h->image, pkg->arch) : "");
	str_id id = strpool_find(&h->labels, label);

	return id && id < h->reasons.len ? h->reasons.data[id] : NULL;
}

static void set_reasons(struct history *h, bool with_arch)
{
	array_each (&h->image->packages, i) {
		struct rpm_package *pkg = &h->image->packages.data[i];
		const char *reason = reason_of(h, pkg, with_arch);

		if (reason)
			pkg->install_reason = strpool_add(&h->image->strings, reason);
	}
}

static int read_kind(struct history *h, struct rootfs *root, size_t kind,
		     struct error *err)
{
	_cleanup_(closep) int fd = rootfs_open_nofollow(root, KINDS[kind].path, err);
	int r;

	if (fd < 0)
		return fd;
	r = private_copy_open(root, KINDS[kind].path, fd, &h->copy, err);
	if (r < 0)
		return r;
	if (!KINDS[kind].is_one(h))
		return 0;
	r = KINDS[kind].read(h, err);
	if (r == 0)
		set_reasons(h, KINDS[kind].with_arch);
	return private_copy_damage(r, err);
}

static void history_release(struct history *h)
{
	private_copy_release(&h->copy);
	strpool_release(&h->ids);
	strpool_release(&h->labels);
	array_release(&h->label_of);
	array_release(&h->reasons);
}

static void note_problem(struct rpm_image *image, const char *path,
			 const struct error *err)
{
	_cleanup_(freep) char *text =
		mem_printf("'%s' could not be read: %.400s", path, err->text);

	array_push(&image->problems,
		   (struct rpm_problem){ .rule = RPM_PROBLEM_HISTORY,
					 .text = strpool_add(&image->strings, text) });
}

int rpm_history_read(struct rootfs *root, struct rpm_image *image, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
		struct history history = { .image = image };
		struct error problem = { 0 };
		int r;

		strpool_init(&history.ids);
		strpool_init(&history.labels);
		r = read_kind(&history, root, i, &problem);
		history_release(&history);
		if (r == 0)
			return 0;
		if (r == -ENOSPC)
			return error_set(err, r, "%s: %s", KINDS[i].path, problem.text);
		if (r != -ENOENT && r != -ENOTDIR)
			note_problem(image, KINDS[i].path, &problem);
	}
	return 0;
}
