#include "graph/store_plan.h"

#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>

static const char DELETE_PLAN[] = "DELETE FROM plan WHERE name = :name";
static const char INSERT_PLAN[] = "INSERT INTO plan VALUES (NULL, ?, ?)";
static const char SELECT_PLAN[] = "SELECT document, id FROM plan WHERE name = :name";
static const char INSERT_ITEM[] = "INSERT INTO plan_item VALUES (?,?,?,?,?,?,?,?,?)";

static int run_named(struct store *st, const char *statement, const char *name,
		     struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), statement, err);
	int r;

	if (!q)
		return -EIO;
	sql_bind_text(q, ":name", name);
	r = sql_step(q, err);
	return r < 0 ? r : 0;
}

static int insert_plan(struct store *st, const char *name, const char *document,
		       struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_PLAN, err);
	int r;

	if (!q)
		return -EIO;
	sql_set_text(q, 1, name);
	sql_set_text(q, 2, document);
	r = sql_step(q, err);
	return r < 0 ? r : 0;
}

static int plan_row_id(struct store *st, const char *name, int64_t *ret,
		       struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SELECT_PLAN, err);
	int r;

	if (!q)
		return -EIO;
	sql_bind_text(q, ":name", name);
	r = sql_step(q, err);
	if (r > 0)
		*ret = sql_int(q, 1);
	return r < 0 ? r : 0;
}

static int insert_item(struct store *st, int64_t plan, size_t position,
		       const struct plan_item_row *row, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), INSERT_ITEM, err);
	int r;

	if (!q)
		return -EIO;
	sql_set_int(q, 1, plan);
	sql_set_int(q, 2, (int64_t)position);
	sql_set_text(q, 3, row->kind);
	sql_set_id(q, 4, row->package);
	sql_set_id(q, 5, row->file);
	sql_set_text(q, 6, row->action);
	sql_set_int(q, 7, (int64_t)row->disk_bytes);
	sql_set_int(q, 8, (int64_t)row->memory_bytes);
	sql_set_text(q, 9, row->reason);
	r = sql_step(q, err);
	return r < 0 ? r : 0;
}

static int put_rows(struct store *st, const char *name, const char *document,
		    const struct plan_item_row *rows, size_t len, struct error *err)
{
	int64_t id = 0;
	int r = run_named(st, DELETE_PLAN, name, err);

	if (r == 0)
		r = insert_plan(st, name, document, err);
	if (r == 0)
		r = plan_row_id(st, name, &id, err);
	for (size_t i = 0; r == 0 && i < len; i++)
		r = insert_item(st, id, i, &rows[i], err);
	return r;
}

int store_put_plan(struct store *st, const char *name, const char *document,
		   const struct plan_item_row *rows, size_t len, struct error *err)
{
	struct sql *sql = store_sql(st);
	int r = sql_exec(sql, "SAVEPOINT put_plan", err);

	if (r < 0)
		return r;
	r = put_rows(st, name, document, rows, len, err);
	if (r == 0)
		return sql_exec(sql, "RELEASE put_plan", err);
	sql_exec(sql, "ROLLBACK TO put_plan; RELEASE put_plan", NULL);
	return error_prefix(err, r, "cannot store the plan '%s'", name);
}

int store_get_plan(struct store *st, const char *name, char **ret, struct error *err)
{
	_cleanup_(sql_putp) struct sql_stmt *q = sql_get(store_sql(st), SELECT_PLAN, err);
	int r;

	if (!q)
		return -EIO;
	sql_bind_text(q, ":name", name);
	r = sql_step(q, err);
	if (r < 0)
		return r;
	if (r == 0)
		return error_set(err, -ENOENT, "the graph has no plan '%s'", name);
	*ret = mem_strdup(sql_text(q, 0));
	return 0;
}
