/* The journal of an apply survives its process; two never share it. */
#include "trimmer/apply_journal.h"

#include "base/io.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct journal SAMPLE = { .root = (char *)"/mnt/odd \n%\xff root",
				       .target = (char *)"/mnt/small",
				       .keep = true };

static int parse(const char *text, struct journal *ret)
{
	return journal_parse(text, strlen(text), ret, NULL);
}

static void what_was_written_is_read(void **state)
{
	struct tempdir dir;
	struct apply_state s;
	char *path;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/state", dir.path);
	assert_int_equal(apply_state_create(path, &SAMPLE, &s, NULL), 0);
	assert_int_equal(apply_state_step(&s, STEP_COPIED, -1, NULL), 0);
	assert_int_equal(apply_state_step(&s, STEP_SAVED, -1, NULL), 0);
	apply_state_release(&s);

	assert_int_equal(apply_state_create(path, &SAMPLE, &s, NULL), -EEXIST);
	apply_state_release(&s);
	assert_int_equal(apply_state_open(path, &s, NULL), 0);
	assert_string_equal(s.journal.root, SAMPLE.root);
	assert_string_equal(s.journal.target, SAMPLE.target);
	assert_true(s.journal.keep && !s.journal.live);
	assert_int_equal(s.journal.step, STEP_SAVED);
	assert_int_equal(apply_state_remove(&s, NULL), 0);
	apply_state_release(&s);
	assert_int_equal(apply_state_open(path, &s, NULL), -ENOENT);
	apply_state_release(&s);
	free(path);
	tempdir_release(&dir);
}

static void a_torn_last_line_does_not_count(void **state)
{
	struct tempdir dir;
	struct apply_state s;
	char *path;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/state", dir.path);
	assert_int_equal(apply_state_create(path, &SAMPLE, &s, NULL), 0);
	assert_int_equal(io_write_all(s.journal_fd, "step cop", 8), 0);
	apply_state_release(&s);
	assert_int_equal(apply_state_open(path, &s, NULL), 0);
	assert_int_equal(s.journal.step, STEP_BEGUN);
	/* and does not spoil the next one */
	assert_int_equal(apply_state_step(&s, STEP_COPIED, -1, NULL), 0);
	apply_state_release(&s);
	assert_int_equal(apply_state_open(path, &s, NULL), 0);
	assert_int_equal(s.journal.step, STEP_COPIED);
	apply_state_release(&s);
	free(path);
	tempdir_release(&dir);
}

static void nonsense_is_refused(void **state)
{
	static const char *const BAD[] = {
		"",
		"tare-journal 1",
		"tare-journal 2\nroot /a\ntarget /b\n",
		"tare-journal 1\nroot /a\n",
		"tare-journal 1\nroot a\ntarget /b\n",
		"tare-journal 1\nroot /a%00\ntarget /b\n",
		"tare-journal 1\nroot /a%4\ntarget /b\n",
		"tare-journal 1\nroot /a\nroot /a\ntarget /b\n",
		"tare-journal 1\nroot /a\ntarget /b\nstep lost\n",
		"tare-journal 1\nroot /a\ntarget /b\nstep saved\nstep copied\n",
		"tare-journal 1\nroot /a\ntarget /b\nmode fast\n",
		"tare-journal 1\nroot /a\ntarget /b\nword\n",
	};
	struct journal j;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		assert_int_equal(parse(BAD[i], &j), -EINVAL);
		journal_release(&j);
	}
	assert_int_equal(parse("tare-journal 1\nroot /%41\ntarget /b\nmode live\n", &j),
			 0);
	assert_string_equal(j.root, "/A");
	assert_true(j.live);
	journal_release(&j);
}

/* A child of a killed process may still work: its lock is waited for. */
static void a_lock_is_waited_for(void **state)
{
	struct tempdir dir;
	struct apply_state s, other;
	struct timespec begin, end;
	char *path;
	pid_t child;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/state", dir.path);
	assert_int_equal(apply_state_create(path, &SAMPLE, &s, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	child = fork();
	if (child == 0) {
		usleep(300000);
		_exit(0);
	}
	apply_state_release(&s);
	assert_int_equal(apply_state_open(path, &other, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true((end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec -
			    begin.tv_nsec >=
		    250000000L);
	apply_state_release(&other);
	waitpid(child, NULL, 0);
	free(path);
	tempdir_release(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_torn_last_line_does_not_count),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(a_lock_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
