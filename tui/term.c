#include "tui/term.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/keys.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct term {
	SCREEN *screen;
	enum canvas_charset charset;
	bool colours, pending_resize;
	attr_t attributes[PAINT_COUNT];
	short pairs[PAINT_COUNT];
	struct sigaction old_action[NSIG];
};

/* Signals that end the program: the terminal must be usable again first. */
static const int FATAL[] = { SIGSEGV, SIGABRT, SIGBUS,	SIGFPE,	 SIGILL, SIGHUP,
			     SIGINT,  SIGTERM, SIGQUIT, SIGPIPE, SIGXCPU };

/*
 * What a signal handler may touch: it gets no argument, so this is the one mutable
 * variable of the program. `armed` is set last and cleared first.
 */
static struct {
	volatile sig_atomic_t armed;
	struct termios modes;
	char leave[256]; /* what the terminal must get, made beforehand */
	size_t leave_len;
} rescue;

static void on_fatal(int number)
{
	if (rescue.armed) {
		rescue.armed = 0;
		/* both are safe in a handler; nothing can be done where they fail */
		if (write(STDOUT_FILENO, rescue.leave, rescue.leave_len) < 0)
			rescue.leave_len = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
	}
	raise(number); /* SA_RESETHAND: now the signal's own effect */
}

static void add_leave(const char *sequence)
{
	size_t len = sequence && sequence != (const char *)-1 ? strlen(sequence) : 0;

	if (len == 0 || rescue.leave_len + len > sizeof(rescue.leave))
		return;
	memcpy(rescue.leave + rescue.leave_len, sequence, len);
	rescue.leave_len += len;
}

static void arm_rescue(struct term *term)
{
	struct sigaction action = { .sa_handler = on_fatal,
				    .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };

	rescue.leave_len = 0;
	add_leave("\033[?1000l\033[?1002l\033[?1006l"); /* mouse reports off */
	add_leave(tigetstr("sgr0"));
	add_leave(tigetstr("cnorm"));
	add_leave(tigetstr("rmkx"));
	add_leave(tigetstr("rmcup"));
	add_leave("\r\n");
	for (size_t i = 0; i < ARRAY_LEN(FATAL); i++)
		sigaction(FATAL[i], &action, &term->old_action[FATAL[i]]);
	rescue.armed = 1;
}

static void disarm_rescue(struct term *term)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	for (size_t i = 0; i < ARRAY_LEN(FATAL); i++)
		sigaction(FATAL[i], &term->old_action[FATAL[i]], NULL);
}

/* How each style looks: on 256 colours, on 8 or 16, and without any. */
struct look {
	short rich_ink, rich_paper, ink, paper;
	attr_t with, without;
};

static const struct look LOOKS[PAINT_COUNT] = {
	[PAINT_TEXT] = { -1, -1, -1, -1, 0, 0 },
	[PAINT_DIM] = { 245, -1, -1, -1, 0, A_DIM },
	[PAINT_TITLE] = { 252, 24, COLOR_WHITE, COLOR_BLUE, 0, A_REVERSE },
	[PAINT_TAB_ON] = { 231, 31, COLOR_WHITE, COLOR_CYAN, A_BOLD, A_BOLD },
	[PAINT_HEADING] = { 252, 238, COLOR_BLACK, COLOR_WHITE, 0, A_UNDERLINE },
	[PAINT_STRONG] = { -1, -1, -1, -1, A_BOLD, A_BOLD },
	[PAINT_REMOVE] = { 203, -1, COLOR_RED, -1, A_BOLD, A_BOLD },
	[PAINT_GOES] = { 174, -1, COLOR_RED, -1, 0, 0 },
	[PAINT_FREE] = { 78, -1, COLOR_GREEN, -1, 0, 0 },
	[PAINT_KEEP] = { 75, -1, COLOR_CYAN, -1, A_BOLD, A_BOLD },
	[PAINT_BROKEN] = { 231, 160, COLOR_WHITE, COLOR_RED, A_BOLD, A_BOLD },
	[PAINT_WARNING] = { 214, -1, COLOR_YELLOW, -1, 0, A_BOLD },
	[PAINT_MATCH] = { 16, 220, COLOR_BLACK, COLOR_YELLOW, 0, A_UNDERLINE },
	[PAINT_BAR] = { 67, -1, COLOR_BLUE, -1, 0, 0 },
	[PAINT_KEY] = { 16, 73, COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE },
	[PAINT_INPUT] = { -1, -1, -1, -1, A_BOLD, A_BOLD },
	[PAINT_FRAME] = { 67, -1, COLOR_CYAN, -1, 0, 0 },
};

static void choose_looks(struct term *term)
{
	bool rich = term->colours && COLORS >= 256;

	for (int i = 0; i < PAINT_COUNT; i++) {
		const struct look *look = &LOOKS[i];

		term->attributes[i] = term->colours ? look->with : look->without;
		term->pairs[i] = 0;
		if (!term->colours)
			continue;
		term->pairs[i] = (short)(i + 1);
		init_pair((short)(i + 1), rich ? look->rich_ink : look->ink,
			  rich ? look->rich_paper : look->paper);
	}
}

static bool wants_colours(const struct term_options *options)
{
	const char *none = getenv("NO_COLOR");

	if (options->plain || options->colour == TERM_COLOUR_NEVER)
		return false;
	if (options->colour == TERM_COLOUR_AUTO && none && none[0])
		return false;
	return has_colors();
}

static void set_up(struct term *term, const struct term_options *options)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(options->plain ? 1 : 0);
	leaveok(stdscr, FALSE);
	term->colours = wants_colours(options);
	if (term->colours) {
		start_color();
		use_default_colors();
	}
	choose_looks(term);
	if (!options->plain && !options->no_mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED |
				  BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED,
			  NULL);
		mouseinterval(150);
	}
}

int term_new(const struct term_options *options, struct term **ret, struct error *err)
{
	_cleanup_(freep) struct term *term = NULL;
	const char *type = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, -ENOTTY,
				 "the explorer needs a terminal (use 'tare list' or "
				 "'tare report' instead)");
	term = mem_calloc(1, sizeof(*term));
	setlocale(LC_CTYPE, "");
	term->charset = !options->plain && strcmp(nl_langinfo(CODESET), "UTF-8") == 0
				? CANVAS_UTF8
				: CANVAS_ASCII;
	tcgetattr(STDIN_FILENO, &rescue.modes);
	term->screen = newterm(NULL, stdout, stdin);
	if (!term->screen || !tigetstr("cup")) {
		if (term->screen) {
			endwin();
			delscreen(term->screen);
		}
		return error_set(err, -EINVAL,
				 "the terminal type '%s' (TERM) cannot show a screen",
				 type ? type : "");
	}
	set_up(term, options);
	arm_rescue(term);
	*ret = steal_ptr(&term);
	return 0;
}

void term_free(struct term *term)
{
	if (!term)
		return;
	endwin();
	disarm_rescue(term);
	delscreen(term->screen);
	free(term);
}

void term_freep(struct term **term)
{
	term_free(*term);
}

void term_size(struct term *term, int *ret_width, int *ret_height)
{
	(void)term;
	*ret_width = COLS;
	*ret_height = LINES;
}

enum canvas_charset term_charset(const struct term *term)
{
	return term->charset;
}

static void show_cell(struct term *term, int y, int x, const struct canvas_cell *cell)
{
	unsigned int style = cell->style & ~PAINT_CURSOR;
	attr_t attributes = term->attributes[style];
	wchar_t wide[sizeof(cell->text)] = L" ";
	cchar_t out;

	/* the selected line: reversed, except where that would undo a look's own */
	if (cell->style & PAINT_CURSOR)
		attributes ^= A_REVERSE;
	if (mbstowcs(wide, cell->text, ARRAY_LEN(wide)) == (size_t)-1 || !wide[0])
		wide[0] = L' ', wide[1] = L'\0';
	if (wcslen(wide) > CCHARW_MAX)
		wide[CCHARW_MAX] = L'\0';
	if (setcchar(&out, wide, attributes, term->pairs[style], NULL) == OK)
		mvadd_wch(y, x, &out);
}

void term_show(struct term *term, const struct canvas *canvas)
{
	for (int y = 0; y < canvas->height && y < LINES; y++) {
		for (int x = 0; x < canvas->width && x < COLS; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, y, x);

			if (cell->width > 0)
				show_cell(term, y, x, cell);
		}
	}
	if (canvas->cursor_y >= 0)
		move(MIN2(canvas->cursor_y, LINES - 1), MIN2(canvas->cursor_x, COLS - 1));
	refresh();
}

void term_forget(struct term *term)
{
	(void)term;
	clearok(stdscr, TRUE);
}

static const struct {
	int curses, key;
} KEYS[] = {
	{ KEY_UP, KEY_ARROW_UP },	   { KEY_DOWN, KEY_ARROW_DOWN },
	{ KEY_LEFT, KEY_ARROW_LEFT },	   { KEY_RIGHT, KEY_ARROW_RIGHT },
	{ KEY_PPAGE, KEY_PAGE_UP },	   { KEY_NPAGE, KEY_PAGE_DOWN },
	{ KEY_HOME, KEY_TO_HOME },	   { KEY_END, KEY_TO_END },
	{ KEY_FIND, KEY_TO_HOME },	   { KEY_SELECT, KEY_TO_END },
	{ KEY_BACKSPACE, KEY_BACK_SPACE }, { KEY_DC, KEY_DELETE },
	{ KEY_BTAB, KEY_BACK_TAB },	   { KEY_ENTER, KEY_RETURN },
};

static void read_mouse(struct term_event *ret)
{
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return;
	ret->y = mouse.y;
	ret->x = mouse.x;
	if (mouse.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		ret->type = TERM_WHEEL;
		ret->key = mouse.bstate & BUTTON4_PRESSED ? -1 : 1;
	} else if (mouse.bstate & BUTTON1_DOUBLE_CLICKED) {
		ret->type = TERM_DOUBLE;
	} else if (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) {
		ret->type = TERM_CLICK;
	}
}

static void read_special(wint_t code, struct term_event *ret)
{
	if (code == KEY_MOUSE) {
		read_mouse(ret);
		return;
	}
	if (code == KEY_RESIZE) {
		ret->type = TERM_RESIZE;
		return;
	}
	if (code > KEY_F(0) && code <= KEY_F(12)) {
		ret->type = TERM_KEY;
		ret->key = KEY_FUNCTION + (int)(code - KEY_F(0));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
		if ((int)code == KEYS[i].curses) {
			ret->type = TERM_KEY;
			ret->key = KEYS[i].key;
			return;
		}
	}
}

/* A terminal that was closed reports end of file at once, for ever. */
static bool is_gone(void)
{
	struct termios modes;

	return tcgetattr(STDIN_FILENO, &modes) != 0 || getppid() == 0;
}

void term_wait(struct term *term, int timeout_ms, struct term_event *ret)
{
	wint_t code = 0;
	int r;

	*ret = (struct term_event){ .type = TERM_NOTHING };
	if (term->pending_resize) {
		term->pending_resize = false;
		ret->type = TERM_RESIZE;
		return;
	}
	timeout(timeout_ms);
	r = get_wch(&code);
	if (r == KEY_CODE_YES) {
		read_special(code, ret);
		return;
	}
	if (r == ERR) {
		if (is_gone())
			ret->type = TERM_END;
		return;
	}
	ret->type = TERM_KEY;
	ret->key = code == '\n'			  ? KEY_RETURN
		   : code == 0x7f || code == '\b' ? KEY_BACK_SPACE
						  : (int)code;
}

void term_suspend(struct term *term)
{
	/* curses' own handler gives the terminal back, stops, and takes it again */
	raise(SIGTSTP);
	term->pending_resize = true;
	clearok(stdscr, TRUE);
}
