#include "../support/test.h"

#include "tui/marks.h"

static void set(struct marks *m, const char *text, pkg_id p, enum mark mark)
{
	marks_begin(m, "%s", text);
	marks_set(m, p, mark);
	assert_true(marks_commit(m));
}

static void steps_are_undone_and_done_again(void **state)
{
	struct marks m;

	(void)state;
	marks_init(&m, 3);
	set(&m, "first", 1, MARK_REMOVE);
	set(&m, "second", 1, MARK_KEEP);
	set(&m, "third", 3, MARK_FORCE);
	assert_string_equal(marks_undo(&m), "third");
	assert_string_equal(marks_undo(&m), "second");
	assert_int_equal(m.mark[1], MARK_REMOVE);
	assert_int_equal(m.mark[3], MARK_NONE);
	assert_string_equal(marks_redo(&m), "second");
	assert_int_equal(m.mark[1], MARK_KEEP);
	/* a new step ends what could have been done again */
	set(&m, "other", 2, MARK_REMOVE);
	assert_null(marks_redo(&m));
	assert_int_equal(m.steps.len, 3);
	assert_string_equal(marks_undo(&m), "other");
	assert_string_equal(marks_undo(&m), "second");
	assert_string_equal(marks_undo(&m), "first");
	assert_null(marks_undo(&m));
	for (pkg_id p = 1; p <= 3; p++)
		assert_int_equal(m.mark[p], MARK_NONE);
	marks_release(&m);
}

static void a_step_that_changes_nothing_is_none(void **state)
{
	struct marks m;

	(void)state;
	marks_init(&m, 2);
	set(&m, "mark", 1, MARK_REMOVE);
	marks_begin(&m, "again");
	marks_set(&m, 1, MARK_REMOVE);
	assert_false(marks_commit(&m));
	assert_int_equal(m.steps.len, 1);
	marks_release(&m);
}

static void one_package_twice_in_a_step_goes_back_to_the_beginning(void **state)
{
	struct marks m;

	(void)state;
	marks_init(&m, 2);
	marks_begin(&m, "both");
	marks_set(&m, 2, MARK_REMOVE);
	marks_set(&m, 2, MARK_KEEP);
	assert_true(marks_commit(&m));
	assert_string_equal(marks_undo(&m), "both");
	assert_int_equal(m.mark[2], MARK_NONE);
	assert_string_equal(marks_redo(&m), "both");
	assert_int_equal(m.mark[2], MARK_KEEP);
	marks_release(&m);
}

static void what_was_written_need_not_be_written_again(void **state)
{
	struct marks m;

	(void)state;
	marks_init(&m, 2);
	assert_false(marks_unsaved(&m));
	set(&m, "mark", 1, MARK_REMOVE);
	assert_true(marks_unsaved(&m));
	marks_save(&m);
	assert_false(marks_unsaved(&m));
	set(&m, "mark", 2, MARK_REMOVE);
	assert_true(marks_unsaved(&m));
	marks_undo(&m);
	assert_false(marks_unsaved(&m));
	/* the written state cannot be reached any more */
	marks_undo(&m);
	set(&m, "keep", 2, MARK_KEEP);
	assert_true(marks_unsaved(&m));
	marks_undo(&m);
	assert_false(marks_unsaved(&m)); /* nothing is marked */
	marks_release(&m);
}

static void marks_are_counted(void **state)
{
	struct marks m;

	(void)state;
	marks_init(&m, 4);
	set(&m, "mark", 1, MARK_REMOVE);
	set(&m, "mark", 4, MARK_REMOVE);
	set(&m, "keep", 2, MARK_KEEP);
	assert_int_equal(marks_count(&m, MARK_REMOVE), 2);
	assert_int_equal(marks_count(&m, MARK_KEEP), 1);
	assert_int_equal(marks_count(&m, MARK_FORCE), 0);
	assert_string_equal(mark_name(MARK_FORCE), "force");
	marks_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_undone_and_done_again),
		cmocka_unit_test(a_step_that_changes_nothing_is_none),
		cmocka_unit_test(one_package_twice_in_a_step_goes_back_to_the_beginning),
		cmocka_unit_test(what_was_written_need_not_be_written_again),
		cmocka_unit_test(marks_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
