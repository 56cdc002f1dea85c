#include "../support/tempdir.h"
#include "../support/test.h"
#include "../support/tiny_graph.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/app.h"

#include <string.h>
#include <unistd.h>

static const char LINES[] = "pkg big\n"
			    "pkg small\n"
			    "dir /\n"
			    "dir /usr\n"
			    "file /usr/a data small\n"
			    "file /usr/b data big\n"
			    "size /usr/b 8192\n";

struct fixture {
	struct tempdir folder;
	struct store *store;
	struct graph *head;
	struct session *session;
	struct keymap keys;
	struct app *app;
	struct loaded loaded;
};

/* The explorer as it is before the files are read. */
static int begin(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));
	struct app_options options = { .keys = &f->keys };
	_cleanup_(freep) char *path = NULL;

	tempdir_init(&f->folder);
	path = mem_printf("%s/g.db", f->folder.path);
	tiny_store(LINES, path);
	assert_int_equal(store_open(path, &f->store, NULL), 0);
	assert_int_equal(graph_load_packages(f->store, &f->head, NULL), 0);
	f->session = session_new(f->head);
	keymap_init(&f->keys);
	options.session = f->session;
	f->app = app_new(&options);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	app_free(f->app);
	session_free(f->session);
	loaded_release(&f->loaded);
	store_close(f->store);
	graph_free(f->head);
	keymap_release(&f->keys);
	tempdir_release(&f->folder);
	free(f);
	return 0;
}

static void finish_loading(struct fixture *f)
{
	struct planning_request request = { .no_profile = true };
	struct loader_paths paths = { 0 };
	struct loader *loader = loader_start(f->store, &paths);
	struct error err = { 0 };

	f->store = NULL;
	assert_int_equal(loader_take(loader, &f->loaded, &err), 0);
	loader_free(loader);
	session_begin(f->session, f->loaded.models, &request);
	app_loaded(f->app, &f->loaded);
}

static void the_first_screen_has_the_packages_by_size(void **state)
{
	struct fixture *f = *state;
	struct canvas canvas;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	const char *big, *small;

	canvas_init(&canvas, 80, 24, CANVAS_ASCII);
	app_resize(f->app, 80, 24);
	app_draw(f->app, &canvas);
	canvas_dump(&canvas, &text);
	big = strstr(strbuf_text(&text), "big ");
	small = strstr(strbuf_text(&text), "small ");
	assert_non_null(strstr(strbuf_text(&text), "(reading and weighing ...)"));
	assert_non_null(strstr(strbuf_text(&text), "8.0 KiB"));
	assert_true(big && small && big < small);
	canvas_release(&canvas);
}

static void a_view_that_was_asked_for_early_opens_when_it_can(void **state)
{
	struct fixture *f = *state;

	app_key(f->app, '2');
	assert_int_equal(f->app->tab, 0);
	assert_non_null(strstr(f->app->message, "Files will open"));
	finish_loading(f);
	assert_int_equal(f->app->tab, 1);
	assert_null(f->app->message);
}

static void what_needs_the_whole_graph_says_so(void **state)
{
	static const char KEYS[] = "wirRbBPWE";
	struct fixture *f = *state;

	for (const char *key = KEYS; *key; key++) {
		app_key(f->app, *key);
		assert_int_equal(f->app->over.len, 0);
		assert_string_equal(f->app->message,
				    "still reading the graph: ask again in a moment");
	}
	finish_loading(f);
	app_key(f->app, 'i');
	assert_int_equal(f->app->over.len, 1);
}

static void marks_and_the_cursor_outlive_the_loading(void **state)
{
	struct fixture *f = *state;
	uint32_t small = 2 + f->head->file_count;

	app_key(f->app, 'j');
	app_key(f->app, 'd');
	assert_int_equal(f->session->marks.mark[2], MARK_REMOVE);
	assert_int_equal(app_subject(f->app), small);
	finish_loading(f);
	for (int i = 0; i < 10000 && !f->session->cascade; i++) {
		usleep(1000);
		app_work(f->app, 5);
	}
	assert_int_equal(app_subject(f->app), small);
	assert_int_equal(session_fate(f->session, 2), FATE_MARKED);
	assert_int_equal(f->session->cascade->freed_bytes, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(the_first_screen_has_the_packages_by_size),
		TEST(a_view_that_was_asked_for_early_opens_when_it_can),
		TEST(what_needs_the_whole_graph_says_so),
		TEST(marks_and_the_cursor_outlive_the_loading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
