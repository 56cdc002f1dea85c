#include "cli/progress.h"

#include "base/io.h"
#include "base/macros.h"
#include "cli/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_MS   100
#define BAR_MAX	      40
#define DEFAULT_WIDTH 80
#define LINE_MAX_LEN  256

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned int screen_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return DEFAULT_WIDTH;
	return size.ws_col;
}

void progress_bar_line(const struct progress_step *step, unsigned int width, char *buf,
		       unsigned int len)
{
	char bar[BAR_MAX + 1] = "";
	unsigned int room = width > 50 ? MIN2(width - 50, (unsigned int)BAR_MAX) : 0;
	uint64_t done = step->total ? MIN2(step->done, step->total) : 0;
	unsigned int full = step->total ? (unsigned int)(done * room / step->total) : 0;

	if (step->total == 0) {
		if (step->done == 0)
			snprintf(buf, len, "%s ...", step->phase);
		else
			snprintf(buf, len, "%-10s %" PRIu64, step->phase, step->done);
		return;
	}
	for (unsigned int i = 0; i < room; i++)
		bar[i] = i < full ? '#' : '.';
	snprintf(buf, len, "%-10s %s %3u%% %" PRIu64 "/%" PRIu64, step->phase, bar,
		 (unsigned int)(done * 100 / step->total), done, step->total);
}

static void clear_line(void)
{
	static const char CLEAR[] = "\r\x1b[K";

	(void)io_write_all(STDERR_FILENO, CLEAR, sizeof(CLEAR) - 1);
}

static void draw(const struct progress_step *step)
{
	unsigned int width = screen_width();
	char text[LINE_MAX_LEN], line[LINE_MAX_LEN + 8];
	int len;

	progress_bar_line(step, width, text, MIN2(width, (unsigned int)LINE_MAX_LEN));
	len = snprintf(line, sizeof(line), "\r%s\x1b[K", text);
	(void)io_write_all(STDERR_FILENO, line, (size_t)len);
}

static void end_phase(struct progress_bar *bar, int64_t now)
{
	if (!bar->phase || !bar->is_verbose)
		return;
	if (bar->is_shown)
		clear_line();
	output_note("%-10s %6.2f s", bar->phase,
		    (double)(now - bar->phase_began_at) / 1000);
}

static void on_step(void *arg, const struct progress_step *step)
{
	struct progress_bar *bar = arg;
	int64_t now = now_ms();
	bool is_new = !bar->phase || strcmp(bar->phase, step->phase) != 0;

	if (is_new) {
		end_phase(bar, now);
		bar->phase_began_at = now;
		bar->phase = step->phase;
	}
	if (!bar->is_shown || (!is_new && now - bar->drawn_at < INTERVAL_MS))
		return;
	bar->drawn_at = now;
	draw(step);
}

void progress_bar_begin(struct progress_bar *bar, bool is_shown, bool is_verbose)
{
	*bar = (struct progress_bar){ .is_shown = is_shown, .is_verbose = is_verbose };
	if (is_shown || is_verbose)
		bar->progress = (struct progress){ .fn = on_step, .arg = bar };
}

void progress_bar_end(struct progress_bar *bar)
{
	if (bar->is_shown && bar->phase)
		clear_line();
	end_phase(bar, now_ms());
}
